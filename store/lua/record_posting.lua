#!lua
-- Notes where a lead's card stands. KEYS: lease state. ARGV: worker, epoch, posting
local lease = redis.call('HMGET', KEYS[1], 'worker', 'epoch')
if lease[1] ~= ARGV[1] or lease[2] ~= ARGV[2] then
  return redis.error_reply('FENCED another worker owns the shard')
end
redis.call('HSET', KEYS[2], 'posting', ARGV[3])
return 1
