"""Any matrix of directions -> the evidence and the verdict that a trained model would get.

`read.py` reads files, `measured.py` has what a matrix is, with `blocks.py` for its cosines, and
`judge.py` brings it to the verdict. The report shows what comes out.
"""
