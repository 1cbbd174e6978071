
-- KEYS: generation, names…  ARGV: change in ms, then for each name the version 20 that it changed to, or '' if nobody knows.
-- That there is nothing is forgotten in any case: it has no version of its own.
for index = 2, #KEYS do
  local key, changed_to = KEYS[index], ARGV[index]
  local kind, version = record(key)
  local outlasts = (kind == 'v' or kind == 'l') and changed_to ~= '' and version >= changed_to
  if not outlasts then
    local floor = changed_to == '' and version or later(version, changed_to)
    local life = tonumber(ARGV[1])
    if kind == 'c' or kind == 'l' then life = lifetime(key, life) end
    redis.call('SET', key, 'c' .. floor .. generation, 'PX', life)
  end
end
return 1
