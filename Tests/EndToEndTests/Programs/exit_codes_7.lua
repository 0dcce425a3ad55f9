print("before") os.exit(7)
