#!lua
-- Extends a lease and moves due timers into the inbox. KEYS: lease timers timer-messages inbox
-- ARGV: worker, epoch, ttl in ms, now in s (the hub's clock), most timers to move
-- Answers the newest inbox id ever given.
local lease = redis.call('HMGET', KEYS[1], 'worker', 'epoch')
if lease[1] ~= ARGV[1] or lease[2] ~= ARGV[2] then
  return redis.error_reply('FENCED another worker owns the shard')
end
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
redis.call('HSET', KEYS[1], 'until', now + ARGV[3], 'ttl', ARGV[3])
for _, timer in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', ARGV[4], 'LIMIT', 0, ARGV[5])) do
  local message = redis.call('HGET', KEYS[3], timer)
  redis.call('ZREM', KEYS[2], timer)
  if message then
    redis.call('HDEL', KEYS[3], timer)
    redis.call('XADD', KEYS[4], '0-*', 'l', 0, 'm', message)
  end
end
local newest = '0-0'
if redis.call('EXISTS', KEYS[4]) == 1 then
  local info = redis.call('XINFO', 'STREAM', KEYS[4])
  for i = 1, #info, 2 do
    if info[i] == 'last-generated-id' then newest = info[i + 1] end
  end
end
return newest
