"""The inner loops, written for what compilers make of them: here, and nowhere else.

Each is a function that the rest of the code calls by its plain meaning, with a test that holds
its values and gradients against a version written as the textbook writes it. Where XLA's own loops
are too slow it is written in the language of `toysup/vectors/`; then it can be differentiated once,
in reverse.
"""
