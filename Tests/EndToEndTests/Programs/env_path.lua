-- environment: LUA_PATH=./no/such/?.lua;;./?.other LUA_CPATH=./?.nothing
print(package.path:sub(1, 16), package.path:match("[^;]*$"), package.cpath)
print((select(2, pcall(require, "absent.module")):gsub("no module 'absent.module' in moonspot's library", "")):match("%./no/such/absent/module.lua"))
