"""What is said where a rebuild cannot be begun, ended, fed or compared."""

from collections.abc import Sequence

from chassis.problems import Problem
from chassis.rebuilding.store import Rebuild


def unknown(rebuild_id: int) -> Problem:
    """Return the answer where no rebuild has that id."""
    return Problem(
        "rebuild-unknown", 404, title="Không có lần dựng lại này", title_en="Rebuild unknown",
        detail=f"id {rebuild_id}",
    )  # fmt: skip


def unknown_projection(name: str, known: Sequence[str]) -> Problem:
    """Return the answer where no projection has that name."""
    return Problem(
        "projection-unknown", 422, title="Không có bảng số liệu này", title_en="Projection unknown",
        detail=f"Không có “{name[:100]}”; có: {', '.join(known)}.", known=known,
    )  # fmt: skip


def unknown_topic(name: str, known: Sequence[str]) -> Problem:
    """Return the answer where a page is of a topic that the rebuild does not read."""
    return Problem(
        "topic-unknown", 422, title="Topic không thuộc lần dựng lại này", title_en="Topic not of this rebuild",
        detail=f"Không nhận “{name[:100]}”; nhận: {', '.join(known)}.", known=known,
    )  # fmt: skip


def feed_only_compares() -> Problem:
    """Return the answer where what is fed is to be swapped in."""
    return Problem(
        "feed-only-compares", 422, title="Sự kiện gửi từ ngoài chỉ dùng để đối chiếu",
        title_en="A feed is only compared", detail="Hãy đặt verify là true khi source là feed.",
    )  # fmt: skip


def under_way(rebuild: Rebuild | None) -> Problem:
    """Return the answer where another rebuild is at it; tells whose."""
    who = (
        ""
        if rebuild is None
        else f" Người yêu cầu: {rebuild.started_by}, lúc {rebuild.started_at:%d/%m/%Y %H:%M} UTC."
    )
    return Problem(
        "rebuild-under-way", 409, title="Đang có một lần dựng lại", title_en="Rebuild under way",
        detail=f"Mỗi lúc chỉ dựng lại một lần; hãy chờ hoặc hủy lần đó.{who}",
        rebuild=None if rebuild is None else rebuild.id, started_by=None if rebuild is None else rebuild.started_by,
    )  # fmt: skip


def ended(rebuild: Rebuild) -> Problem:
    """Return the answer where a rebuild is over already."""
    return Problem(
        "rebuild-ended", 409, title="Lần dựng lại đã kết thúc", title_en="Rebuild ended",
        detail=f"Trạng thái: {rebuild.state}.", state=rebuild.state,
    )  # fmt: skip


def not_fed() -> Problem:
    """Return the answer where a rebuild reads from Kafka by itself."""
    return Problem(
        "rebuild-not-fed", 409, title="Lần dựng lại này tự đọc từ Kafka", title_en="Rebuild reads by itself",
        detail="Chỉ gửi sự kiện cho lần dựng lại có source là feed.",
    )  # fmt: skip


def not_caught_up() -> Problem:
    """Return the answer where a rebuild lacks events that the live projection has."""
    return Problem(
        "rebuild-not-caught-up", 409, title="Chưa nhận đủ sự kiện để đối chiếu", title_en="Not caught up",
        detail="Hãy gửi tiếp các sự kiện sau “after” rồi đối chiếu lại.",
    )  # fmt: skip
