local _, primitives = ...
primitives.metatable("hubspot.day", {
  __name = "hubspot.day",
  __tostring = function(day) return string.format("%04d-%02d-%02d", day.year, day.month, day.day) end,
})
return {}
