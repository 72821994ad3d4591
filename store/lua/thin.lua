#!lua
-- Takes the lines or some facts of a conversation out, unless something was said since.
-- KEYS: state facts transcript watchers lease; then the indexes that name the conversation
-- ARGV: conversation, time in s of its visitor's last word, 1 where the lines go, channel prefix, fields that go ("*": all)
-- Answers how many lines and facts went.
local name, silent_since = ARGV[1], tonumber(ARGV[2])
local told, lines, gone = {}, 0, 0

local function tell(workers, signal)
  for _, worker in ipairs(workers) do
    if worker and not told[worker] then
      told[worker] = true
      redis.call('PUBLISH', ARGV[4] .. worker, signal .. ':' .. name)
    end
  end
end

local function is_silent()
  for _, raw in ipairs(redis.call('LRANGE', KEYS[3], 0, -1)) do
    local line = cjson.decode(raw)
    if line['author'] == 'visitor' and line['at'] > silent_since then return false end
  end
  return true
end

if ARGV[3] == '1' and is_silent() then
  lines = redis.call('LLEN', KEYS[3])
  redis.call('DEL', KEYS[3])
end

local goes = {}
for i = 5, #ARGV do goes[ARGV[i]] = true end
if #ARGV > 4 then
  local kept = {}
  for _, raw in ipairs(redis.call('LRANGE', KEYS[2], 0, -1)) do
    local fact = cjson.decode(raw)
    if fact['at'] <= silent_since and (goes['*'] or goes[fact['field']]) then
      gone = gone + 1
    else
      table.insert(kept, raw)
    end
  end
  if gone > 0 then
    redis.call('DEL', KEYS[2])
    for _, raw in ipairs(kept) do redis.call('RPUSH', KEYS[2], raw) end
    for i = 6, #KEYS do redis.call('SREM', KEYS[i], name) end
  end
end

local owner = redis.call('HGET', KEYS[5], 'worker')
if lines > 0 then
  tell(redis.call('ZRANGE', KEYS[4], 0, -1), 'e')
  tell({owner}, 'e')
elseif gone > 0 then
  tell({owner}, 'c')
end
return {lines, gone}
