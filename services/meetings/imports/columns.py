"""The columns of a file of past meetings, and what the words in them mean."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from chassis.vietnamese import fold
from contracts.meetings import InterruptionReason, MeetingKind, MeetingStatus

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `name` is what the format is defined by, `labels` what people write above it."""

    name: str
    labels: Sequence[str]


COLUMNS: Final = (
    Column("cell_code", ("Mã chi bộ", "Mã tổ chức đảng")),
    Column("kind", ("Loại", "Loại sinh hoạt", "Loại cuộc họp")),
    Column("month", ("Tháng", "Của tháng")),
    Column("status", ("Kết quả", "Trạng thái")),
    Column("held_at", ("Ngày giờ họp", "Thời gian họp", "Thời gian")),
    Column("minutes", ("Số phút", "Thời lượng")),
    Column("theme", ("Chuyên đề", "Chủ đề")),
    Column("counted", ("Phải dự", "Tổng số phải dự", "Triệu tập")),
    Column("present", ("Có mặt", "Dự họp")),
    Column("excused", ("Vắng có lý do", "Vắng có phép")),
    Column("unexcused", ("Vắng không lý do", "Vắng không phép")),
    Column("opinions", ("Ý kiến", "Số ý kiến")),
    Column("tasks", ("Nhiệm vụ", "Số nhiệm vụ")),
    Column("tasks_on_time", ("Nhiệm vụ đúng hạn", "Đúng hạn")),
    Column("reason", ("Lý do", "Lý do hoãn, hủy")),
    Column("document_number", ("Số văn bản", "Số, ký hiệu văn bản")),
    Column("document_date", ("Ngày văn bản",)),
)
"""In the order in which a file is written; one may have them in any order, and must have each."""

ONLY_HELD: Final = (
    "minutes", "counted", "present", "excused", "unexcused", "opinions", "tasks", "tasks_on_time",
)  # fmt: skip
"""What only a meeting that took place has, and has all of."""
ONLY_NOT_HELD: Final = ("reason", "document_number", "document_date")


class Words(Generic[T]):
    """What each word of a cell means; words are compared without case and diacritics."""

    def __init__(self, labels: Mapping[T, Sequence[str]]) -> None:
        self._meanings = {fold(word): meaning for meaning, words in labels.items() for word in words}
        self.offered = ", ".join(words[0] for words in labels.values())
        """The Vietnamese word of each meaning, as messages offer them."""
        self.offered_en = ", ".join(words[1] for words in labels.values())

    def get(self, text: str) -> T | None:
        """Return the meaning of a word, None where it has none."""
        return self._meanings.get(fold(text))


KINDS: Final = Words(
    {
        MeetingKind.REGULAR: ("Định kỳ", "regular", "Thường kỳ"),
        MeetingKind.THEMATIC: ("Chuyên đề", "thematic"),
        MeetingKind.EXTRAORDINARY: ("Đột xuất", "extraordinary", "Bất thường"),
    }
)
STATUSES: Final = Words(
    {
        MeetingStatus.HELD: ("Đã họp", "held", "Họp"),
        MeetingStatus.POSTPONED: ("Hoãn", "postponed"),
        MeetingStatus.CANCELLED: ("Hủy", "cancelled", "Không họp"),
    }
)
REASONS: Final = Words(
    {
        InterruptionReason.EPIDEMIC: ("Dịch bệnh", "epidemic"),
        InterruptionReason.DISASTER: ("Thiên tai", "disaster"),
        InterruptionReason.URGENT_WORK: ("Nhiệm vụ đột xuất", "urgent_work"),
        InterruptionReason.NO_QUORUM: ("Không đủ số người", "no_quorum"),
        InterruptionReason.OTHER: ("Lý do khác", "other", "Khác"),
    }
)


def column_of(header: str) -> Column | None:
    """Return the column that a header names, by its own name or another that people write."""
    return _BY_HEADER.get(_key(header))


def _key(text: str) -> str:
    """Return what two ways of writing a header share: no diacritics, case, punctuation or note in brackets."""
    return " ".join(re.findall(r"[a-z0-9]+", re.sub(r"\([^)]*\)", " ", fold(text))))


_BY_HEADER: Final = {_key(name): column for column in COLUMNS for name in (column.name, *column.labels)}
