-- json beside lua-cjson, on a page of contacts as HubSpot sends it: seconds for each, as "name ours cjson bytes".
local found, cjson = pcall(require, "cjson")
if not found then
  print("lua-cjson is not installed")
  os.exit(0)
end

local function page()
  local results = {}
  for i = 1, 100 do
    local properties = {
      createdate = "2026-01-15T10:21:30.123Z", lastmodifieddate = "2026-11-20T08:00:00.000Z", hs_object_id = tostring(100000 + i),
      email = "person." .. i .. "@example.org", firstname = "Zoë " .. i, lastname = "Müller-Lüdenscheidt", phone = "+49 30 1234567",
      company = "Acme, \"Inc.\" & Söhne", lifecyclestage = "lead", address = "1 Main St\nSuite " .. i, city = "São Paulo",
    }
    for j = 1, 10 do properties["custom_property_" .. j] = j % 3 == 0 and json.null or "value " .. i * j end
    results[i] = {
      id = tostring(100000 + i), properties = properties, createdAt = "2026-01-15T10:21:30.123Z",
      updatedAt = "2026-11-20T08:00:00.000Z", archived = false,
    }
  end
  return json.encode({ results = results, paging = { next = { after = "100", link = "https://api.hubapi.com/x?after=100" } } })
end

local text = page()
local value = json.decode(text)
assert(#value.results == 100 and value.results[7].properties.email == cjson.decode(text).results[7].properties.email)

-- The best of some turns, which take turns: other load of the machine hits both alike.
local function measure(name, ours, theirs)
  local best = { math.huge, math.huge }
  for _ = 1, 15 do
    for i, f in ipairs({ ours, theirs }) do
      collectgarbage()
      local begun = os.clock()
      for _ = 1, 20 do f() end
      best[i] = math.min(best[i], (os.clock() - begun) / 20)
    end
  end
  print(name, best[1], best[2], #text)
end
measure("decode", function() return json.decode(text) end, function() return cjson.decode(text) end)
local plain = cjson.decode(text)  -- lua-cjson cannot encode json.null
measure("encode", function() return json.encode(value) end, function() return cjson.encode(plain) end)
