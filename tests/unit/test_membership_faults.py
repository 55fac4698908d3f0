"""Every fault that the code can raise has its texts, and no text is left over."""

import ast
from pathlib import Path

import pytest

from chassis import tables
from services.membership import faults
from services.membership.faults import MESSAGES, Fault, shown

SOURCES = [*sorted(Path(faults.__file__).parent.rglob("*.py")), Path(tables.__file__)]


def codes_in_sources() -> set[str]:
    texts = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Dict):  # the table of messages itself
                node.keys = []
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.add(node.value)
    return texts


def test_no_message_is_left_over():
    assert set(MESSAGES) <= codes_in_sources()


def test_a_fault_without_message_cannot_be_made():
    with pytest.raises(KeyError):
        Fault("no-such-code")


def test_every_text_is_in_both_languages():
    for vietnamese, english in MESSAGES.values():
        assert vietnamese.endswith(".")
        assert english.isprintable()
        assert any(ord(letter) > 127 for letter in vietnamese)


def test_a_personal_value_is_never_repeated():
    assert "1980" not in shown("birth_date", "31/02/1980")
    assert shown("admitted_on", "31/02/1980") == "“31/02/1980”"
    assert len(shown("code", "x" * 1000)) < 70
