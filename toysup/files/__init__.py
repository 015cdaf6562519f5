"""Files of any kind: written whole or not at all, kept between processes, or packaged with toysup.

In go bytes, text, a path or a name; out comes a file, text that nothing obeys, or a line that says
what the system refused.
"""
