#!lua
-- Moves an inbox entry to the dead letters. KEYS: lease inbox dead attempts state
-- ARGV: worker, epoch, inbox id, log seq, message, reason
local lease = redis.call('HMGET', KEYS[1], 'worker', 'epoch')
if lease[1] ~= ARGV[1] or lease[2] ~= ARGV[2] then
  return redis.error_reply('FENCED another worker owns the shard')
end
redis.call('HDEL', KEYS[4], ARGV[3])
if redis.call('HGET', KEYS[5], 'held') == ARGV[3] then
  redis.call('HDEL', KEYS[5], 'held')
end
if redis.call('XDEL', KEYS[2], ARGV[3]) == 1 then
  redis.call('XADD', KEYS[3], '0-*', 'i', ARGV[3], 'l', ARGV[4], 'm', ARGV[5], 'reason', ARGV[6], 'at', redis.call('TIME')[1])
end
return 1
