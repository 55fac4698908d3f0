"""`If-Match` and `If-None-Match` against a version: what matches, what is refused, what cannot be read."""

import re
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from chassis.preconditions import check_if_match, etag, resource
from chassis.problems import Problem


def asking(field: str, *lines: str, method: str = "POST") -> Request:
    headers = [(field.lower().encode(), line.encode("latin-1")) for line in lines]
    return Request({"type": "http", "method": method, "headers": headers})


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ['"3"'],
        ['"3@2020-11-30"'],
        ["*"],
        [" * "],
        ['"1", "3"'],
        ['"1","3"'],
        [', "1",, "3",'],
        ['W/"3", "3"'],
        ['"a,b", "3"'],
        ['"1"', '"3"'],
        ['"é"', '"3"'],
    ],
)
def test_a_change_passes_when_the_version_is_among_those_named(lines):
    check_if_match(asking("If-Match", *lines), 3)


@pytest.mark.parametrize(
    "lines",
    [
        ['"2"'],
        ['W/"3"'],
        ['"2", "4"'],
        ['""'],
        ['"2@2020-11-30"'],
        ['"@3"'],
        ['W/"3@2020-11-30"'],
        ['"03"'],
        ['"3 "'.replace(" ", "x")],
        ['"1,"', '",3"'],
    ],
)
def test_a_change_of_another_version_is_refused_and_told_the_one_there_is(lines):
    with pytest.raises(Problem) as refused:
        check_if_match(asking("If-Match", *lines), 3)
    assert (refused.value.type, refused.value.status) == ("precondition-failed", 412)
    assert refused.value.as_json()["version"] == 3


@pytest.mark.parametrize(
    "lines",
    [
        [""],
        [","],
        ["3"],
        ['"3'],
        ["'3'"],
        ['"3" "3"'],
        ['"3", *'],
        ["*, *"],
        ['w/"3"'],
        ['"3 "'],
        ['"3"', "4"],
    ],
)
def test_what_cannot_be_read_is_said_so(lines):
    with pytest.raises(Problem) as refused:
        check_if_match(asking("If-Match", *lines), 3)
    assert (refused.value.type, refused.value.status) == ("invalid-if-match", 400)


@given(st.text(st.characters(max_codepoint=255), max_size=60), st.integers(1, 5))
def test_a_text_that_does_not_name_the_version_never_passes(text, version):
    with suppress(Problem):
        check_if_match(asking("If-Match", text), version)
        assert text.strip(" \t") == "*" or re.search(rf'(?<!W/)"{version}["@]', text)


@given(st.lists(st.integers(1, 6), min_size=1, max_size=5), st.integers(1, 6))
def test_a_list_of_versions_is_read_as_written(versions, version):
    request = asking("If-Match", ", ".join(etag(each) for each in versions))
    if version in versions:
        check_if_match(request, version)
    else:
        with pytest.raises(Problem):
            check_if_match(request, version)


@pytest.mark.parametrize(
    ("known", "status"),
    [
        ('"3"', 304),
        ('W/"3"', 304),
        ('"1", "3"', 304),
        ("*", 304),
        ('"2"', 200),
        ("3", 200),
        ('x"3"', 200),
        ("", 200),
        (None, 200),
    ],
)
def test_a_reader_who_has_the_version_gets_no_body(known, status):
    lines = () if known is None else (known,)
    answer = resource(asking("If-None-Match", *lines, method="GET"), {"version": 3})
    assert (answer.status_code, answer.headers["etag"]) == (status, '"3"')
    assert answer.headers["cache-control"] == "private, no-cache"
    assert answer.body == (b"" if status == 304 else b'{"version":3}')


def test_a_copy_of_another_day_is_another_copy():
    def status(known):
        asked = asking("If-None-Match", known, method="GET")
        return resource(asked, {"version": 3}, as_of=date(2020, 11, 30)).status_code

    assert [status(known) for known in ('"3@2020-11-30"', '"3@2020-12-01"', '"3"')] == [304, 200, 200]


def test_a_command_always_has_its_answer():
    assert resource(asking("If-None-Match", "*"), {"version": 3}, 201).status_code == 201
