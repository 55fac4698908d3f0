"""`chibo rebuild` and `chibo reconcile`: projections built anew, compared, held against the services' own logs."""

import contextlib
import time
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final

import typer
from rich.markup import escape

from chibo import interruption
from chibo.client import Client, ProblemAnswer
from chibo.console import ERR, OUT, Refused, refusals_shown
from chibo.options import INSPECTION, MEETINGS, MEMBERSHIP, REPORTING, Json, Reader, ReportingUrl, give
from chibo.reporting.event_words import service_of

_LOOK_SECONDS: Final = 0.3
_PAGE: Final = "1000"
_TRIES: Final = 100
_AWAY_SECONDS: Final = 60.0
"""How long a service may be away before it is given up."""
_ENDS: Final = {
    "swapped": "[green]✓[/] Đã dựng lại và thay bảng đang dùng.",
    "same": "[green]✓[/] Hai bên giống nhau.",
    "differs": "[bold red]✗[/] Hai bên khác nhau.",
    "cancelled": "[yellow]Lần dựng lại đã bị hủy; bảng đang dùng giữ nguyên.[/]",
    "failed": "[bold red]✗[/] Không dựng lại được; bảng đang dùng giữ nguyên.",
}
_GOOD: Final = frozenset({"swapped", "same"})

Projection = Annotated[
    str | None,
    typer.Argument(help="Tên bảng số liệu, như membership-facts; bỏ trống là tất cả."),
]


def rebuild(
    projection: Projection = None,
    verify: Annotated[
        bool,
        typer.Option("--verify", help="Chỉ dựng bên cạnh rồi so sánh, in chỗ khác đầu tiên; không thay."),
    ] = False,
    actor: Reader = "unknown",
    url: ReportingUrl = REPORTING,
    json: Json = False,
) -> None:
    """Dựng lại bảng số liệu từ mọi sự kiện, bên cạnh bảng đang dùng, rồi thay khi đã đủ. Ctrl-C để hủy."""
    with refusals_shown():
        client = Client(url)
        asked = {"projections": _names(client, projection), "verify": verify, "started_by": actor}
        with _begun(client, asked) as begun:
            answer = _ended(client, begun["id"])
        give(answer, show, json=json)
        if answer["state"] not in _GOOD:
            raise typer.Exit(1)


def reconcile(
    projection: Projection = None,
    *,
    actor: Reader = "unknown",
    url: ReportingUrl = REPORTING,
    membership_url: Annotated[str, typer.Option(envvar="CHIBO_MEMBERSHIP_URL")] = MEMBERSHIP,
    meetings_url: Annotated[str, typer.Option(envvar="CHIBO_MEETINGS_URL")] = MEETINGS,
    inspection_url: Annotated[str, typer.Option(envvar="CHIBO_INSPECTION_URL")] = INSPECTION,
    json: Json = False,
) -> None:
    """Đối chiếu bảng số liệu với nhật ký của chính các dịch vụ, không qua Kafka: sự kiện nào mất, thừa, sai."""
    sources = {"membership": membership_url, "meetings": meetings_url, "inspection": inspection_url}
    with refusals_shown():
        client = Client(url)
        names = _names(client, projection)
        asked = {"projections": names, "verify": True, "source": "feed", "started_by": actor}
        topics = {
            each["topic"]
            for each in client.get("/v1/projections")["projections"]
            if names is None or each["name"] in names
        }
        feeds = {topic: Client(_source(topic, sources)) for topic in sorted(topics)}
        with _begun(client, asked) as begun:
            answer = _fed(client, begun["id"], feeds)
        give(answer, show, json=json)
        if answer["state"] not in _GOOD:
            raise typer.Exit(1)


def _source(topic: str, sources: Mapping[str, str]) -> str:
    service = service_of(topic)
    if service not in sources:
        raise Refused(f"Không biết dịch vụ nào ghi topic {topic}.")
    return sources[service]


