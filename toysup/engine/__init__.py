"""Who runs the chunks of a plan, and how a user is told: a plan -> a finished run.

In goes a sweep and a folder; the chunks that are missing there are trained, measured and stored.
"""
