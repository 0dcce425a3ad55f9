pages("list", 0)
iterator("each", "list", 0)
