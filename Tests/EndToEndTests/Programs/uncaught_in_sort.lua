table.sort({ 3, 2, 1 }, function(a, b) if a == 2 then error("comparing " .. a) end return a < b end)
