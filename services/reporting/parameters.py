"""What a question to reporting may say, read or refused: units, days, instants, dimensions."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Final

from fastapi import Query, Request

from chassis.problems import Problem
from chassis.vietnamese import nfc
from services.reporting.domain import Dimension
from services.reporting.recorded import local_day

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INSTANT: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})", re.ASCII
)

Code = Annotated[
    str | None, Query(description="Code of a unit; left out: the whole register", examples=["K.01"])
]
Parent = Annotated[
    str | None, Query(description="Code of the unit above; left out: the roots", examples=["K.01"])
]
AsOf = Annotated[
    str | None,
    Query(description="Day, YYYY-MM-DD; today in Asia/Ho_Chi_Minh by default", examples=["2020-11-30"]),
]
From = Annotated[
    str | None,
    Query(
        alias="from",
        description="First day, YYYY-MM-DD; by default 1 January of the last day's year",
        examples=["2020-01-01"],
    ),
]
To = Annotated[
    str | None,
    Query(
        description="Last day, YYYY-MM-DD, included; today in Asia/Ho_Chi_Minh by default",
        examples=["2020-11-30"],
    ),
]
KnownAt = Annotated[
    str | None,
    Query(
        description="RFC 3339 instant: only what was recorded by then counts; now by default",
        examples=["2020-12-30T08:00:00Z"],
    ),
]
By = Annotated[
    str | None,
    Query(
        description=f"Dimensions of the cross-table, comma-separated: {', '.join(Dimension)}",
        examples=["gender,age_band"],
    ),
]
ByUnit = Annotated[
    str | None,
    Query(description="`unit`: also a row for each unit directly below", examples=["unit"]),
]


def only(request: Request, *names: str) -> None:
    """Refuse a parameter that is not known or comes twice: passed over, it would give the wrong figures."""
    given = [name for name, _ in request.query_params.multi_items()]
    for name in given:
        if name not in names:
            raise wrong(
                name, f"Không có tham số “{name[:50]}”; dùng được: {', '.join(names)}.", allowed=names
            )
        if given.count(name) > 1:
            raise wrong(name, f"Tham số “{name}” chỉ được nêu một lần.")


def code(text: str | None) -> str | None:
    """Return a unit's code as it is stored; None for the whole register. Raises Problem where no unit can have it."""
    if text is None:
        return None
    found = nfc(text)
    if not found or "\x00" in found:  # PostgreSQL has no NUL in text
        raise unknown_unit(text)
    return found


def today() -> date:
    """Return which day it is in Asia/Ho_Chi_Minh."""
    return local_day(datetime.now(UTC))


def day(text: str | None, *, name: str = "as_of") -> date:
    """Return the day that parameter `name` gives, today where it is left out. Raises Problem where it is none."""
    if text is None:
        return today()
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise not_a_day(name)


def period(first: str | None, last: str | None) -> tuple[date, date]:
    """Return the first and the last day of a period. Raises Problem where they are no days or in the wrong order."""
    to = day(last, name="to")
    from_ = date(to.year, 1, 1) if first is None else day(first, name="from")
    if from_ > to:
        raise wrong("from", f"Kỳ phải bắt đầu không sau ngày kết thúc: {from_:%d/%m/%Y} sau {to:%d/%m/%Y}.")
    return from_, to


def instant(text: str | None) -> datetime | None:
    """Return the instant given by `known_at`, in UTC; None where it is left out. Raises Problem where it is none."""
    if text is None:
        return None
    try:
        if _INSTANT.fullmatch(text):
            return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise wrong(
        "known_at",
        "Thời điểm phải có ngày, giờ và múi giờ (RFC 3339), ví dụ 2020-12-30T08:00:00Z"
        " hoặc 2020-12-30T15:00:00%2B07:00 (dấu + trong địa chỉ phải viết là %2B).",
    )


def dimensions(text: str | None) -> Sequence[Dimension]:
    """Return the dimensions that `by` names. Raises Problem for one that is not known or comes twice."""
    names = [name.strip() for name in text.split(",")] if text else []
    for name in names:
        if name not in set(Dimension):
            raise wrong(
                "by", f"Không phân tổ theo “{name[:50]}” được; dùng được: {', '.join(Dimension)}.",
                allowed=tuple(Dimension),
            )  # fmt: skip
        if names.count(name) > 1:
            raise wrong("by", f"“{name}” chỉ được nêu một lần.")
    return [Dimension(name) for name in names]


def by_unit(text: str | None) -> bool:
    """Return whether rows by unit are asked for. Raises Problem where `by` says something else."""
    if text not in {None, "", "unit"}:
        raise wrong("by", "Biến động chỉ lập được theo đơn vị: by=unit.", allowed=("unit",))
    return text == "unit"


def wrong(parameter: str, detail: str, **extensions: Sequence[str]) -> Problem:
    """Return the answer where a parameter cannot be read; `allowed` among the extensions says what it may be."""
    return Problem(
        "invalid-parameter", 400, title="Tham số chưa đúng", title_en="Invalid parameter", detail=detail,
        parameter=parameter[:50], **extensions,
    )  # fmt: skip


def unknown_unit(code: str, *, known_at: datetime | None = None) -> Problem:
    """Return the answer where no unit has that code, or had one by what was known at an instant."""
    then = f"Đến hết ngày {local_day(known_at):%d/%m/%Y} chưa" if known_at else "Chưa"
    return Problem(
        "unknown-unit", 404, title="Không có tổ chức đảng này", title_en="Unknown unit",
        detail=f"{then} biết tổ chức đảng nào có mã “{code[:50]}”.",
    )  # fmt: skip


def not_a_day(name: str) -> Problem:
    """Return the answer where parameter `name` is no day."""
    return wrong(name, "Ngày phải là một ngày có thật, viết theo dạng NĂM-THÁNG-NGÀY, ví dụ 2020-11-30.")
