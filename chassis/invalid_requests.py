"""What is wrong with a request that is not in the form of the OpenAPI document, in words, once a field.

Nothing that was sent is told back: it may hold personal data. A name that the caller made up is, where it looks like
the name of a field.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

_NAMES_SENT: Final = frozenset({"extra_forbidden", "unexpected_keyword_argument", "invalid_key"})
# Kinds of error of pydantic whose place ends with a name that the caller made up.
_FIELD_NAME: Final = re.compile(r"[a-z][a-zA-Z0-9_]{0,39}")

_INTEGER: Final = ("phải là số nguyên", "must be a whole number")
_NUMBER: Final = ("phải là số", "must be a number")
_TRUTH: Final = ("phải là true hoặc false", "must be true or false")
_TEXT: Final = ("phải là chữ (chuỗi JSON)", "must be text (a JSON string)")
_DAY: Final = (
    "phải là một ngày có thật, ghi năm-tháng-ngày, ví dụ 2026-11-30",
    "must be a real day, as year-month-day, such as 2026-11-30",
)
_INSTANT: Final = (
    "phải là thời điểm kèm múi giờ, ví dụ 2026-11-30T14:30:00+07:00",
    "must be a time with its zone, such as 2026-11-30T14:30:00+07:00",
)
_HOUR: Final = ("phải là giờ, ví dụ 14:30", "must be a time of day, such as 14:30")
_UUID: Final = ("phải là một mã định danh (UUID)", "must be a UUID")
_URL: Final = ("phải là một địa chỉ (URL)", "must be a URL")
_LIST: Final = ("phải là danh sách (mảng JSON)", "must be a list (a JSON array)")
_OBJECT: Final = ("phải là đối tượng JSON", "must be a JSON object")
_UNKNOWN: Final = (
    "hệ thống không có trường này; hãy bỏ đi hoặc sửa lại tên trường",
    "no such field; leave it out or correct its name",
)
_WORD: Final = ("phải là một trong các từ: {expected}", "must be one of: {expected}")

KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "missing": ("còn thiếu; hãy ghi thêm", "is missing; add it"),
    **dict.fromkeys(_NAMES_SENT, _UNKNOWN),
    "json_invalid": (
        "không phải JSON đúng; hãy kiểm tra dấu ngoặc, dấu phẩy và ngoặc kép ở quanh chỗ này",
        "is not valid JSON; check brackets, commas and quotes around this place",
    ),
    "enum": _WORD,
    "literal_error": _WORD,
    "union_tag_invalid": ("phải là một trong các từ: {expected_tags}", "must be one of: {expected_tags}"),
    "union_tag_not_found": ("còn thiếu {discriminator}", "lacks {discriminator}"),
    "string_type": _TEXT,
    "string_too_short": (
        "phải có ít nhất {min_length} ký tự, không để trống",
        "must have at least {min_length} characters",
    ),
    "string_too_long": ("chỉ được dài nhất {max_length} ký tự", "must have at most {max_length} characters"),
    "string_pattern_mismatch": ("phải theo dạng {pattern}", "must match {pattern}"),
    **dict.fromkeys(("int_type", "int_parsing", "int_parsing_size", "int_from_float"), _INTEGER),
    **dict.fromkeys(
        ("float_type", "float_parsing", "finite_number", "decimal_type", "decimal_parsing"), _NUMBER
    ),
    **dict.fromkeys(("bool_type", "bool_parsing"), _TRUTH),
    **dict.fromkeys(
        ("date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact"), _DAY
    ),
    **dict.fromkeys(
        ("datetime_type", "datetime_parsing", "datetime_from_date_parsing", "timezone_aware"), _INSTANT
    ),
    **dict.fromkeys(("time_type", "time_parsing"), _HOUR),
    **dict.fromkeys(("uuid_type", "uuid_parsing", "uuid_version"), _UUID),
    **dict.fromkeys(("url_type", "url_parsing"), _URL),
    **dict.fromkeys(("list_type", "tuple_type", "set_type", "frozen_set_type"), _LIST),
    **dict.fromkeys(("dict_type", "model_type", "model_attributes_type", "dataclass_type"), _OBJECT),
    "too_short": ("phải có ít nhất {min_length} mục", "must have at least {min_length} items"),
    "too_long": ("chỉ được có nhiều nhất {max_length} mục", "must have at most {max_length} items"),
    "greater_than": ("phải lớn hơn {gt}", "must be greater than {gt}"),
    "greater_than_equal": ("phải từ {ge} trở lên", "must be {ge} or more"),
    "less_than": ("phải nhỏ hơn {lt}", "must be less than {lt}"),
    "less_than_equal": ("chỉ được đến {le}", "must be {le} or less"),
    "value_error": ("{error}", "is not possible: {error}"),
}
"""By pydantic's kind of error, in Vietnamese and English; a rule of our own (`value_error`) has its Vietnamese."""
_OTHERWISE: Final = (
    "chưa đúng dạng trong tài liệu của API",
    "is not in the form that the API's document gives",
)


def example(where: str) -> dict[str, str]:
    """Return what is said of a place where a number is too small, for the OpenAPI document."""
    return _told(where, [_in_words("greater_than_equal", {"ge": 1})])


def places(errors: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Return where a request is wrong (`where`) and how to mend it (`why`, `why_en`), each place once.

    `errors` are pydantic's: `type`, `loc` and perhaps `ctx`.
    """
    found: dict[str, list[tuple[str, str]]] = {}
    for error in errors:
        whys = found.setdefault(_where(error), [])
        why = _in_words(error["type"], error.get("ctx", {}))
        if why not in whys:
            whys.append(why)
    return [_told(where, whys) for where, whys in found.items()]


def _where(error: Mapping[str, Any]) -> str:
    *before, last = error["loc"] or ("",)
    made_up = error["type"] in _NAMES_SENT and not _FIELD_NAME.fullmatch(str(last))
    return ".".join(str(part) for part in (before if made_up else (*before, last)))


def _in_words(kind: str, context: Mapping[str, Any]) -> tuple[str, str]:
    vietnamese, english = KINDS.get(kind, _OTHERWISE)
    # Pydantic has an English "or" before the last of some words.
    told = {name: re.sub("(?<=') or (?=')", ", ", str(value)) for name, value in context.items()}
    return vietnamese.format_map(told), english.format_map(told)


def _told(where: str, whys: Sequence[tuple[str, str]]) -> dict[str, str]:
    return {
        "where": where,
        "why": "; hoặc ".join(vietnamese for vietnamese, _ in whys),
        "why_en": "; or ".join(english for _, english in whys),
    }
