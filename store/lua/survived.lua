#!lua
-- Takes back starts of inbox entries whose process lived on. KEYS: attempts. ARGV: inbox ids
for _, id in ipairs(ARGV) do
  if redis.call('HINCRBY', KEYS[1], id, -1) <= 0 then
    redis.call('HDEL', KEYS[1], id)
  end
end
return 1
