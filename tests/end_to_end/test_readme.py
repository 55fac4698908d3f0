"""The README's commands do what it says; a command that is renamed or mistyped fails here."""

import os
import re
import shlex
import subprocess
from pathlib import Path
from string import Template

import httpx
import pytest

from chibo.client import Client
from chibo.stack import wait_until_seen
from deploy.local.stack import ServiceProcess
from tests.example_bloc import CHIBO, ROOT
from tests.papers import text_of_docx

README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    line
    for block in re.findall(r"^```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
]
MAKE = [command for command in COMMANDS if command.startswith("make ")]
RUN = [command for command in COMMANDS if command not in MAKE]


def test_the_two_commands_come_first() -> None:
    assert COMMANDS[:2] == ["make demo", "make test"]


@pytest.mark.parametrize("command", MAKE)
def test_make_knows_the_target(command: str) -> None:
    # -n: `make demo` itself is what tests/end_to_end/test_demo.py runs, `make test` what runs this.
    result = subprocess.run([*command.split(), "-n"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


def test_the_other_commands_run(services: dict[str, ServiceProcess], tmp_path: Path) -> None:
    # `.venv/bin/chibo` as the reader has it: this environment's own, whatever that is called.
    chibo, report = tmp_path / "chibo", tmp_path / "bao-cao.docx"
    chibo.write_text(f'#!/bin/sh\nexec {shlex.join(CHIBO)} "$@"\n')
    chibo.chmod(0o755)
    urls = {
        "CHIBO_MEMBERSHIP_URL": services["membership"].url,
        "CHIBO_MEETINGS_URL": services["meetings"].url,
        "CHIBO_INSPECTION_URL": services["inspection"].url,
        "CHIBO_REPORTING_URL": services["reporting"].url,
    }
    environment = os.environ | urls | {"PYTHONPATH": str(ROOT)}
    for command in RUN:
        if command.startswith("curl"):
            # Asked here without curl: the machine need not have it.
            answer = httpx.get(Template(shlex.split(command)[-1]).substitute(urls), trust_env=False)
            assert answer.is_success, f"{command}\n{answer.text}"
            continue
        if "meetings import" in command:
            wait_until_seen(Client(urls["CHIBO_MEMBERSHIP_URL"]), Client(urls["CHIBO_MEETINGS_URL"]))
        if "teams form" in command:
            for told in ("CHIBO_MEMBERSHIP_URL", "CHIBO_MEETINGS_URL"):
                wait_until_seen(Client(urls[told]), Client(urls["CHIBO_INSPECTION_URL"]))
        if "reports" in command:
            for told in ("CHIBO_MEMBERSHIP_URL", "CHIBO_MEETINGS_URL"):
                wait_until_seen(Client(urls[told]), Client(urls["CHIBO_REPORTING_URL"]))
        line = command.replace(".venv/bin/chibo", str(chibo)).replace("bao-cao.docx", str(report))
        result = subprocess.run(
            ["sh", "-c", line],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        assert result.returncode == 0, f"{command}\n{result.stderr}"
        assert result.stdout.strip(), command
    assert (
        "Tính đến ngày 30/11/2020, Đảng bộ Khối Các cơ quan tỉnh có 68 tổ chức cơ sở đảng, gồm 32 đảng bộ cơ sở và 36"
        " chi bộ cơ sở; dưới cơ sở có 3 đảng bộ bộ phận và 206 chi bộ trực thuộc. Toàn Đảng bộ có 2.712 đảng viên,"
        " trong đó: đảng viên nữ 1.056 đồng chí (38,9%); người dân tộc thiểu số 65 đồng chí (2,4%)"
    ) in text_of_docx(report.read_bytes())


def test_the_picture_shows_the_stated_figures() -> None:
    picture = (ROOT / "docs" / "demo.svg").read_text(encoding="utf-8")
    for figure in ("68", "206", "2.712", "1.056", "65", "218", "265", "30/11/2020"):
        assert figure in picture
