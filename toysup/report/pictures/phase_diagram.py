TITLE = "a"
CAPTION = "x."


def draw(f):
    return None
