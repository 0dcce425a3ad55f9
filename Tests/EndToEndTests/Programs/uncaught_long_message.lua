error(("a long message, "):rep(200) .. "\nover two lines\n\tand a third")
