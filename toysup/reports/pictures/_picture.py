"""What every picture has."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Picture:
    """A picture that a sweep file may ask for: `pictures = ["phase_diagram"]`."""

    family = "pictures"
    must_write = ("draw",)

    title = ""
    caption = ""  # what one sees, and whose theory the lines are

    def draw(self, findings) -> "Figure":
        """A matplotlib Figure of what a run says; `findings.rows` has its results.

        `findings` is what `toysup.reports.findings.gather` makes of a run.
        """
        raise NotImplementedError
