"""`toysup new objective NAME`: a kind and a name -> a plug-in and its test, which work as they are.

The templates stand beside this file, one for each kind.
"""

import keyword
from pathlib import Path
from string import Template

from toysup import registry
from toysup.errors import ToysupError
from toysup.files.publish import publish, user_errors

KINDS = {  # what a user types -> the family
    "objective": "objectives",
    "features": "features",
    "view": "views",
    "encoder": "encoders",
    "metric": "metrics",
    "picture": "pictures",
}
HERE = Path(__file__).parent


def write(kind: str, name: str, folder: Path) -> list[Path]:
    """Write NAME.py and test_NAME.py into `folder`. ToysupError where one is there, or the name is
    taken, or can be none."""
    if kind not in KINDS:
        raise ToysupError(f"toysup new {kind}: there is no such kind. Choose {', '.join(KINDS)}.")
    if not name.isidentifier() or name != name.lower() or keyword.iskeyword(name):
        raise ToysupError(
            f"toysup new {kind} {name}: a name has small letters, digits and _, such as cosine."
        )
    if name in registry.names(KINDS[kind]):
        raise ToysupError(f"toysup new {kind} {name}: there is one already. Choose another name.")
    words = name.split("_")
    values = {"name": name, "title": " ".join(words).capitalize()}
    values["Class"] = "".join(word.capitalize() for word in words)
    texts = {f"{name}.py": kind, f"test_{name}.py": "test"}
    paths = {folder / file: HERE / f"{template}.template" for file, template in texts.items()}
    for path in paths:
        if path.exists():
            raise ToysupError(f"{path}: is there already, and is left as it is.")
    with user_errors(folder, "made"):
        folder.mkdir(parents=True, exist_ok=True)
    for path, template in paths.items():
        text = Template(template.read_text(encoding="utf-8")).substitute(values)
        publish(path, text.encode())
    return list(paths)
