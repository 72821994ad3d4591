#!lua
-- Whose turn it is to take a lead; the same lead again answers the same. KEYS: turns (hash) order (sorted set)
-- ARGV: lead id, team, now, most leads kept, how many may not have it, those..., then each candidate: rep, capacity
-- Answers a rep or ''.  Fields: given:<team>:<rep> how many they were given, last:<team>:<rep> when, open:<rep> how many
-- they have, lead:<id> who has it.
local turns, order, lead, team = KEYS[1], KEYS[2], ARGV[1], ARGV[2]

local function drop(name)
  local holder = redis.call('HGET', turns, 'lead:' .. name)
  if holder then
    redis.call('HINCRBY', turns, 'open:' .. holder, -1)
    redis.call('HDEL', turns, 'lead:' .. name)
  end
  redis.call('ZREM', order, name)
end

local others = tonumber(ARGV[5])
local refused = {}
for i = 6, 5 + others do
  refused[ARGV[i]] = true
end
local held = redis.call('HGET', turns, 'lead:' .. lead)
if held and not refused[held] then
  return held
end

local over = redis.call('ZCARD', order) - tonumber(ARGV[4]) + 1
if over > 0 then
  for _, old in ipairs(redis.call('ZRANGE', order, 0, over - 1)) do
    drop(old)
  end
end

local given, most = {}, 0
for i = 6 + others, #ARGV, 2 do
  local rep = ARGV[i]
  local open = tonumber(redis.call('HGET', turns, 'open:' .. rep) or '0')
  if not refused[rep] and open < tonumber(ARGV[i + 1]) then
    local count = tonumber(redis.call('HGET', turns, 'given:' .. team .. ':' .. rep) or '0')
    given[#given + 1] = {rep, count, tonumber(redis.call('HGET', turns, 'last:' .. team .. ':' .. rep) or '0')}
    most = math.max(most, count)
  end
end
if #given == 0 then
  return ''
end

-- Who was away is not given everything that came meanwhile: they begin one behind.
local chosen
for _, one in ipairs(given) do
  one[2] = math.max(one[2], most - 1)
  redis.call('HSET', turns, 'given:' .. team .. ':' .. one[1], one[2])
  if not chosen or one[2] < chosen[2] or (one[2] == chosen[2] and one[3] < chosen[3]) then
    chosen = one
  end
end
drop(lead)
redis.call('HINCRBY', turns, 'given:' .. team .. ':' .. chosen[1], 1)
redis.call('HSET', turns, 'last:' .. team .. ':' .. chosen[1], redis.call('HINCRBY', turns, 'turns', 1))
redis.call('HINCRBY', turns, 'open:' .. chosen[1], 1)
redis.call('HSET', turns, 'lead:' .. lead, chosen[1])
redis.call('ZADD', order, ARGV[3], lead)
return chosen[1]
