
-- KEYS: generation, names…  ARGV: lease in ms, change in ms, then for each name: floor 20, lease 32.
-- Answers for each name what is there: the record's kind, version and bytes; 'l0' or 'l1' with the lease taken (changed lately
-- or not), 'b' if another process has it.
local now = math.floor(microseconds() / 1000)
local answers = {}
for index = 2, #KEYS do
  local key, floor, wanted = KEYS[index], ARGV[2 * index - 1], ARGV[2 * index]
  local kind, version, text = record(key)
  if (kind == 'v' or kind == 'a') and version >= floor then
    answers[index - 1] = string.sub(text, 1, 21) .. string.sub(text, 42)
  elseif kind == 'l' and version >= floor and expiry(text) > now and process(text) ~= string.sub(wanted, 1, 16) then
    answers[index - 1] = 'b'
  else
    local changed = kind == 'c' or (kind == 'l' and was_changed(text))
    local life = tonumber(ARGV[1])
    if changed then life = lifetime(key, life) end
    if floor > ZERO then
      changed = true
      if floor > version then life = math.max(life, tonumber(ARGV[2])) end
    end
    local flag = changed and '1' or '0'
    local until_ms = string.format('%013.0f', now + ARGV[1])
    redis.call('SET', key, 'l' .. later(version, floor) .. generation .. flag .. until_ms .. wanted, 'PX', life)
    answers[index - 1] = 'l' .. flag
  end
end
return answers
