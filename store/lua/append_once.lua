#!lua
-- Adds entries whose ids are new. KEYS: list ids. ARGV: id, entry, id, entry ...  Answers how many were new.
local added = 0
for i = 1, #ARGV, 2 do
  if redis.call('SADD', KEYS[2], ARGV[i]) == 1 then
    redis.call('RPUSH', KEYS[1], ARGV[i + 1])
    added = added + 1
  end
end
return added
