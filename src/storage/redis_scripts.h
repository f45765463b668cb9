// What Redis does as one step. Numbers are exact up to 2^53.
#pragma once

namespace tutti::storage {

// KEYS: player_states. ARGV: user, expected revision ("-": no state), new state, channel of the servers, then
// for each change what the servers are told and what the device said ("" where none did). The words also go
// out on a channel named like the user, as the original did. Returns {was outrun, stored revision}.
inline constexpr auto kSaveScript = R"lua(
local stored, revision = redis.call('HGET', KEYS[1], ARGV[1]), nil
if stored then
  local ok, state = pcall(cjson.decode, stored)
  revision = ok and type(state) == 'table' and tonumber(state.revision) or 0
end
local found = revision and string.format('%.0f', revision) or '-'
if found ~= ARGV[2] then return {1, revision or 0} end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
for i = 5, #ARGV, 2 do
  redis.call('PUBLISH', ARGV[4], ARGV[i])
  if ARGV[i + 1] ~= '' then redis.call('PUBLISH', ARGV[1], ARGV[i + 1]) end
end
return {0, 0}
)lua";

// KEYS: player_servers. ARGV: this server. It is alive, by Redis' clock (milliseconds).
inline constexpr auto kBeatScript = R"lua(
local time = redis.call('TIME')
redis.call('ZADD', KEYS[1], time[1] * 1000 + math.floor(time[2] / 1000), ARGV[1])
return {}
)lua";

// KEYS: player_servers, player_devices:USER, player_users:SERVER. ARGV: this server, user, milliseconds
// without a sign of life after which a server counts as dead. Returns 1 if no other server has a device of
// the user.
inline constexpr auto kLeaveScript = R"lua(
redis.call('SREM', KEYS[2], ARGV[1])
redis.call('SREM', KEYS[3], ARGV[2])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for _, server in ipairs(redis.call('SMEMBERS', KEYS[2])) do
  local seen = redis.call('ZSCORE', KEYS[1], server)
  if seen and now - seen <= tonumber(ARGV[3]) then return 0 end
end
return 1
)lua";

// KEYS: player_servers. ARGV: milliseconds after which a server's users count as lost, most users at once.
// Returns
// {} or {when the dead server was last alive, users that are at no other server…}; each user is returned
// once.
inline constexpr auto kSweepScript = R"lua(
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local limit = tonumber(ARGV[1])
local dead = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now - limit, 'LIMIT', 0, 1)[1]
if not dead then return {} end
local seen_at = redis.call('ZSCORE', KEYS[1], dead)
local users = redis.call('SPOP', 'player_users:' .. dead, tonumber(ARGV[2]))
if #users == 0 then redis.call('ZREM', KEYS[1], dead) end
local lost = {seen_at}
for _, user in ipairs(users) do
  local devices, is_elsewhere = 'player_devices:' .. user, false
  redis.call('SREM', devices, dead)
  for _, server in ipairs(redis.call('SMEMBERS', devices)) do
    local seen = redis.call('ZSCORE', KEYS[1], server)
    if seen and now - seen <= limit then is_elsewhere = true end
  end
  if not is_elsewhere then lost[#lost + 1] = user end
end
return lost
)lua";

}  // namespace tutti::storage
