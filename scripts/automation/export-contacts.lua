#!/usr/bin/env moonspot
-- Writes every contact of the portal: `export.lua contacts` under its old name.

local folder = arg[0]:match("^(.*/)") or "./"
assert(loadfile(folder .. "export.lua"))(...)
