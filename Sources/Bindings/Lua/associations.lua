pages("list", 3)
iterator("each", "list", 3)
