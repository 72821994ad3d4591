#!lua
-- Says that a worker lives, forgets those that do not. KEYS: workers. ARGV: worker, ttl in ms. Answers all that live.
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
-- An end that far ahead is left from before the server's clock was set back.
local furthest = now + 2 * ARGV[2]
for _, worker in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. string.format('%.0f', furthest), '+inf')) do
  redis.call('ZADD', KEYS[1], furthest, worker)
end
return redis.call('ZRANGE', KEYS[1], 0, -1)
