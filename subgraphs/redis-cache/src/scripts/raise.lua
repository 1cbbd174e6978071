-- KEYS: name.  ARGV: number 20, life in ms.  Remembers the greater of it and what is remembered.
local known = redis.call('GET', KEYS[1])
if known and known > ARGV[1] then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
else
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
end
return 1
