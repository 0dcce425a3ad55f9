print("out") error({ code = 1 })
