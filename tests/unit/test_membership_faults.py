"""Every fault that the code can raise has its texts, and no text is left over."""

import ast
from datetime import date
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


def test_a_day_is_told_as_people_write_it_and_in_english_as_machines_do():
    fault = Fault("already-left", "left_on", {"left_on": date(2020, 1, 31)})
    assert "31/01/2020" in fault.message
    assert "2020-01-31" in fault.message_en
