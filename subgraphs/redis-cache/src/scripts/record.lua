-- A key's record is one text:
--
--   value    v <version 20> <generation 20> <bytes>
--   absence  a <version 20> <generation 20>
--   changed  c <version 20> <generation 20>
--   leased   l <version 20> <generation 20> <changed 1> <until 13> <process 16> <number 16>
--
-- Versions are decimal numbers of 20 digits and compared as texts: Lua's own numbers end at 2^53. Digits have the same order in
-- every locale. A record of another generation than the space's is none: so the space is cleared at once. KEYS[1] holds the
-- generation; it is a time in microseconds, so that one that was lost never comes back.

local ZERO = string.rep('0', 20)

local function microseconds()
  local time = redis.call('TIME')
  return time[1] * 1000000 + time[2]
end

local generation = redis.call('GET', KEYS[1])
if not generation then
  generation = string.format('%020.0f', microseconds())
  redis.call('SET', KEYS[1], generation)
end

-- The kind, version and whole text of what is there; nothing if nothing is.
local function record(key)
  local text = redis.call('GET', key)
  if text and string.sub(text, 22, 41) == generation then
    return string.sub(text, 1, 1), string.sub(text, 2, 21), text
  end
  return nil, ZERO, ''
end

local function later(one, other)
  if one > other then return one end
  return other
end

-- How much longer something lives that shall not end before what is there.
local function lifetime(key, milliseconds)
  return math.max(redis.call('PTTL', key), tonumber(milliseconds))
end

-- Of a leased record's text:
local function lease(text) return string.sub(text, 56, 87) end
local function process(text) return string.sub(text, 56, 71) end
local function expiry(text) return tonumber(string.sub(text, 43, 55)) end
local function was_changed(text) return string.sub(text, 42, 42) == '1' end
