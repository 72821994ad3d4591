#!lua
-- Keeps one chat that fits no persona, or takes it out. KEYS: lease chat index tombstone
-- ARGV: worker, epoch, conversation, time of its last turn, chat ('' = take out), seconds it is kept,
--       most chats of the shard, what the keys of chats begin with (all lie in this shard's slot)
local lease = redis.call('HMGET', KEYS[1], 'worker', 'epoch')
if lease[1] ~= ARGV[1] or lease[2] ~= ARGV[2] then
  return redis.error_reply('FENCED another worker owns the shard')
end
if ARGV[5] == '' then
  redis.call('DEL', KEYS[2])
  redis.call('ZREM', KEYS[3], ARGV[3])
  return 0
end
local erased = redis.call('GET', KEYS[4])
if erased and tonumber(ARGV[4]) <= tonumber(string.match(erased, ' (.+)$')) then
  return 0
end
redis.call('SET', KEYS[2], ARGV[5], 'EX', ARGV[6])
redis.call('ZADD', KEYS[3], ARGV[4], ARGV[3])
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', ARGV[4] - ARGV[6])
local over = redis.call('ZCARD', KEYS[3]) - ARGV[7]
if over > 0 then
  for _, old in ipairs(redis.call('ZRANGE', KEYS[3], 0, over - 1)) do
    redis.call('DEL', ARGV[8] .. old)
    redis.call('ZREM', KEYS[3], old)
  end
end
return 1
