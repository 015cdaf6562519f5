"""Trained models -> numbers: losses, directions, read-outs, shapes of the code, outcomes.

In go the models of a chunk as arrays on its devices; out come arrays on the host, which lead with
(seeds, conditions).
"""
