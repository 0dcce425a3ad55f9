print(pcall(pcall, os.exit, 9)) print("not reached")
