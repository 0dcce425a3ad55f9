#!/usr/bin/env moonspot
-- Creates or updates contacts from a CSV file, by their email address: import.lua for contacts.

local folder = arg[0]:match("^(.*/)") or "./"
local import = assert(loadfile(folder .. "import.lua"))
return import({
  name = "import-contacts.lua", type = "contacts",
  summary = "Creates or updates contacts from a CSV file whose first row names HubSpot's properties.",
})
