-- Append a line to a journal that is exactly as long as the writer thinks.
-- KEYS: list.  ARGV: line, expected length
if redis.call('LLEN', KEYS[1]) ~= tonumber(ARGV[2]) then
  return 0
end
redis.call('RPUSH', KEYS[1], ARGV[1])
return 1
