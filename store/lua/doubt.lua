#!lua
-- Moves an effect to the uncertain deliveries. KEYS: lease outbox begun uncertain
-- ARGV: worker, epoch, outbox id, most that are kept
local lease = redis.call('HMGET', KEYS[1], 'worker', 'epoch')
if lease[1] ~= ARGV[1] or lease[2] ~= ARGV[2] then
  return redis.error_reply('FENCED another worker owns the shard')
end
redis.call('HDEL', KEYS[3], ARGV[3])
local found = redis.call('XRANGE', KEYS[2], ARGV[3], ARGV[3])
if #found == 1 then
  redis.call('XADD', KEYS[4], 'MAXLEN', '~', ARGV[4], '*', 'at', redis.call('TIME')[1], unpack(found[1][2]))
  redis.call('XDEL', KEYS[2], ARGV[3])
end
return 1
