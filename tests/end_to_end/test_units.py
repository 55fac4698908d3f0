"""Mergers, splits, upgrades and corrections of units on the command line, all the way to the figures."""

import json
import uuid

from typer.testing import CliRunner

from chibo.client import Client
from chibo.main import app
from chibo.stack import wait_until_seen
from deploy.local.stack import ServiceProcess

ORDER = ("--on", "2020-03-01", "--document", "78-QĐ/ĐU", "--document-date", "2020-02-24")


def chibo(*words: str):
    return CliRunner().invoke(app, words, env={"COLUMNS": "220"})


def done(*words: str) -> str:
    answer = chibo(*words)
    assert answer.exit_code == 0, answer.output
    return answer.output


def strength(reporting: Client, unit: str, as_of: str) -> tuple[int, int]:
    """Members and cells in a unit and below it."""
    answer = reporting.get("/v1/statistics", unit=unit, as_of=as_of)
    cells = answer["organisations"]
    return answer["members"]["total"], cells["grassroots_cells"] + cells["subordinate_cells"]


def test_what_decisions_do_to_units_is_seen_in_the_figures_of_their_days(
    services: dict[str, ServiceProcess], membership: Client, reporting: Client, tmp_path
):
    k, url = f"S{uuid.uuid4().hex[:8]}", ("--url", services["membership"].url)
    units, members, places = tmp_path / "units.csv", tmp_path / "members.csv", tmp_path / "places.csv"
    units.write_text(
        "code,parent_code,type,name,established_on,dissolved_on\n"
        f"{k},,bloc,Đảng bộ Khối,1976-01-01,\n{k}.A,{k},grassroots_committee,Đảng bộ A,1990-01-01,\n"
        f"{k}.1,{k}.A,subordinate_cell,Chi bộ Một,1990-01-01,\n{k}.2,{k}.A,subordinate_cell,Chi bộ Hai,1990-01-01,\n"
        f"{k}.G,{k},grassroots_cell,Chi bộ Ba,1990-01-01,\n",
        encoding="utf-8",
    )
    rows = [
        f"{k}-{number},{cell},Đặng Thị Hường,1980-02-03,female,Kinh,,no,2008-05-19,2009-05-19,,"
        for number, cell in enumerate([f"{k}.1", f"{k}.2", f"{k}.2", f"{k}.G", f"{k}.G"])
    ]
    head = (
        "code,cell_code,full_name,birth_date,gender,ethnicity,religion,youth_union,admitted_on,official_on,left_on,"
        "left_reason\n"
    )
    members.write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
    places.write_text(f"Mã đảng viên,Mã chi bộ\n{k}-3,{k}.G1\n{k}-4,{k}.G2\n", encoding="utf-8")
    done("import", "organisations", str(units), *url)
    done("import", "members", str(members), *url)

    merged = done("units", "merge", f"{k}.1", f"{k}.2", *ORDER, *url)
    assert "kết thúc ngày 01/03/2020" in merged
    assert "Lưu ý" in merged
    new = ("--new", f"{k}.G1=Chi bộ Bốn", "--new", f"{k}.G2=Chi bộ Năm")
    done("units", "upgrade", f"{k}.G", *new, "--places", str(places), *ORDER, *url)
    three = ("--new", f"{k}.3=Chi bộ Sáu", "--place", f"{k}-0={k}.3")
    done("units", "split", f"{k}.1", *three, "--on", "2020-09-01", *url)
    wait_until_seen(membership, reporting)
    found = {
        day: [strength(reporting, unit, day) for unit in (f"{k}.1", f"{k}.2", f"{k}.3", f"{k}.G", k)]
        for day in ("2020-02-29", "2020-03-01", "2020-09-01")
    }
    assert found == {
        "2020-02-29": [(1, 1), (2, 1), (0, 0), (2, 1), (5, 3)],
        "2020-03-01": [(3, 1), (0, 0), (0, 0), (2, 2), (5, 3)],
        "2020-09-01": [(2, 1), (0, 0), (1, 1), (2, 2), (5, 4)],
    }

    refused = chibo("units", "correct", f"{k}.G", "2", "--on", "2021-01-01", *url)
    assert refused.exit_code == 1
    assert f"{k}.G1" in refused.output
    done(
        "units", "correct", f"{k}.1", "1", "--name", "Chi bộ Một đúng", "--decision-date", "2021-02-03", *url
    )
    done("units", "correct", f"{k}.2", "2", "--withdraw", *url)
    shown = done("units", "history", f"{k}.2", *url)
    assert "đã hủy" in shown
    wait_until_seen(membership, reporting)
    assert strength(reporting, f"{k}.2", "2020-03-01") == (0, 1)
    history = json.loads(done("units", "history", f"{k}.1", "--json", *url))
    assert [state["name"] for state in history["timeline"]] == ["Chi bộ Một đúng"]
    before = reporting.get(
        "/v1/statistics", unit=f"{k}.1", as_of="2020-01-01", known_at=history["changes"][0]["recorded_at"]
    )
    assert before["unit"]["name"] == "Chi bộ Một"
    assert (
        reporting.get("/v1/statistics", unit=f"{k}.1", as_of="2020-01-01")["unit"]["name"]
        == "Chi bộ Một đúng"
    )
