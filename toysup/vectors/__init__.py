"""A small language of vectors, in which the innermost loops are written (`toysup/kernels/`).

`code` is the language, `vector` and `running` what it computes with, `compiler` and `xla` make a
program of it that XLA calls, and `call` an operation of jax.
"""
