"""What is wrong with a template's marks, in the words of those who edit it in Word. Pure."""

import re
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import Final

_UNDEFINED: Final = re.compile(r"'([^']+)' is undefined")
_ALIKE: Final = 0.6


def _unclosed(found: re.Match[str]) -> str:
    return f"thiếu dòng kết thúc của “{found[1]}” (“end{found[1]}”)"


def _crossed(found: re.Match[str]) -> str:
    return f"gặp “{found[1]}” khi “{found[2]}” chưa có dòng kết thúc (“end{found[2]}”)"


def _no_tag(found: re.Match[str]) -> str:
    tag = found[1]
    return f"“{tag}” không có dòng mở đầu" if tag.startswith("end") else f"không có lệnh “{tag}”"


# Jinja's own messages (jinja2/parser.py, lexer.py, environment.py); the first that matches.
_SAID: Final[tuple[tuple[str, Callable[[re.Match[str]], str]], ...]] = (
    (r"Unexpected end of template\. .*needs to be closed is '(\w+)'", _unclosed),
    (r"Encountered unknown tag '(\w+)'\. .*needs to be closed is '(\w+)'", _crossed),
    (r"Encountered unknown tag '(\w+)'", _no_tag),
    (r"has no (?:attribute|element) '?([^']+)'?", lambda found: f"ở đó không có “{found[1]}”"),
    (
        r"unexpected (?:'(.+)'|char '(.)'|end of template)|expected token .+, got '(.+)'",
        lambda found: f"dấu ngoặc hay dấu câu đặt sai{_at(found[1] or found[2] or found[3])}",
    ),
)


def _at(sign: str | None) -> str:
    return "" if sign is None or " " in sign else f", ở “{sign}”"


def in_words(message: str, names: Iterable[str]) -> str:
    """Return what Jinja says of a template in Vietnamese, `names` being the marks that there are; else as it is."""
    if undefined := _UNDEFINED.fullmatch(message):
        alike = get_close_matches(undefined[1], list(names), n=1, cutoff=_ALIKE)
        meant = f"; có phải là “{alike[0]}”?" if alike else ""
        return f"không có chỗ điền “{undefined[1]}”{meant}"
    for pattern, told in _SAID:
        if found := re.search(pattern, message, re.DOTALL):
            return told(found)
    return message
