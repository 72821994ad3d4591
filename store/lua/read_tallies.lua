#!lua
-- KEYS: the tallies of some periods. Answers each as names and counts.
local found = {}
for place, key in ipairs(KEYS) do
  found[place] = redis.call('HGETALL', key)
end
return found
