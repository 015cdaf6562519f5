"""Plug-ins that other installed packages publish, by the entry-point group `toysup.plugins`.

    [project.entry-points."toysup.plugins"]
    "objectives.cosine" = "some_package.cosine:Cosine"

The name is that of the family and of the plug-in, so that nothing is imported until it is used.
"""

import functools
import importlib.metadata

from toysup.errors import ToysupError

GROUP = "toysup.plugins"


class Installed:
    """A plug-in of an installed package."""

    def __init__(self, point: importlib.metadata.EntryPoint):
        self.point = point
        package = point.dist.name if point.dist else "an installed package"
        self.origin = f"{package}, {point.value}"

    def load(self) -> type:
        """Its class. ToysupError when it cannot be imported, or is no plug-in of its family."""
        family, _, name = self.point.name.partition(".")
        try:
            cls = self.point.load()
        except Exception as error:
            raise ToysupError(f"{self.origin}: {name} cannot be imported ({error}).") from error
        if getattr(cls, "family", None) != family:
            raise ToysupError(f"{self.origin}: is not of the family {family} of toysup.plugin.")
        return cls


@functools.cache
def published() -> dict[tuple[str, str], Installed]:
    """Those of all packages, by family and name."""
    points = importlib.metadata.entry_points(group=GROUP)
    found = {}
    for point in sorted(points, key=lambda point: point.name):
        family, _, name = point.name.partition(".")
        found.setdefault((family, name), Installed(point))
    return found
