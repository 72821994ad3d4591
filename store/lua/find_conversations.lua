#!lua
-- One page of the directory, the highest first. What is looked at in one call is bounded, whatever is asked.
-- KEYS: rows words order room-for-candidates
-- ARGV: what the keys of the values' sets begin with, prefix of a word ('' = any), score and conversation to begin
--       after ('' = the start), rows wanted, most candidates, most looked at, then the values asked for
-- Answers {score, conversation to go on after ('' = the end), rows ...}
local wanted, few, most = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
local order, sets, smallest = KEYS[3], {}, nil
for place = 8, #ARGV do
  local key = ARGV[1] .. ARGV[place]
  sets[#sets + 1] = key
  local size = redis.call('SCARD', key)
  smallest = smallest and math.min(smallest, size) or size
end

if ARGV[2] ~= '' then
  local words = redis.call('ZRANGE', KEYS[2], '[' .. ARGV[2], '(' .. ARGV[2] .. '\255', 'BYLEX', 'LIMIT', 0, few)
  for _, word in ipairs(words) do
    local conversation = string.match(word, '%z(.*)$')
    redis.call('ZADD', KEYS[4], redis.call('ZSCORE', KEYS[3], conversation), conversation)
  end
  order = KEYS[4]
elseif smallest and smallest <= few then
  local count = #sets
  local keys = {KEYS[4], count + 1, KEYS[3]}
  local weights = {'WEIGHTS', 1}
  for _, key in ipairs(sets) do
    keys[#keys + 1] = key
    weights[#weights + 1] = 0
  end
  for _, part in ipairs(weights) do
    keys[#keys + 1] = part
  end
  redis.call('ZINTERSTORE', unpack(keys))
  order, sets = KEYS[4], {}
end

local start = 0
if ARGV[3] ~= '' then
  local score = redis.call('ZSCORE', order, ARGV[4])
  if score and tonumber(score) == tonumber(ARGV[3]) then
    start = redis.call('ZREVRANK', order, ARGV[4]) + 1
  else
    start = redis.call('ZCOUNT', order, '(' .. ARGV[3], '+inf')  -- it has moved: those beside it are shown again
  end
end

local found, last, looked, ended = {}, nil, 0, false
while #found < wanted and looked < most and not ended do
  local step = #sets == 0 and wanted - #found or 500
  local names = redis.call('ZRANGE', order, start, start + step - 1, 'REV')
  ended = #names < step
  local inside = {}
  for number, key in ipairs(sets) do
    inside[number] = #names > 0 and redis.call('SMISMEMBER', key, unpack(names)) or {}
  end
  for place, name in ipairs(names) do
    local fits = true
    for _, marks in ipairs(inside) do
      fits = fits and marks[place] == 1
    end
    last = name
    if fits then
      found[#found + 1] = name
      if #found == wanted then
        ended = ended and place == #names
        break
      end
    end
  end
  start, looked = start + #names, looked + #names
end

local answer = {'', ''}
if last and not ended then
  answer = {redis.call('ZSCORE', order, last), last}
end
if order == KEYS[4] then
  redis.call('DEL', KEYS[4])
end
if #found > 0 then
  for _, row in ipairs(redis.call('HMGET', KEYS[1], unpack(found))) do
    answer[#answer + 1] = row
  end
end
return answer
