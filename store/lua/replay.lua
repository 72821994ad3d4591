#!lua
-- Puts a message that was set aside back into the inbox, behind those that wait. KEYS: dead inbox lease
-- ARGV: id of the dead letter, channel prefix, shard
-- Answers 1, or 0 where it is not there.
local found = redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1])
if #found == 0 then
  return 0
end
local entry = {}
for place = 1, #found[1][2], 2 do
  entry[found[1][2][place]] = found[1][2][place + 1]
end
redis.call('XDEL', KEYS[1], ARGV[1])
redis.call('XADD', KEYS[2], '0-*', 'l', entry['l'], 'm', entry['m'])
local owner = redis.call('HGET', KEYS[3], 'worker')
if owner then
  redis.call('PUBLISH', ARGV[2] .. owner, 's:' .. ARGV[3])
end
return 1
