print(pcall(os.exit, "text"), pcall(os.exit, 1.5))
os.exit(256 + 3)
