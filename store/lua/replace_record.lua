-- Put a record in the place of the one that was read, unless somebody else was faster.
-- KEYS: hash of the kind.  ARGV: id, value that was read, new value, whether there is a new value ("1") or none
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then
  return 0
end
if ARGV[4] == '1' then
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
else
  redis.call('HDEL', KEYS[1], ARGV[1])
end
return 1
