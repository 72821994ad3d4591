#!lua
-- Notes that an effect is about to leave. KEYS: lease begun state
-- ARGV: worker, epoch, outbox id, whether the bot speaks in it (0 or 1)
-- Answers 1 for the first beginning, 0 when an earlier one may have got through, 2 when a person has taken over.
local lease = redis.call('HMGET', KEYS[1], 'worker', 'epoch')
if lease[1] ~= ARGV[1] or lease[2] ~= ARGV[2] then
  return redis.error_reply('FENCED another worker owns the shard')
end
if ARGV[4] == '1' then
  local silence = redis.call('HMGET', KEYS[3], 'held', 'quiet')
  if silence[1] or silence[2] then return 2 end
end
return redis.call('HSETNX', KEYS[2], ARGV[3], ARGV[2])
