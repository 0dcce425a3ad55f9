local function f() local t = nil return t.x end
coroutine.wrap(function() f() end)()
