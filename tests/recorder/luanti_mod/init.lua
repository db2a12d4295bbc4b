-- Writes to <world>/play_report.jsonl, once a server step, what the game itself knows of its player:
-- when (nanoseconds of CLOCK_MONOTONIC, as Python's time.monotonic_ns() tells them), yaw and pitch in degrees
-- as the game counts them (yaw grows to the left), position in nodes, the slot in hand from 0, the controls
-- that are held, and how many nodes were dug, placed and dropped.
-- Needs `secure.trusted_mods = play_report`: Lua alone has another clock, which drifts.

local trusted = core.request_insecure_environment()
assert(trusted, "play_report is not trusted: set secure.trusted_mods = play_report")
local ffi = trusted.require("ffi")
ffi.cdef([[
	struct play_report_time { long seconds; long nanoseconds; };
	int clock_gettime(int clock, struct play_report_time *time);
]])
local CLOCK_MONOTONIC = 1
local time = ffi.new("struct play_report_time")

local function now()
	ffi.C.clock_gettime(CLOCK_MONOTONIC, time)
	return tonumber(time.seconds) * 1e9 + tonumber(time.nanoseconds)
end

local report = assert(io.open(core.get_worldpath() .. "/play_report.jsonl", "a"))
local dug, placed = 0, 0

core.register_on_dignode(function() dug = dug + 1 end)
core.register_on_placenode(function() placed = placed + 1 end)
core.register_on_shutdown(function() report:close() end)

core.register_globalstep(function()
	for _, player in ipairs(core.get_connected_players()) do
		local held = {}
		for name, is_held in pairs(player:get_player_control()) do
			-- LMB and RMB are older names of dig and place.
			if is_held == true and name ~= "LMB" and name ~= "RMB" then
				held[#held + 1] = '"' .. name .. '"'
			end
		end
		local place = player:get_pos()
		report:write(string.format(
			'{"at":%.0f,"yaw":%.4f,"pitch":%.4f,"position":[%.3f,%.3f,%.3f],"slot":%d,"held":[%s],"dug":%d,"placed":%d}\n',
			now(), math.deg(player:get_look_horizontal()), math.deg(player:get_look_vertical()),
			place.x, place.y, place.z, player:get_wield_index() - 1, table.concat(held, ","), dug, placed
		))
	end
	report:flush()
end)
