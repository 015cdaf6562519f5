"""Any matrix of directions -> the evidence and the verdict that a trained model would get.

`read.py` reads files, `blocks.py` measures a matrix of any size a block of cosines at a time,
`judge.py` brings the numbers to the verdict, `report` shows what comes out.
"""
