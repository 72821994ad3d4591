#!lua
-- Empties the directory, so that it can be filled anew from the conversations. What was taken out still counts, and
-- the marks of erasures stay.
-- KEYS: rows words counts by-active by-created by-score by-confidence periods
-- ARGV: what the keys of the values' sets begin with, what those of the tallies do, what those of the shares of rows
--       that were taken out do
for _, facet in ipairs(redis.call('HKEYS', KEYS[3])) do
  redis.call('UNLINK', ARGV[1] .. facet)
end
for _, period in ipairs(redis.call('SMEMBERS', KEYS[8])) do
  redis.call('UNLINK', ARGV[2] .. period)
  if redis.call('EXISTS', ARGV[3] .. period) == 1 then
    redis.call('COPY', ARGV[3] .. period, ARGV[2] .. period)
  end
end
for place = 1, 7 do
  redis.call('UNLINK', KEYS[place])
end
return 1
