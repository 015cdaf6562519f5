"""Completion in shells is typer's, with two things mended in what zsh and fish are given.

- typer's scripts ask a `toysup` on the PATH, whichever was typed: `.venv/bin/toysup` completes
  only where there is one. These ask the program that was typed, as the script for bash does.
- zsh runs the file of a completion as that completion when a user first asks for it. typer's file
  defines a function and does not call it, so that the first TAB of a session does nothing. Where a
  shell evaluates the same text at its start, nothing may be called.
  Source: zshcompsys(1), "Autoloaded files".
"""

import contextlib
from importlib import import_module

ZSH = """
#compdef %(prog_name)s

%(complete_func)s() {
  eval $(env _TYPER_COMPLETE_ARGS="${words[1,$CURRENT]}" %(autocomplete_var)s=complete_zsh ${~words[1]})
}

if [ "${funcstack[1]}" = "_%(prog_name)s" ]; then
  %(complete_func)s "$@"
else
  compdef %(complete_func)s %(prog_name)s
fi
"""  # noqa: E501 - a line of the script
FISH_ASKS = (
    "env %(autocomplete_var)s=complete_fish _TYPER_COMPLETE_FISH_ACTION={} "
    "_TYPER_COMPLETE_ARGS=(commandline -cp) (commandline -opc)[1]"
)
FISH = (
    f'complete --command %(prog_name)s --no-files --arguments "({FISH_ASKS.format("get-args")})" '
    f'--condition "{FISH_ASKS.format("is-args")}"'
)


def mend() -> None:
    """Put these scripts in the place of typer's, where typer keeps them as it did."""
    with contextlib.suppress(ImportError, AttributeError):
        scripts = import_module("typer._completion_shared")._completion_scripts
        scripts |= {name: own for name, own in (("zsh", ZSH), ("fish", FISH)) if name in scripts}
