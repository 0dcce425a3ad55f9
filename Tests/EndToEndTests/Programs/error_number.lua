error(42.5)
