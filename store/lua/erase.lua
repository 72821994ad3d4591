#!lua
-- Takes everything of one conversation out of its shard, and leaves a tombstone without anybody's words.
-- KEYS: state facts transcript watchers inbox attempts outbox begun uncertain dead timers timer-messages
--       unmatched chat, unmatched index, lease, tombstone; then the indexes that name the conversation
-- ARGV: conversation, now in s (the hub's clock), seconds the tombstone stays, channel prefix, effect that withdraws the card
-- Answers how many lines, facts, leads, waiting messages and effects were there, and whether a card is to be withdrawn.
local name = ARGV[1]

local function of_message(raw)
  local read, message = pcall(cjson.decode, raw)
  return read and message['conversation'] == name
end

local function field(flat, wanted)
  for i = 1, #flat, 2 do
    if flat[i] == wanted then return flat[i + 1] end
  end
end

-- The stream is written anew: XDEL only marks entries, and their words stay in memory and in files next to others.
local function emptied(stream, belongs, hash)
  if redis.call('EXISTS', stream) == 0 then
    return 0
  end
  local newest = field(redis.call('XINFO', 'STREAM', stream), 'last-generated-id')
  local entries, gone = redis.call('XRANGE', stream, '-', '+'), 0
  redis.call('DEL', stream)
  for _, entry in ipairs(entries) do
    if belongs(entry[2]) then
      if hash then redis.call('HDEL', hash, entry[1]) end
      gone = gone + 1
    else
      redis.call('XADD', stream, entry[1], unpack(entry[2]))
    end
  end
  if gone < #entries then
    redis.call('XSETID', stream, newest)
  elseif newest ~= '0-0' then
    redis.call('XADD', stream, newest, 'none', '')
    redis.call('XDEL', stream, newest)
  end
  return gone
end

local function message_is_its(flat) return of_message(field(flat, 'm')) end
local function effect_is_its(flat) return field(flat, 'c') == name end

local newest = '0'
if redis.call('EXISTS', KEYS[5]) == 1 then
  newest = string.sub(field(redis.call('XINFO', 'STREAM', KEYS[5]), 'last-generated-id'), 3)
end
redis.call('SET', KEYS[16], newest .. ' ' .. ARGV[2], 'EX', ARGV[3])

local lines, facts = redis.call('LLEN', KEYS[3]), redis.call('LLEN', KEYS[2])
local leads, posted = redis.call('HEXISTS', KEYS[1], 'lead'), redis.call('HEXISTS', KEYS[1], 'posting')
local watching = redis.call('ZRANGE', KEYS[4], 0, -1)
local messages = emptied(KEYS[5], message_is_its, KEYS[6]) + emptied(KEYS[10], message_is_its)
local effects = emptied(KEYS[7], effect_is_its, KEYS[8]) + emptied(KEYS[9], effect_is_its)
for _, timer in ipairs(redis.call('HKEYS', KEYS[12])) do
  local length = string.match(timer, '^(%d+):')
  if length and string.sub(timer, #length + 3 + length) == name then
    redis.call('ZREM', KEYS[11], timer)
    redis.call('HDEL', KEYS[12], timer)
  end
end
redis.call('DEL', KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[13])
redis.call('ZREM', KEYS[14], name)
for i = 17, #KEYS do
  redis.call('SREM', KEYS[i], name)
end
if posted == 1 then
  redis.call('XADD', KEYS[7], '0-*', 'c', name, 'e', ARGV[5])
end

local told = {}
local owner = redis.call('HGET', KEYS[15], 'worker')
if owner then table.insert(watching, owner) end
for _, worker in ipairs(watching) do
  if not told[worker] then
    told[worker] = true
    redis.call('PUBLISH', ARGV[4] .. worker, 'e:' .. name)
  end
end
return {lines, facts, leads, messages, effects, posted}
