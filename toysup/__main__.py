"""`python -m toysup` and the `toysup` command."""

import os
import signal
import sys

from toysup.errors import INTERRUPTED, ToysupError

# numpy's matrices are small here, thousands of them: threads only wait for each other, on a busy
# machine for ten times as long as the work takes. Read when numpy is imported, which is later.
ONE_THREAD = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def main() -> None:
    """Run the command line; a user's mistake is one line on stderr and an exit code."""
    for name in ONE_THREAD:
        os.environ.setdefault(name, "1")
    if hasattr(signal, "SIGPIPE"):  # `toysup list | head` ends like any other Unix tool
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    # A terminal without the bars still gets a report. sys.stdout is declared as any TextIO.
    sys.stdout.reconfigure(errors="replace")  # pyright: ignore[reportAttributeAccessIssue]
    try:
        from toysup.cli import app

        app()
    except ToysupError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        print("Stopped before anything was begun.", file=sys.stderr)
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
