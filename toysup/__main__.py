"""`python -m toysup` and the `toysup` command."""

import os
import sys

from toysup.errors import INTERRUPTED, ToysupError


def main() -> None:
    """Run the command line; a user's mistake is one line on stderr and an exit code."""
    from toysup.cli import app

    try:
        app()
    except ToysupError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)
    except BrokenPipeError:  # `toysup list | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
