"""`python -m toysup` and the `toysup` command."""

import gc
import os
import signal
import sys
import warnings
from typing import NoReturn

from toysup.errors import BAD_INPUT, REFUSED, Interrupted, ToysupError
from toysup.files import plain

SETTINGS = {
    # numpy's matrices are small here, thousands of them: threads only wait for each other, on a
    # busy machine for ten times as long as the work takes. Read when numpy is imported, later.
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
# What a system says when it cannot load a library into the memory that a process may have.
NO_MEMORY = ("failed to map segment", "cannot allocate memory", "Cannot allocate memory")
# How many new objects there are before Python looks for garbage among them, and how often that is
# before it looks at older ones. Programs and verdicts are many objects, which stay: at Python's
# default, a sixth of the time went into looking through them.
COLLECTIONS = (50_000, 20, 20)
# Pictures are drawn into files. A notebook's shell passes on a backend that may not be installed.
PICTURES = {"MPLBACKEND": "agg", "MATPLOTLIBRC": os.devnull}


def main() -> None:
    """Run the command line; a user's mistake is one line on stderr and an exit code."""
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)
    os.environ.update(PICTURES)
    gc.set_threshold(*COLLECTIONS)
    if not sys.warnoptions:  # what a library warns of helps no user
        warnings.simplefilter("ignore")
    if hasattr(signal, "SIGPIPE"):  # `toysup list | head` ends like any other Unix tool
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    closed = sys.stdout is None
    nowhere = open(os.devnull, "w")  # noqa: SIM115 - it stays open as long as the process
    sys.stdout, sys.stderr = sys.stdout or nowhere, sys.stderr or nowhere
    # A terminal without the bars still gets a report. sys.stdout is declared as any TextIO.
    sys.stdout.reconfigure(errors=plain.NAME)  # pyright: ignore[reportAttributeAccessIssue]
    code, fault = called()
    fault = "it is closed" if closed else fault or unwritten()
    if fault:
        print(f"Standard output cannot be written: {fault}.", file=sys.stderr)
        leave(code or BAD_INPUT)
    sys.exit(code)


def called() -> tuple[int, str | None]:
    """The exit code of the command, and why what it printed cannot be written, if it cannot."""
    try:
        from toysup.cli import app

        done = app(prog_name="toysup", standalone_mode=False)
        return done if isinstance(done, int) else 0, None
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else int(done.code is not None), None
    except Interrupted as stopped:
        print(stopped, file=sys.stderr)
        leave(stopped.exit_code)  # threads of a compiler would keep the process
    except ToysupError as error:
        from toysup.files.shown import lines

        print(lines(error), file=sys.stderr)
        return error.exit_code, None
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 128 + signal.SIGINT, None
    except (MemoryError, ImportError) as error:
        if isinstance(error, ImportError) and not any(words in str(error) for words in NO_MEMORY):
            raise
        print("toysup: there is not enough memory here (see ulimit -v).", file=sys.stderr)
        return REFUSED, None
    except OSError as error:
        if error.filename is not None:  # of all files, only an open one has no name here: stdout
            raise
        return BAD_INPUT, error.strerror
    except Exception as error:
        if not hasattr(error, "format_message"):  # a usage error of click, or of typer's own copy
            raise
        print(misuse(error), file=sys.stderr)
        return BAD_INPUT, None


def misuse(error) -> str:
    """What is wrong with the words of a command line, in one line; a page of help as it is."""
    from toysup.files.shown import line

    words = error.format_message()
    if "\n" in words:
        return words
    context = getattr(error, "ctx", None)
    command, hint = "toysup", ""
    if context:
        command = context.command_path
        hint = f" See {command} --help."
        if getattr(error, "option_name", "") == "--plugin":
            hint = f" It goes before the command: toysup --plugin FILE {context.info_name}."
    return f"{command}: {line(words)}{'' if words.endswith(('.', '?')) else '.'}{hint}"


def unwritten() -> str | None:
    """Why what was printed cannot be written; None where it is."""
    try:
        sys.stdout.flush()
    except OSError as error:
        return error.strerror
    return None


def leave(code: int) -> NoReturn:
    """End the process without the interpreter's last words on what cannot be written."""
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
