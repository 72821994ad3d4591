-- Count a try (ARGV[1] = 1) or give one back (-1); the count ends a while after its first try.
-- KEYS: counter.  ARGV: step, life in milliseconds
local step = tonumber(ARGV[1])
if step < 0 and tonumber(redis.call('GET', KEYS[1]) or 0) < 1 then
  return 0
end
local count = redis.call('INCRBY', KEYS[1], step)
if count == 1 and step == 1 and redis.call('PTTL', KEYS[1]) < 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return count
