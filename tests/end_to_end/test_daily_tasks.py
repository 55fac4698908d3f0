"""The office's ordinary days on the command line: units come, change and end; members are admitted and leave."""

import json
import uuid

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from chibo.main import app
from deploy.local.stack import ServiceProcess

ORDER = ("--document", "41-QĐ/ĐUK", "--document-date", "2020-02-20")
PERSON = (
    "--full-name",
    "Lò Thị Ánh",
    "--birth-date",
    "1990-05-01",
    "--gender",
    "female",
    "--ethnicity",
    "Thái",
)


@pytest.fixture
def run(services: dict[str, ServiceProcess]):
    def run(*words: str, exit_code: int = 0) -> str:
        words = (*words, "--url", services["membership"].url)
        done = CliRunner().invoke(app, words, env={"COLUMNS": "240"}, catch_exceptions=False)
        assert done.exit_code == exit_code, done.output
        return done.output

    return run


def test_a_unit_comes_changes_its_name_and_place_and_ends_and_a_member_comes_and_goes(run):
    k = f"E{uuid.uuid4().hex[:8]}"
    cell, member = f"{k}.A.1", f"{k}-1"

    def establish(code: str, type_: str, *words: str) -> str:
        return run(
            "units",
            "establish",
            code,
            "--name",
            f"Đơn vị {code}",
            "--type",
            type_,
            *words,
            "--on",
            "1996-01-01",
        )

    establish(k, "bloc")
    for above in (f"{k}.A", f"{k}.B"):
        establish(above, "grassroots_committee", "--parent", k)
    assert "nay là bản 1" in establish(cell, "subordinate_cell", "--parent", f"{k}.A")
    run("units", "rename", cell, "--name", "Chi bộ Khoa Nội", "--on", "2010-01-01", *ORDER)

    early = run("members", "admit", member, "--cell", cell, "--on", "1995-03-01", *PERSON, exit_code=1)
    assert "trước ngày thành lập chi bộ" in early
    admitted = run(
        "members", "admit", member, "--cell", cell, "--on", "2019-03-01", *PERSON, "--theory", "elementary"
    )
    assert f"{member} nay là bản 1" in admitted
    assert "Lưu ý: Ngày chính thức sớm hơn 12 tháng" in run(
        "members", "confirm", member, "--on", "2020-01-01"
    )
    run("positions", "take", cell, member, "secretary", "--on", "2020-06-01")

    run("units", "reparent", cell, "--parent", f"{k}.B", "--on", "2020-03-01", *ORDER)
    ended = run("units", "dissolve", cell, "--on", "2021-01-01", *ORDER)
    assert "Còn 1 đảng viên trong danh sách" in ended
    assert "1 chức vụ kết thúc" in ended
    assert "đã giải thể" in run("units", "dissolve", cell, "--on", "2021-02-01", exit_code=1)
    timeline = json.loads(run("units", "history", cell, "--json"))["timeline"]
    assert [(state["from"], state["name"], state["parent_code"]) for state in timeline] == [
        ("1996-01-01", f"Đơn vị {cell}", f"{k}.A"),
        ("2010-01-01", "Chi bộ Khoa Nội", f"{k}.A"),
        ("2020-03-01", "Chi bộ Khoa Nội", f"{k}.B"),
    ]

    gone = ("--on", "2021-01-01", "--reason", "resigned")
    run("members", "depart", member, *gone)
    assert "đã ra khỏi danh sách" in run("members", "depart", member, *gone, exit_code=1)
    assert "Không có trong danh sách" in run("members", "show", member, "--as-of", "2021-02-01")


def commands(group, path=()):
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


REGISTER = [
    one
    for one in commands(get_command(app))
    if one[0][0] in {"units", "members", "positions", "terms", "transfers", "ratings", "awards", "lists"}
]


def test_all_that_a_command_takes_is_explained():
    silent = [
        (*path, parameter.name)
        for path, command in REGISTER
        for parameter in command.params
        if not getattr(parameter, "help", None)
    ]
    assert silent == []


def test_one_thing_has_one_word():
    """`--on` is the day from which something holds, `--as-of` the day that is asked about, and so on."""
    words = {option for _, command in REGISTER for parameter in command.params for option in parameter.opts}
    others = {"--effective-date", "--from", "--awarded-on", "--left-reason", "--cell-code", "--parent-code"}
    assert not words & others
    undated = [path for path, command in REGISTER if {"as_of", "on"} <= {one.name for one in command.params}]
    assert undated == []
