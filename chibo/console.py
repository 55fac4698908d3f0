"""What a person sees: progress and errors on standard error, results on standard output."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import typer
from rich.console import Console
from rich.markup import escape

from chibo import interruption

OUT: Final = Console(soft_wrap=False, highlight=False)
ERR: Final = Console(stderr=True, highlight=False)


class Refused(Exception):  # noqa: N818 - what happened, in the words of the one who asked
    """The command cannot be carried out; the message says what, where and how to mend it."""


def line(text: str) -> None:
    """Tell how far the work is, on standard error."""
    ERR.print(f"[dim]·[/] {escape(text)}")


@contextmanager
def step(text: str) -> Iterator[None]:
    """Show that `text` is going on, and how many seconds it took once done."""
    started = time.monotonic()
    if ERR.is_terminal:
        with ERR.status(escape(text)):
            yield
    else:
        yield
    interruption.check()
    ERR.print(f"[green]✓[/] {escape(text)} [dim]({time.monotonic() - started:.1f} giây)[/]")


@contextmanager
def refusals_shown() -> Iterator[None]:
    """Print a refusal and end with exit code 1; end with 130 on Ctrl-C."""
    try:
        yield
    except Refused as refused:
        ERR.print(f"[bold red]Lỗi:[/] {escape(str(refused))}")
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        ERR.print("[yellow]Đã dừng theo yêu cầu.[/]")
        raise typer.Exit(130) from None


def print_json(value: Any) -> None:
    """Print a value as JSON on standard output, for programs: no colour, no folding."""
    OUT.out(json.dumps(value, ensure_ascii=False, indent=2), highlight=False)