def _names(client: Client, projection: str | None) -> list[str] | None:
    """Return the whole name of a projection: `membership-facts` stands for `reporting.membership-facts.N`."""
    if projection is None:
        return None
    known = [each["name"] for each in client.get("/v1/projections")["projections"]]
    found = [name for name in known if name == projection or projection in name.split(".")[1:2]]
    if len(found) != 1:
        raise Refused(f"Không có bảng số liệu “{projection}”; có: {', '.join(known)}.")
    return found


@contextlib.contextmanager
def _begun(client: Client, asked: Mapping[str, Any]) -> Any:
    """Begin a rebuild; cancel it where the block is left before its end."""
    begun = client.send("/v1/rebuilds", asked)
    ERR.print(f"[dim]·[/] Lần dựng lại số {begun['id']}: {escape(', '.join(begun['projections']))}")
    try:
        yield begun
    except BaseException:
        with contextlib.suppress(Refused):  # it may just have ended
            client.delete(f"/v1/rebuilds/{begun['id']}")
        raise


def _ended(client: Client, rebuild_id: int) -> dict[str, Any]:
    """Wait for a rebuild's end. It goes on after a stop of the service: so does waiting, for a while."""
    seen = time.monotonic()
    while True:
        try:
            answer: dict[str, Any] = client.get(f"/v1/rebuilds/{rebuild_id}")
        except Refused:
            if time.monotonic() - seen > _AWAY_SECONDS:
                raise
        else:
            seen = time.monotonic()
            if answer["state"] != "running":
                return answer
        interruption.check()
        time.sleep(_LOOK_SECONDS)


def _fed(client: Client, rebuild_id: int, feeds: Mapping[str, Client]) -> dict[str, Any]:
    """Send each service's log until reporting has as much as its live tables; return the comparison."""
    after = dict.fromkeys(feeds, 0)
    for _ in range(_TRIES):
        for topic, service in feeds.items():
            after[topic] = _send_feed(client, rebuild_id, topic, service, after[topic])
        try:
            answer: dict[str, Any] = client.post(f"/v1/rebuilds/{rebuild_id}/comparison")
        except ProblemAnswer as refused:
            if not str(refused.body.get("type", "")).endswith(":rebuild-not-caught-up"):
                raise
            interruption.check()
            time.sleep(_LOOK_SECONDS)
        else:
            return answer
    raise Refused("Bảng đang dùng có sự kiện mà nhật ký của dịch vụ không có (hoặc lệnh mới đến không ngớt).")


def _send_feed(client: Client, rebuild_id: int, topic: str, service: Client, after: int) -> int:
    """Send what a log holds after a sequence; return up to where it was taken in."""
    while True:
        page = service.get("/v1/stream/events", after=str(after), limit=_PAGE)
        if not page["events"]:
            return after
        events = [
            {name: event[name] for name in ("type", "subject", "time", "sequence", "data")}
            for event in page["events"]
        ]
        taken = client.send(f"/v1/rebuilds/{rebuild_id}/events", {"topic": topic, "events": events})
        interruption.check()
        moved, after = taken["after"] > after, max(after, taken["after"])
        if taken["waiting"] or not moved:
            return after


def show(answer: Mapping[str, Any]) -> None:
    """Print how a rebuild ended, and where two sides differ."""
    OUT.print(_ENDS[answer["state"]])
    if answer["error"]:
        OUT.print(escape(answer["error"]))
    for table in answer["tables"]:
        OUT.print(
            f"{table['table']:24} đang dùng {table['live_rows']}, dựng lại {table['rebuilt_rows']},"
            f" khác {table['differing']}"
        )
        for row in table["first"]:
            OUT.print(f"  {_told(row)}")


def _told(row: Mapping[str, Any]) -> str:
    kinds: dict[tuple[bool, bool], Callable[[], str]] = {
        (True, True): lambda: f"khác ở cột {', '.join(row['columns'])}",
        (True, False): lambda: "chỉ có ở bảng đang dùng (thừa)",
        (False, True): lambda: "chỉ có ở bảng dựng lại (mất)",
    }
    key = ", ".join(f"{name}={value}" for name, value in row["key"].items())
    event = "" if row["sequence"] is None else f"sự kiện {row['sequence']}: "
    return escape(f"{event}{kinds[row['live'], row['rebuilt']]()} [{key}]")
