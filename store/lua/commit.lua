#!lua
-- Applies a turn's writes together or not at all.
-- KEYS: lease state facts transcript outbox timers timer-messages inbox attempts watchers tombstone; then the indexes
--       that are to name the conversation
-- ARGV: worker, epoch, version that was loaded, session, lead ('' = unchanged), channel prefix, conversation,
--       counts of facts, lines, effects, timers, acknowledged ids, whether the bot speaks (0 or 1), whether a person
--       answers from now on (0 or 1); then the items in the order of their counts.
--       A timer is three items: member, due time ('' = cancel), message.
-- Answers "<first line seq> <first outbox seq>", 0 where there was none.
local lease = redis.call('HMGET', KEYS[1], 'worker', 'epoch')
if lease[1] ~= ARGV[1] or lease[2] ~= ARGV[2] then
  return redis.error_reply('FENCED another worker owns the shard')
end
local before = redis.call('HMGET', KEYS[2], 'version', 'held', 'quiet')
if (before[1] or '0') ~= ARGV[3] then
  return redis.error_reply('FENCED the session has another version')
end
if before[2] and ARGV[13] == '1' then
  return redis.error_reply('HELD a person is about to answer')
end
local erased = redis.call('GET', KEYS[11])
if erased then
  local newest = tonumber(string.match(erased, '^%d+'))
  for i = #ARGV - ARGV[12] + 1, #ARGV do
    if tonumber(string.sub(ARGV[i], 3)) <= newest then
      return redis.error_reply('FENCED the conversation was erased while it was answered')
    end
  end
end

redis.call('HSET', KEYS[2], 'version', ARGV[3] + 1, 'session', ARGV[4])
if ARGV[14] == '1' then
  redis.call('HSET', KEYS[2], 'quiet', '1')
elseif before[3] then
  redis.call('HDEL', KEYS[2], 'quiet')
end
if ARGV[5] ~= '' then
  redis.call('HSET', KEYS[2], 'lead', ARGV[5])
end

local at = 15
local facts, lines, effects = tonumber(ARGV[8]), tonumber(ARGV[9]), tonumber(ARGV[10])
local timers, acknowledged = tonumber(ARGV[11]), tonumber(ARGV[12])
if facts > 0 then
  redis.call('RPUSH', KEYS[3], unpack(ARGV, at, at + facts - 1))
end
at = at + facts

for i = 12, #KEYS do
  redis.call('SADD', KEYS[i], ARGV[7])
end

local first_line = 0
if lines > 0 then
  first_line = redis.call('RPUSH', KEYS[4], unpack(ARGV, at, at + lines - 1)) - lines + 1
end
at = at + lines

local first_effect = '0'
for i = at, at + effects - 1 do
  local id = redis.call('XADD', KEYS[5], '0-*', 'c', ARGV[7], 'e', ARGV[i])
  if first_effect == '0' then first_effect = string.sub(id, 3) end
end
at = at + effects

for i = at, at + 3 * timers - 1, 3 do
  if ARGV[i + 1] == '' then
    redis.call('ZREM', KEYS[6], ARGV[i])
    redis.call('HDEL', KEYS[7], ARGV[i])
  else
    redis.call('ZADD', KEYS[6], ARGV[i + 1], ARGV[i])
    redis.call('HSET', KEYS[7], ARGV[i], ARGV[i + 2])
  end
end
at = at + 3 * timers

if acknowledged > 0 then
  redis.call('XDEL', KEYS[8], unpack(ARGV, at, at + acknowledged - 1))
  redis.call('HDEL', KEYS[9], unpack(ARGV, at, at + acknowledged - 1))
  for i = at, at + acknowledged - 1 do
    if ARGV[i] == before[2] then redis.call('HDEL', KEYS[2], 'held') end
  end
end

if lines > 0 then
  for _, watcher in ipairs(redis.call('ZRANGE', KEYS[10], 0, -1)) do
    if watcher ~= ARGV[1] then
      redis.call('PUBLISH', ARGV[6] .. watcher, 'l:' .. ARGV[7])
    end
  end
end
return redis.status_reply(first_line .. ' ' .. first_effect)
