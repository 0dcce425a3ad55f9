pages("list")
iterator("each")
pages("submissions")
iterator("each_submission")
