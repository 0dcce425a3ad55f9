-- input: 1\n2\nx\n0x10\n
print(io.read("n"), io.read("n"), io.read("n"), io.read("l"), io.read("n"), io.read("n"))
