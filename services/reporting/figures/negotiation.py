"""Which form an answer has: by `format`, else by what the caller accepts (RFC 9110, section 12.5.1). Pure."""

from collections.abc import Iterator
from typing import Final

from chassis.problems import Problem
from services.reporting import parameters
from services.reporting.figures.forms import MEDIA_TYPES
from services.reporting.figures.question import Form


def form_of(format_: str | None, accept: str | None) -> Form:
    """Return the form wanted. Raises Problem `invalid-parameter` (400) and `not-acceptable` (406)."""
    if format_ is not None:
        if format_ not in set(Form):
            raise parameters.wrong(
                "format",
                f"Không có dạng “{format_[:50]}”; dùng được: {', '.join(Form)}.",
                allowed=tuple(Form),
            )
        return Form(format_)
    if not accept:
        return Form.JSON
    ranges = list(_ranges(accept))
    # The first of the best: a caller that takes anything is given JSON.
    quality, form = max(
        ((_quality(MEDIA_TYPES[form], ranges), -place, form) for place, form in enumerate(Form))
    )[::2]
    if quality <= 0:
        raise not_acceptable()
    return form


def not_acceptable() -> Problem:
    """Return the answer where none of the forms is accepted."""
    return Problem(
        "not-acceptable", 406, title="Không có dạng trả lời phù hợp", title_en="Not acceptable",
        detail=f"Hãy nhận một trong các dạng {', '.join(MEDIA_TYPES.values())}, hoặc ghi format=.",
        allowed=_FORMS,
    )  # fmt: skip


_FORMS: Final = tuple(MEDIA_TYPES.values())


def _ranges(accept: str) -> Iterator[tuple[str, float]]:
    for part in accept.split(","):
        name, *parameters_ = (piece.strip().lower() for piece in part.split(";"))
        quality = next((text[2:] for text in parameters_ if text.startswith("q=")), "1")
        try:
            yield name, float(quality)
        except ValueError:
            yield name, 0.0


def _quality(media_type: str, ranges: list[tuple[str, float]]) -> float:
    """Return how much a media type is wanted: as the most exact of the ranges says that it is in."""
    main = media_type.partition("/")[0]
    for wanted in (media_type, f"{main}/*", "*/*"):
        found = [quality for name, quality in ranges if name == wanted]
        if found:
            return max(found)
    return 0.0
