#!lua
-- Takes out what is known of one person across conversations, and leaves a tombstone.
-- KEYS: ledger known links linked user, tombstone. ARGV: now in s (the hub's clock), seconds the tombstone stays
-- Answers how many facts and links were there.
local facts, links = redis.call('LLEN', KEYS[1]), redis.call('LLEN', KEYS[3])
redis.call('DEL', KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5])
redis.call('SET', KEYS[6], ARGV[1], 'EX', ARGV[2])
return {facts, links}
