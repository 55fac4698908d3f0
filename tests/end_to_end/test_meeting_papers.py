"""Minutes and a resolution fetched on the command line, with the names of membership, before and after approval."""

import io
import subprocess
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest

from chibo.client import Client
from chibo.stack import wait_until_seen
from deploy.local.stack import Stack
from tests.end_to_end.test_meeting_records import MEMBERS, UNITS, held
from tests.example_bloc import CHIBO, ROOT
from tests.papers import text_of_docx, text_of_pdf

NAMES = ("Lê Thị Mai", "Trần Văn An")


@pytest.fixture(scope="module")
def office() -> Iterator[tuple[str, str]]:
    """Where membership and meetings listen, once both know a cell with two members."""
    with Stack.start() as stack:
        running = [stack.run_service(name) for name in ("membership", "meetings")]
        for service in running:
            service.wait_ready()
        membership, meetings = (Client(service.url) for service in running)
        for kind, file in (("organisations", UNITS), ("members", MEMBERS)):
            membership.post(
                f"/v1/imports/{kind}", content=file.encode(), headers={"Content-Type": "text/csv"}
            )
        wait_until_seen(membership, meetings)
        yield running[0].url, running[1].url


def chibo(*arguments: str, status: int = 0) -> str:
    result = subprocess.run(
        [*CHIBO, "meetings", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert result.returncode == status, result.stdout + result.stderr
    assert "Traceback" not in result.stderr
    return " ".join((result.stdout + result.stderr).split())


def test_from_a_draft_to_the_signed_papers_with_names(office: tuple[str, str], tmp_path: Path) -> None:
    membership, url = office
    client, at = Client(url), ("--url", url, "--membership-url", membership)
    id_, (chair, recorder) = held(client)
    client.send(f"/v1/meetings/{id_}/proceedings", {"chair_id": chair, "recorder_id": recorder})
    vote = {"subject": "Nhiệm vụ tháng 3", "text": "Thống nhất.", "in_favour": 2}
    client.send(f"/v1/meetings/{id_}/resolutions", vote)

    draft = tmp_path / "du-thao.pdf"
    assert "bản dự thảo" in chibo("paper", "K.01@03/2026", str(draft), *at)
    assert "DỰ THẢO" in text_of_pdf(draft.read_bytes())
    approved = {"approved_on": "2026-03-04", "approved_by": [chair, recorder]}
    client.send(f"/v1/meetings/{id_}/approval", approved)

    listed = chibo("papers", id_, "--url", url)
    assert "Nghị quyết │ 1 │ 01 (2026) │ Nhiệm vụ tháng 3" in listed
    minutes, resolution = tmp_path / "bien-ban.pdf", tmp_path / "nghi-quyet.docx"
    chibo("paper", "K.01@03/2026", str(minutes), *at)
    chibo("paper", id_, str(resolution), "--resolution", "1", *at)
    said = text_of_pdf(minutes.read_bytes())
    assert all(name in said for name in NAMES)
    assert "Số 01-BB/CB" in said
    said = text_of_docx(resolution.read_bytes())
    assert "Số 01-NQ/CB" in said
    assert "2/2 đảng viên chính thức" in said
    assert "không có nghị quyết thứ 2" in chibo(
        "paper", id_, str(minutes), "--resolution", "2", *at, status=1
    )
    assert "đã có" in chibo("paper", id_, str(minutes), *at, status=1)
    assert ".pdf hoặc .docx" in chibo("paper", id_, str(tmp_path / "x.odt"), *at, status=1)

    # With membership away the paper is there all the same, with lines to write names on.
    blank = tmp_path / "trong.pdf"
    told = chibo("paper", id_, str(blank), "--url", url, "--membership-url", "http://127.0.0.1:9")
    assert "2 người không có tên" in told
    assert f"……… ({chair[:8]})" in text_of_pdf(blank.read_bytes())


def test_a_template_comes_as_a_word_file(office: tuple[str, str], tmp_path: Path) -> None:
    file = tmp_path / "nghi-quyet.docx"
    assert "nghi-quyet.docx" in chibo("paper-template", "nghi-quyet", str(file), "--url", office[1])
    assert any("{{ ve }}" in one.text for one in docx.Document(io.BytesIO(file.read_bytes())).paragraphs)
    assert "bien-ban hoặc nghi-quyet" in chibo("paper-template", "x", str(file), "--url", office[1], status=1)
