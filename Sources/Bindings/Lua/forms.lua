pages("list", 0)
iterator("each", "list", 0)
pages("submissions", 1)
iterator("each_submission", "submissions", 1)
