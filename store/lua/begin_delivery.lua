#!lua
-- Notes that an effect is about to leave. KEYS: lease begun. ARGV: worker, epoch, outbox id
-- Answers 1 for the first beginning, 0 when an earlier one may have got through.
local lease = redis.call('HMGET', KEYS[1], 'worker', 'epoch')
if lease[1] ~= ARGV[1] or lease[2] ~= ARGV[2] then
  return redis.error_reply('FENCED another worker owns the shard')
end
return redis.call('HSETNX', KEYS[2], ARGV[3], ARGV[2])
