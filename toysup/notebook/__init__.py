"""Runs -> what `import toysup` returns: tables, a report that a notebook shows, and progress.

`toysup/__init__.py` has the functions that people call; they import this room when they are called.
"""
