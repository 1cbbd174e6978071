
-- KEYS: generation, names…  ARGV for each name: lease 32, kind ('v', 'a', or 'f' for a load that failed), version 20, life in
-- ms, bytes.  Answers for each name 1 if the lease held and the value was new enough, else 0.
local answers = {}
for index = 2, #KEYS do
  local key, first = KEYS[index], 5 * (index - 2)
  local given, outcome, version = ARGV[first + 1], ARGV[first + 2], ARGV[first + 3]
  local life, bytes = ARGV[first + 4], ARGV[first + 5]
  local kind, floor, text = record(key)
  local held = kind == 'l' and lease(text) == given
  local new_enough = outcome ~= 'v' or version >= floor
  if held then
    if outcome == 'v' and new_enough then
      redis.call('SET', key, 'v' .. version .. generation .. bytes, 'PX', life)
    elseif outcome == 'a' then
      redis.call('SET', key, 'a' .. floor .. generation, 'PX', life)
    elseif was_changed(text) then
      redis.call('SET', key, 'c' .. floor .. generation, 'KEEPTTL')
    else
      redis.call('DEL', key)
    end
  end
  answers[index - 1] = (held and new_enough) and 1 or 0
end
return answers
