"""What a Word document holds, as far as papers need it; all lengths in points."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum


class Align(StrEnum):
    """How lines of a paragraph stand."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"
    BOTH = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How letters look."""

    size: float
    bold: bool = False
    italic: bool = False
    underline: bool = False
    strike: bool = False
    colour: str | None = None
    """Six hexadecimal digits; None for black."""
    raised: str | None = None
    """`super` or `sub`."""


@dataclass(frozen=True, slots=True)
class Text:
    """Letters of one look."""

    text: str
    look: Look


class Sign(Enum):
    """What stands between texts."""

    LINE_BREAK = "line break"
    PAGE_BREAK = "page break"


class Count(Enum):
    """A number that is known once pages are drawn."""

    PAGE = "PAGE"
    PAGES = "NUMPAGES"


@dataclass(frozen=True, slots=True)
class Number:
    """A number of pages, in its look."""

    count: Count
    look: Look


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that stands in a line of its own."""

    content: bytes
    width: float
    height: float
    words: str = ""
    """What it shows, for whoever cannot see it."""


Part = Text | Sign | Number | Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Parts in lines."""

    parts: Sequence[Part]
    size: float
    """Of its letters where it has none: an empty paragraph is a line high."""
    align: Align = Align.LEFT
    left: float = 0
    right: float = 0
    first: float = 0
    """How much further in the first line begins; negative where it hangs out."""
    before: float = 0
    after: float = 0
    lines: float | None = 1
    """How far lines are apart, in natural distances; None where `distance` alone says it."""
    distance: float = 0
    """How far they are apart at least, or exactly."""
    label: str | None = None
    """Its number or sign in a list."""
    keep_with_next: bool = False
    on_new_page: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell of a table, where it begins; the places that it covers beside have none."""

    row: int
    column: int
    rows: int
    columns: int
    blocks: "Sequence[Block]"
    lines: tuple[float, float, float, float]
    """How thick the lines are above it, right, below and left; 0 for none."""
    fill: str | None = None
    align: str = "TOP"
    """`TOP`, `MIDDLE` or `BOTTOM`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Cells in rows; `widths` are those of its columns."""

    widths: Sequence[float]
    rows: int
    header_rows: int
    """How many rows are repeated on each page."""
    cells: Sequence[Cell]
    align: Align
    indent: float
    padding: tuple[float, float, float, float]
    """Around what a cell holds: above, right, below and left."""


Block = Paragraph | Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """How a page is laid out, and what is above and below the text on each, and on the first."""

    width: float
    height: float
    top: float
    right: float
    bottom: float
    left: float
    header_at: float
    footer_at: float
    header: Sequence[Block]
    footer: Sequence[Block]
    first_header: Sequence[Block]
    first_footer: Sequence[Block]


@dataclass(frozen=True, slots=True)
class Document:
    """A document of one section."""

    page: Page
    blocks: Sequence[Block]
    title: str
