#!lua
-- Takes a shard with a new epoch unless another worker's lease runs. KEYS: lease inbox. ARGV: worker, ttl in ms.
-- Answers {epoch, newest inbox id ever given}, nil while the lease of another runs.
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local lease = redis.call('HMGET', KEYS[1], 'worker', 'until', 'ttl')
if lease[1] and lease[1] ~= ARGV[1] then
  local left = lease[2] - now
  if left > tonumber(lease[3]) then
    -- The server's clock was set back: let the lease run its own length from here, not until the old hour comes again.
    redis.call('HSET', KEYS[1], 'until', now + lease[3])
  end
  if left > 0 then
    return false
  end
end
local epoch = redis.call('HINCRBY', KEYS[1], 'epoch', 1)
redis.call('HSET', KEYS[1], 'worker', ARGV[1], 'until', now + ARGV[2], 'ttl', ARGV[2])
local newest = '0-0'
if redis.call('EXISTS', KEYS[2]) == 1 then
  local info = redis.call('XINFO', 'STREAM', KEYS[2])
  for i = 1, #info, 2 do
    if info[i] == 'last-generated-id' then newest = info[i + 1] end
  end
end
return { epoch, newest }
