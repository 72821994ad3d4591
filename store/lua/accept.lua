#!lua
-- Records one inbound message once. KEYS: seen inbox lease transcript watchers state tombstone
-- ARGV: digest, seconds the event is remembered, message, visible line ('' = none), worker, channel prefix, shard,
--       conversation, whether the bot falls silent from now on (0 or 1), time in s of the words it goes back to ('' = it
--       is new itself)
-- Answers "<A|D|C> <inbox seq> <log seq> <owned> <whether the bot is silent, told of visible lines>".
local seen = redis.call('GET', KEYS[1])
if seen then
  local digest, first = string.match(seen, '^(%x+):(%d+)$')
  if digest == ARGV[1] then
    return redis.status_reply('D 0 ' .. first .. ' 0 0')
  end
  return redis.status_reply('C 0 0 0 0')
end

if ARGV[10] ~= '' then
  local erased = redis.call('GET', KEYS[7])
  if erased and tonumber(ARGV[10]) <= tonumber(string.match(erased, ' (.+)$')) then
    return redis.status_reply('D 0 0 0 0')
  end
end

local line, silent = 0, 0
if ARGV[4] ~= '' then
  line = redis.call('RPUSH', KEYS[4], ARGV[4])
  local silence = redis.call('HMGET', KEYS[6], 'held', 'quiet')
  if silence[1] or silence[2] then
    silent = 1
  end
end
local id = redis.call('XADD', KEYS[2], '0-*', 'l', line, 'm', ARGV[3])
redis.call('SET', KEYS[1], ARGV[1] .. ':' .. line, 'EX', ARGV[2])
if ARGV[9] == '1' and redis.call('HEXISTS', KEYS[6], 'session') == 1 then
  redis.call('HSET', KEYS[6], 'held', id)
end

-- Whether the owner's or a watcher's time has run out does not matter here: nobody hears a signal to the dead.
local owner = redis.call('HGET', KEYS[3], 'worker')
local owned = 0
if owner == ARGV[5] then
  owned = 1
elseif owner then
  redis.call('PUBLISH', ARGV[6] .. owner, 's:' .. ARGV[7])
end
if line > 0 then
  for _, watcher in ipairs(redis.call('ZRANGE', KEYS[5], 0, -1)) do
    if watcher ~= ARGV[5] then
      redis.call('PUBLISH', ARGV[6] .. watcher, 'l:' .. ARGV[8])
    end
  end
end
return redis.status_reply('A ' .. string.sub(id, 3) .. ' ' .. line .. ' ' .. owned .. ' ' .. silent)
