"""Numbers of bytes in words."""

import math

UNITS = ("bytes", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB")


def bytes_text(size: float) -> str:
    """Bytes in the unit that leaves a short number.

    >>> bytes_text(1.5e9)
    '1.5 GB'
    """
    size = float(f"{size:.3g}")
    power = min(int(math.log10(max(size, 1))) // 3, len(UNITS) - 1)
    return f"{size / 1000**power:,.3g} {UNITS[power]}"
