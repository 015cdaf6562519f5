"""A resolved sweep as the TOML that would give it again."""

import json
from typing import Any

from toysup.files import shown

MARK = "\ue000"  # for private use: stands for the backslash of an escape


def value(item: Any) -> str:
    """
    >>> value([0.1, 0.5]), value(["relu"]), value(True), value({"max": 1})
    ('[0.1, 0.5]', '"relu"', 'true', '{ max = 1 }')
    """
    if isinstance(item, list):
        return value(item[0]) if len(item) == 1 else listed(item)
    if isinstance(item, dict):
        return f"{{ {', '.join(f'{key} = {value(v)}' for key, v in item.items())} }}"
    if isinstance(item, bool):
        return str(item).lower()
    if isinstance(item, str):
        return quoted(item)
    return repr(item)


def quoted(text: str) -> str:
    r"""A text as TOML has it, with an escape for all that a reader cannot see.

    >>> print(quoted("é \U0001f600 \x1b \u202e"))
    "é \U0001f600 \u001b \u202e"
    """
    return json.dumps("".join(map(marked, text)), ensure_ascii=False).replace(MARK, "\\")


def marked(letter: str) -> str:
    """A letter as it is, or its TOML escape behind a mark that no text has."""
    if letter == MARK or shown.letter(letter) != letter:
        code = ord(letter)
        return f"{MARK}U{code:08x}" if code > 0xFFFF else f"{MARK}u{code:04x}"
    return letter


def listed(items: list) -> str:
    return f"[{', '.join(map(value, items))}]"


def table(name: str, settings: dict) -> list[str]:
    return [f"[{name}]", *(f"{key} = {value(item)}" for key, item in settings.items()), ""]


def sweep_text(sweep: dict) -> str:
    """Every setting of a sweep, defaults included."""
    seeds = sweep["seeds"]
    plain = seeds == list(range(len(seeds)))
    lines = [f"title = {value(sweep['title'])}"]
    lines += [f"question = {value(sweep['question'])}"] if sweep.get("question") else []
    lines += [f"seed = {sweep.get('seed', 0)}", f"seeds = {len(seeds) if plain else seeds}"]
    lines += [f"measure = {value(sweep['measure'])}", f"pictures = {listed(sweep['pictures'])}", ""]
    lines += table("model", sweep["model"]) + table("train", sweep["train"])
    lines += ["[record]", f"steps = {listed(sweep['record'])}", ""] if sweep["record"] else []
    for family in ("features", "views", "encoder", "objective"):
        for name, settings in sweep[family].items():
            lines += table(f"{family}.{name}", settings)
            own = sweep["objective_train"].get(name, {}) if family == "objective" else {}
            changed = {k: v for k, v in own.items() if sweep["train"].get(k) != v}
            lines += table(f"objective.{name}.train", changed) if changed else []
    for claim in sweep.get("claims", []):
        lines += ["[[claims]]", *(f"{key} = {value(item)}" for key, item in claim.items()), ""]
    return "\n".join(lines).strip()
