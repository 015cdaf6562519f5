"""What the plug-ins that a sweep file configures have in common."""

from typing import Any


class Configured:
    """A plug-in with a table in a sweep file."""

    @classmethod
    def incompatibility(cls, settings: dict[str, Any]) -> str | None:
        """What is wrong with these settings together, as words behind the table's name, or None.

        `settings` has the table's own, [model]'s, and the names in use under the other tables:
        "objective", "features", "views" and "encoder".
        """
        return None
