"""Judged matrices: in a terminal, as a page, and as Markdown.

`sentences.py` and `tables.py` have what all three show.
"""
