"""What the plug-ins that a sweep file configures have in common."""

import dataclasses
from typing import Any

CLASS = "plugin_class"  # a field of each of them that is no setting


class Configured:
    """A plug-in with a table in a sweep file.

    Each class has a static field that holds the class itself. jax looks a compiled program up by
    the structure of its arguments, and jaxlib 0.10 takes two dataclasses for equal where they have
    as many traced and the same static values, whatever their classes. Two such objectives or
    feature distributions in a process were taken for one in one of fifty processes, where their
    hashes had a few bits in common, and the second was trained by the first one's program.
    """

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        cls.__annotations__[CLASS] = type
        itself = dataclasses.field(
            default=cls, kw_only=True, repr=False, metadata={"pytree_node": False}
        )
        setattr(cls, CLASS, itself)

    @classmethod
    def incompatibility(cls, settings: dict[str, Any]) -> str | None:
        """What is wrong with these settings together, as words behind the table's name, or None.

        `settings` has the table's own, [model]'s, and the names in use under the other tables:
        "objective", "features", "views" and "encoder".
        """
        return None
