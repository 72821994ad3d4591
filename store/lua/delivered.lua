#!lua
-- Drops an effect that has happened. KEYS: lease outbox begun. ARGV: worker, epoch, outbox id
local lease = redis.call('HMGET', KEYS[1], 'worker', 'epoch')
if lease[1] ~= ARGV[1] or lease[2] ~= ARGV[2] then
  return redis.error_reply('FENCED another worker owns the shard')
end
redis.call('HDEL', KEYS[3], ARGV[3])
return redis.call('XDEL', KEYS[2], ARGV[3])
