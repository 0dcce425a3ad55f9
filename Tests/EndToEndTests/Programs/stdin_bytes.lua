-- input: 0123456789abcdef
io.stdin:setvbuf("no")
print(io.read(4), io.read(0), io.read(1, 2), io.read(100), io.read(1), io.read(0))
