"""Files of any kind: written whole or not at all, and the folder of what is kept between processes.

In go bytes and a path; out comes a file, or a line that says what the system refused.
"""
