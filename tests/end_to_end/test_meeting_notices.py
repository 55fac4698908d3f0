"""Notices and documents of a meeting as an officer handles them on the command line, a service behind it."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from chibo.client import Client
from chibo.stack import wait_until_seen
from deploy.local.stack import Stack
from tests.example_bloc import CHIBO, ROOT
from tests.waiting import until

UNITS = (
    "code,parent_code,type,name,established_on,dissolved_on\n"
    "K,,bloc,Đảng bộ Khối,1976-01-01,\n"
    "K.01,K,grassroots_cell,Chi bộ Văn phòng,1990-01-01,\n"
)
MEETING = {
    "cell_code": "K.01", "kind": "regular", "starts_at": "2099-03-03T14:30:00+07:00", "place": "Phòng họp",
    "agenda": ["Đánh giá nghị quyết"],
}  # fmt: skip


@pytest.fixture(scope="module")
def meetings() -> Iterator[Client]:
    """The service with a cell that has nobody in it, below a committee; no mail server is set."""
    with Stack.start() as stack:
        running = {name: stack.run_service(name) for name in ("membership", "meetings")}
        for service in running.values():
            service.wait_ready()
        membership, meetings = (Client(service.url) for service in running.values())
        membership.post(
            "/v1/imports/organisations", content=UNITS.encode(), headers={"Content-Type": "text/csv"}
        )
        wait_until_seen(membership, meetings)
        yield meetings


def chibo(meetings: Client, *arguments: str, status: int = 0) -> subprocess.CompletedProcess[str]:
    result = subprocess.run(
        [*CHIBO, "meetings", *arguments, "--url", meetings._url],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert result.returncode == status, result.stderr
    assert "Traceback" not in result.stderr
    return result


def test_a_meeting_is_announced_its_documents_posted_and_who_was_told_is_shown(
    meetings: Client, tmp_path: Path
) -> None:
    id_ = meetings.send("/v1/meetings", MEETING)["id"]
    assert (
        "Đã ghi địa chỉ của cấp ủy cấp trên."
        in chibo(meetings, "contact", "k@b.example", "--unit", "K").stdout
    )
    assert "--member hoặc --unit" in chibo(meetings, "contact", "k@b.example", status=1).stderr
    file = tmp_path / "Dự thảo.pdf"
    file.write_bytes(b"%PDF-1.7")
    assert "Đã nhận Dự thảo.pdf (1 KiB)" in chibo(meetings, "attach", id_, str(file)).stdout
    file.write_bytes(b"MZ")
    assert "PDF, DOCX, XLSX" in chibo(meetings, "attach", id_, str(file), status=1).stderr
    [document] = json.loads(chibo(meetings, "documents", id_, "--json").stdout)["items"]
    assert document["file_name"] == "Dự thảo.pdf"
    assert "Dự thảo.pdf" in chibo(meetings, "documents", id_).stdout
    assert "Chưa có thông báo nào." in chibo(meetings, "notices", id_).stdout
    meetings.send(f"/v1/meetings/{id_}/agreement", {"agreed_on": "2026-11-20"})
    meetings.send(f"/v1/meetings/{id_}/announcement", {"told_at": "2026-11-21T08:00:00+07:00"})

    def told() -> bool:
        [notice] = meetings.get(f"/v1/meetings/{id_}/notices")["items"]
        return [one["state"] for one in notice["deliveries"]] == ["sent"]

    until(told, "the notice to be given out")
    shown = chibo(meetings, "notices", id_).stdout
    assert "Lần 3, mời họp: đã gửi 1" in shown
    assert "hãy báo bằng cách khác" in shown
