"""The way into the `chibo` command; it is light, so that Ctrl-C is heard from the first moment."""

import sys

from chibo import interruption


def main() -> None:
    """Run the command. Ctrl-C while it is still being loaded ends it with 130, as later, and a word."""
    interruption.listen()
    try:
        from chibo import main as command  # noqa: PLC0415 - loading takes most of a second

        command.app()
    except KeyboardInterrupt:
        print("Đã dừng theo yêu cầu.", file=sys.stderr)  # noqa: T201 - the console is not loaded
        raise SystemExit(130) from None


if __name__ == "__main__":
    main()
