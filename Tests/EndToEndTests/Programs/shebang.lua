#!/usr/bin/env lua
print("line 2", debug.getinfo(1, "l").currentline)
error("on line 3")
