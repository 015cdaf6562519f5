"""The inner loops, written for what compilers make of them: here, and nowhere else.

Each is a function that the rest of the code calls by its plain meaning, with a test that holds
its values and gradients against a version written as the textbook writes it. Where a loop of its
own is faster than XLA's, it is written in `code`, and `call` makes it an operation of jax.
"""
