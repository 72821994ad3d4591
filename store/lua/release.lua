#!lua
-- Gives a shard up; the epoch stays, so that the next owner gets a higher one. KEYS: lease. ARGV: worker, epoch
local lease = redis.call('HMGET', KEYS[1], 'worker', 'epoch')
if lease[1] == ARGV[1] and lease[2] == ARGV[2] then
  return redis.call('HDEL', KEYS[1], 'worker', 'until', 'ttl')
end
return 0
