pages("list")
iterator("each")
