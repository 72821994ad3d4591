#!lua
-- Who has a lead now: it counts for them and for nobody else. KEYS: turns (hash) order (sorted set)
-- ARGV: lead id, rep ('' = nobody any more), now. See take_turn.
local holder = redis.call('HGET', KEYS[1], 'lead:' .. ARGV[1])
if (holder or '') == ARGV[2] then
  return 0
end
if holder then
  redis.call('HINCRBY', KEYS[1], 'open:' .. holder, -1)
  redis.call('HDEL', KEYS[1], 'lead:' .. ARGV[1])
  redis.call('ZREM', KEYS[2], ARGV[1])
end
if ARGV[2] ~= '' then
  redis.call('HINCRBY', KEYS[1], 'open:' .. ARGV[2], 1)
  redis.call('HSET', KEYS[1], 'lead:' .. ARGV[1], ARGV[2])
  redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
end
return 1
