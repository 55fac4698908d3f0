"""A correction made on the command line, all the way to a restated figure of a past day."""

import json
import uuid

from typer.testing import CliRunner

from chibo.client import Client
from chibo.main import app
from chibo.stack import wait_until_seen
from deploy.local.stack import ServiceProcess


def chibo(*words: str):
    return CliRunner().invoke(app, words, env={"COLUMNS": "200"})


def official(reporting: Client, unit: str, as_of: str, known_at: str | None = None) -> int:
    answer = reporting.get("/v1/statistics", unit=unit, as_of=as_of, known_at=known_at)
    return answer["members"]["official"]


def test_a_corrected_day_restates_the_figure_of_a_past_day(
    services: dict[str, ServiceProcess], membership: Client, reporting: Client, tmp_path
):
    bloc, url = f"S{uuid.uuid4().hex[:8]}", services["membership"].url
    units, members = tmp_path / "units.csv", tmp_path / "members.csv"
    units.write_text(
        "code,parent_code,type,name,established_on,dissolved_on\n"
        f"{bloc},,bloc,Đảng bộ Khối,1976-01-01,\n{bloc}.1,{bloc},grassroots_cell,Chi bộ Một,1990-01-01,\n",
        encoding="utf-8",
    )
    members.write_text(
        "code,cell_code,full_name,birth_date,gender,ethnicity,religion,youth_union,admitted_on,official_on,left_on,"
        "left_reason\n"
        f"{bloc}-1,{bloc}.1,Đặng Thị Hường,1990-02-03,female,Kinh,,yes,2018-05-19,2019-05-19,,\n",
        encoding="utf-8",
    )
    for kind, file in (("organisations", units), ("members", members)):
        assert chibo("import", kind, str(file), "--url", url).exit_code == 0
    wait_until_seen(membership, reporting)
    assert official(reporting, bloc, "2019-06-01") == 1

    corrected = chibo("members", "correct", f"{bloc}-1", "2", "--on", "2019-07-01", "--url", url)
    assert corrected.exit_code == 0, corrected.output
    wait_until_seen(membership, reporting)
    assert [official(reporting, bloc, day) for day in ("2019-06-01", "2019-07-01")] == [0, 1]

    history = json.loads(chibo("members", "history", f"{bloc}-1", "--json", "--url", url).stdout)
    known_before = history["entries"][1]["recorded_at"]
    assert official(reporting, bloc, "2019-06-01", known_before) == 1
    shown = chibo("members", "history", f"{bloc}-1", "--url", url).stdout
    assert "đã sửa ở số 3" in shown

    again = chibo("members", "correct", f"{bloc}-1", "2", "--on", "2019-07-02", "--url", url)
    assert again.exit_code == 1
    assert "số 3" in again.output
    assert chibo("members", "history", f"{bloc}-9", "--url", url).exit_code == 1
