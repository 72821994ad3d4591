#!lua
-- Takes facts of some fields that are as old as that out of a person's ledger; each id stays known, so that none comes back.
-- KEYS: ledger. ARGV: time in s, fields that go ("*": all). Answers how many went.
local goes, kept, gone = {}, {}, 0
for i = 2, #ARGV do goes[ARGV[i]] = true end
for _, raw in ipairs(redis.call('LRANGE', KEYS[1], 0, -1)) do
  local fact = cjson.decode(raw)
  if fact['at'] <= tonumber(ARGV[1]) and (goes['*'] or goes[fact['field']]) then
    gone = gone + 1
  else
    table.insert(kept, raw)
  end
end
if gone > 0 then
  redis.call('DEL', KEYS[1])
  for _, raw in ipairs(kept) do redis.call('RPUSH', KEYS[1], raw) end
end
return gone
