#!lua flags=no-writes
-- One conversation as it stands. KEYS: state facts transcript. ARGV: how many of the newest lines.
-- Answers one JSON array [session, lead, facts, lines], nil when nothing was committed yet. One string, since a client
-- reads one long reply much faster than many short ones.
local state = redis.call('HMGET', KEYS[1], 'session', 'lead')
if not state[1] then
  return false
end
local facts = table.concat(redis.call('LRANGE', KEYS[2], 0, -1), ',')
local lines = table.concat(redis.call('LRANGE', KEYS[3], -tonumber(ARGV[1]), -1), ',')
return '[' .. state[1] .. ',' .. (state[2] or 'null') .. ',[' .. facts .. '],[' .. lines .. ']]'
