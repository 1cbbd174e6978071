
-- KEYS: generation.  Begins another one, also within a microsecond or after the clock went back.
local another = math.max(microseconds(), tonumber(generation) + 1)
redis.call('SET', KEYS[1], string.format('%020.0f', another))
return 1
