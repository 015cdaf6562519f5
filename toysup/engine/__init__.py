"""A sweep -> a finished run: who runs the chunks of its plan, and how progress is shown.

In goes a sweep and a folder; the chunks that are missing there are trained, measured and stored.
What a run that goes on must have in common with its beginning is in `going_on.py`, `growing.py`,
`sources.py` and `spec/difference.py`.
"""
