"""Any valid pair of files, any day: the figures earned by events are those of a plain count of the rows."""

import itertools
import os
import secrets
import tempfile
from datetime import date
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chibo import importing, stack
from chibo.client import Client
from chibo.reporting.statistics import published_form
from tests import plain_count

RUN = secrets.token_hex(3).upper()
NUMBERS = itertools.count()
FAULTS_LONG = os.environ.get("CHIBO_FAULTS") == "long"
dimension_lists = st.lists(st.sampled_from(list(plain_count.DIMENSIONS)), unique=True, max_size=4)


def load(membership: Client, reporting: Client, bloc: plain_count.Bloc) -> None:
    with tempfile.TemporaryDirectory() as folder:
        organisations, members = bloc.write(Path(folder))
        importing.import_file(membership, "organisations", organisations)
        importing.import_file(membership, "members", members)
    stack.wait_until_seen(membership, reporting)


def assert_figures(reporting: Client, bloc: plain_count.Bloc, unit: str, day: date, by: list[str]) -> None:
    scope = plain_count.below(bloc.units, unit)
    units = [row for row in bloc.units if row["code"] in scope]
    members = [row for row in bloc.members if row["cell_code"] in scope]
    answer = reporting.get("/v1/statistics", unit=unit, as_of=day.isoformat(), by=",".join(by) or None)
    assert published_form(answer) == plain_count.count(units, members, day)
    table = {tuple(group[name] for name in by): group["count"] for group in answer["groups"]}
    if by:
        assert table == plain_count.cross_table(members, day, by)


@settings(
    max_examples=100 if FAULTS_LONG else 25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)
@given(data=st.data())
def test_figures_of_any_bloc_on_any_day(membership: Client, reporting: Client, data: st.DataObject) -> None:
    bloc = data.draw(plain_count.blocs(f"{RUN}{next(NUMBERS):04}"))
    load(membership, reporting, bloc)
    # Borders are where counting goes wrong: every date of the rows is among those asked for.
    marked = {row[column] for row in bloc.units for column in ("established_on", "dissolved_on")}
    marked |= {row[column] for row in bloc.members for column in ("admitted_on", "official_on", "left_on")}
    borders = st.sampled_from(sorted(date.fromisoformat(day) for day in marked if day))
    for _ in range(6):
        unit = data.draw(st.sampled_from([row["code"] for row in bloc.units]))
        by = data.draw(dimension_lists)
        assert_figures(reporting, bloc, unit, data.draw(borders | plain_count.days), by)
    assert_figures(reporting, bloc, bloc.root, data.draw(borders), list(plain_count.DIMENSIONS))


def test_the_same_files_again_change_nothing(membership: Client, reporting: Client, tmp_path: Path) -> None:
    root = f"{RUN}{next(NUMBERS):04}"
    cell = {
        "code": f"{root}.C", "parent_code": root, "type": "grassroots_cell", "name": "Chi bộ Văn phòng",
        "established_on": "2019-01-01", "dissolved_on": "",
    }  # fmt: skip
    member = dict.fromkeys(plain_count.MEMBER_COLUMNS, "") | {
        "code": f"{root}-1", "cell_code": f"{root}.C", "full_name": "Đỗ Thị Ưng", "birth_date": "1990-02-28",
        "gender": "female", "ethnicity": "Kinh", "youth_union": "no", "admitted_on": "2019-03-01",
    }  # fmt: skip
    bloc = plain_count.Bloc(
        root,
        [cell | {"code": root, "parent_code": "", "type": "bloc", "name": "Đảng bộ Khối"}, cell],
        [member],
    )
    load(membership, reporting, bloc)
    before = reporting.get("/v1/progress")
    organisations, members = bloc.write(tmp_path)
    for kind, file in (("organisations", organisations), ("members", members)):
        answer = importing.import_file(membership, kind, file)
        assert (answer["imported"], answer["events"], answer["unchanged"]) == (0, 0, answer["rows"])
    stack.wait_until_seen(membership, reporting)
    assert reporting.get("/v1/progress") == before

    # The next file of the same office: the member was confirmed and has left since.
    member |= {"official_on": "2020-03-01", "left_on": "2020-06-01", "left_reason": "died"}
    load(membership, reporting, bloc)
    for day, total in (("2020-05-31", 1), ("2020-06-01", 0)):
        answer = reporting.get("/v1/statistics", unit=root, as_of=day)
        assert (answer["members"]["total"], answer["members"]["official"]) == (total, total)
