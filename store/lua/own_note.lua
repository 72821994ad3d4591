#!lua
-- Remembers that a note tells of somebody, for as long as the longest of their notes lives.
-- KEYS: set of their notes. ARGV: the note's key, milliseconds it lives
redis.call('SADD', KEYS[1], ARGV[1])
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[2]) then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return 1
