local module, primitives = ...

-- The reason without the place in this text that error() put before it.
local function refuse(argument, name, problem)
  if problem == "not enough memory" then error(problem, 0) end -- no matter of the argument's
  local reason = tostring(problem):gsub("^=?moonspot:json:%d+: ", "")
  primitives.refuse("bad argument '" .. argument .. "' to 'json." .. name .. "' (" .. reason .. ")")
end

return {
  encode = function(...)
    if select("#", ...) == 0 then
      primitives.refuse("missing argument 'value' to 'json.encode' (any value expected)")
    end
    local value, opts = ...
    local ok, text = pcall(primitives.encode, value, opts ~= nil and opts.pretty == true)
    if not ok then refuse("value", "encode", text) end
    return text
  end,
  decode = function(text)
    local ok, value = pcall(primitives.decode, text)
    if not ok then refuse("text", "decode", value) end
    return value
  end,
  array = function(list) return primitives.array(list or {}) end,
}
