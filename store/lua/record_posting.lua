#!lua
-- Notes where a lead's card stands. KEYS: lease state tombstone. ARGV: worker, epoch, posting, the field it lies in
-- Answers 0 when the lead was erased.
local lease = redis.call('HMGET', KEYS[1], 'worker', 'epoch')
if lease[1] ~= ARGV[1] or lease[2] ~= ARGV[2] then
  return redis.error_reply('FENCED another worker owns the shard')
end
if redis.call('HEXISTS', KEYS[2], 'lead') == 0 and redis.call('EXISTS', KEYS[3]) == 1 then
  return 0
end
redis.call('HSET', KEYS[2], ARGV[4], ARGV[3])
return 1
