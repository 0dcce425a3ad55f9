-- What ends with os.exit(code, true) is told of no error, however deep it stands.
local function closing(name)
  return setmetatable({}, { __close = function(_, problem) print(name, problem) end })
end
local outer <close> = closing("outer")
local function inner()
  local deep <close> = closing("deep")
  for _ in ipairs({ 1 }) do
    local deeper <close> = closing("deeper")
    print(pcall(function()
      local guarded <close> = closing("guarded")
      os.exit(5, true)
    end))
  end
end
inner()
