#!lua
-- Puts a conversation's row into the directory, in the place of an older one, or takes it out.
-- KEYS: rows words counts mark by-active by-created by-score by-confidence periods; the values' sets, the tallies and
--       the share that rows which were taken out have in them lie in the same slot
-- ARGV: what the keys of the values' sets begin with, conversation, version, when it began, row ('' = take out),
--       time of the erasure, seconds it is remembered,
--       the four scores in the order of the keys, its share of the tallies as JSON (periods, stages, dimensions,
--       others, dimensions in a visitor's words), number of values, the values, the words
local conversation, version = ARGV[2], tonumber(ARGV[3])
local held = redis.call('HGET', KEYS[1], conversation)
local before = held and cjson.decode(held) or {version = -1, facets = {}, words = {}}
local row = ARGV[5]
if row == '' then
  redis.call('SET', KEYS[4], ARGV[6], 'EX', ARGV[7])
else
  local erased = redis.call('GET', KEYS[4])
  if before.version > version or erased and tonumber(ARGV[4]) <= tonumber(erased) then
    return 0
  end
end

local function leave(facet)
  redis.call('SREM', ARGV[1] .. facet, conversation)
  if redis.call('HINCRBY', KEYS[3], facet, -1) <= 0 then
    redis.call('HDEL', KEYS[3], facet)
  end
end

local start = string.sub(KEYS[9], 1, -8)  -- without 'periods'

-- Adds `by` to what a share counts in: with `own`, all but what the visitor gave; with `given`, that.
local function tally(kind, share, by, own, given)
  if share == '' then
    return
  end
  local periods, stages, dimensions, others, words = unpack(cjson.decode(share))
  for _, period in ipairs(periods) do
    local key = start .. kind .. period
    local function add(name)
      if redis.call('HINCRBY', key, name, by) == 0 then
        redis.call('HDEL', key, name)
      end
    end
    local function add_stages(dimension)
      for _, stage in ipairs(stages) do
        add(stage .. '|' .. dimension)
      end
    end
    if own then
      add_stages('')
      for _, dimension in ipairs(dimensions) do add_stages(dimension) end
      for _, other in ipairs(others) do add(other) end
    end
    if given then
      for _, dimension in ipairs(words) do add_stages(dimension) end
    end
    redis.call('SADD', KEYS[9], period)
  end
end

local shared = before.share or ''
if row == '' then
  tally('gone:', shared, 1, true, false)
  tally('tally:', shared, -1, false, true)
elseif shared ~= ARGV[12] then
  tally('tally:', ARGV[12], 1, true, true)
  tally('tally:', shared, -1, true, true)
end

local facets, words = {}, {}
local first_word = 14 + (row == '' and 0 or tonumber(ARGV[13]))
if row ~= '' then
  for place = 14, first_word - 1 do
    facets[ARGV[place]] = true
  end
  for place = first_word, #ARGV do
    words[ARGV[place]] = true
  end
end
for _, facet in ipairs(before.facets) do
  if facets[facet] then
    facets[facet] = nil
  else
    leave(facet)
  end
end
for _, word in ipairs(before.words) do
  if not words[word] then
    redis.call('ZREM', KEYS[2], word .. '\0' .. conversation)
  end
end
if row == '' then
  redis.call('HDEL', KEYS[1], conversation)
  for place = 5, 8 do
    redis.call('ZREM', KEYS[place], conversation)
  end
  return 1
end
for facet in pairs(facets) do
  redis.call('SADD', ARGV[1] .. facet, conversation)
  redis.call('HINCRBY', KEYS[3], facet, 1)
end
for word in pairs(words) do
  redis.call('ZADD', KEYS[2], 0, word .. '\0' .. conversation)
end
redis.call('HSET', KEYS[1], conversation, row)
for place = 5, 8 do
  redis.call('ZADD', KEYS[place], ARGV[place + 3], conversation)
end
return 1
