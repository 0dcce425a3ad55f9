package.preload["a.module"] = function(name) local t = nil; return t[name] end
require("a.module")
