#!lua
-- Takes tokens from several allowances, or from none. KEYS: hash of what was spent, hash of all
-- days' tokens. ARGV: tokens, seconds the first is kept, day, name, limit, name, limit ...  Answers '' or the name of the first allowance that has too little left.
local tokens = tonumber(ARGV[1])
for i = 4, #ARGV, 2 do
  local spent = tonumber(redis.call('HGET', KEYS[1], ARGV[i]) or '0')
  if spent + tokens > tonumber(ARGV[i + 1]) then
    return ARGV[i]
  end
end
for i = 4, #ARGV, 2 do
  redis.call('HINCRBY', KEYS[1], ARGV[i], tokens)
end
redis.call('EXPIRE', KEYS[1], ARGV[2])
redis.call('HINCRBY', KEYS[2], ARGV[3], tokens)
return ''
