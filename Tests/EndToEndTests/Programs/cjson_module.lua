local cjson = require("cjson")
print(cjson.encode({ 1, 2, 3 }), cjson.encode("x\n\"é"), cjson.encode({ a = 1 }), cjson.encode({}), cjson.encode(cjson.null)) local t = cjson.decode('{"a":[1,2.5,"x",null,true],"b":{"c":"\\u00e9"}}') print(t.a[1], t.a[2], t.a[3], t.a[4] == cjson.null, t.a[5], t.b.c)
print(pcall(cjson.decode, "{bad}")) print(pcall(cjson.encode, print)) print(pcall(cjson.encode, { [1] = 1, [1000] = 2 })) print(require("cjson.safe").decode("x"))
