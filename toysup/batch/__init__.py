"""A chunk of a plan -> trained models: compiled programs over (units, lanes) on all devices.

In goes a chunk, with its conditions and seeds; out come the states of its models after some steps.
"""
