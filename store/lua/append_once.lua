#!lua
-- Adds entries whose ids are new, and that are no older than the person's erasure. KEYS: list ids tombstone
-- ARGV: id, time in s, entry, id, time, entry ...  Answers how many were added.
local erased = tonumber(redis.call('GET', KEYS[3]) or '-inf')
local added = 0
for i = 1, #ARGV, 3 do
  if tonumber(ARGV[i + 1]) > erased and redis.call('SADD', KEYS[2], ARGV[i]) == 1 then
    redis.call('RPUSH', KEYS[1], ARGV[i + 2])
    added = added + 1
  end
end
return added
