"""The one error people see when the embedded stack cannot run, and how a server's log becomes its text."""

from __future__ import annotations

from pathlib import Path

TAIL_LINES = 15


class StackError(Exception):
    """The stack cannot start or went down: what to do in Vietnamese, then a short technical cause in English.

    `message` is meant for the person at the terminal, `cause` for whoever looks into it; `str()` gives both.
    """

    def __init__(self, message: str, cause: str = "") -> None:
        super().__init__(message, cause)
        self.message = message
        self.cause = cause

    def __str__(self) -> str:
        return f"{self.message} ({self.cause})" if self.cause else self.message


def tail(log: Path, lines: int = TAIL_LINES) -> str:
    """Return the last lines of a log file, or a note that there is none; never raises."""
    try:
        text = log.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return f"no log at {log}"
    return "\n".join(text.splitlines()[-lines:]) or f"{log} is empty"


def port_taken(port: int, cause: object = "") -> StackError:
    """Build the error for a TCP port that another program listens on."""
    return StackError(
        f"Cổng {port} đang được chương trình khác sử dụng. Hãy dừng chương trình đó hoặc chọn cổng khác.",
        f"port {port} is taken{f': {cause}' if cause else ''}",
    )


def no_space(folder: Path, cause: object) -> StackError:
    """Build the error for a disk that is full, or too full to begin."""
    return StackError(
        f"Không đủ dung lượng đĩa tại {folder}. Hãy giải phóng dung lượng rồi chạy lại.", str(cause)
    )


def process_died(name: str, log: Path, returncode: int | None) -> StackError:
    """Build the error for a process that ended by itself, recognising the causes people can mend."""
    last = tail(log)
    if "No space left on device" in last:
        return no_space(log.parent, f"{name}: no space left on device")
    if any(sign in last for sign in ("Address already in use", "could not bind", "BindException")):
        return StackError(
            f"{name} không mở được cổng vì chương trình khác đang dùng. Hãy chạy lại.",
            f"{name}: address already in use, see {log}",
        )
    return StackError(
        f"{name} đã dừng ngoài ý muốn. Nhật ký: {log}",
        f"{name} exited with code {returncode}; last lines:\n{last}",
    )


def not_ready(name: str, log: Path, seconds: float) -> StackError:
    """Build the error for a process that runs but did not become ready in the given number of seconds."""
    return StackError(
        f"{name} chưa sẵn sàng sau {seconds:.0f} giây. Nhật ký: {log}",
        f"{name} not ready after {seconds:.0f} s; last lines:\n{tail(log)}",
    )


def stopping() -> StackError:
    """Build the error for what is cut short because the stack is being stopped."""
    return StackError("Hệ thống đang dừng.", "the stack is being stopped")
