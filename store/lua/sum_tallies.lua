#!lua
-- KEYS: the tallies of some periods. ARGV: names that are wanted of each period by itself
-- Answers the sums over all periods as names and counts, then for each period the counts of those names.
local sums = {}
local answer = {{}}
for place, key in ipairs(KEYS) do
  local flat = redis.call('HGETALL', key)
  for at = 1, #flat, 2 do
    sums[flat[at]] = (sums[flat[at]] or 0) + flat[at + 1]
  end
  answer[place + 1] = redis.call('HMGET', key, unpack(ARGV))
end
local total = answer[1]
for name, count in pairs(sums) do
  total[#total + 1] = name
  total[#total + 1] = count
end
return answer
