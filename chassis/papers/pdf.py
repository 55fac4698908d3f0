"""A Word document drawn as PDF. The same document gives the same bytes."""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any, Final
from xml.sax.saxutils import escape

from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_LEFT, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    Image,
    Indenter,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Spacer,
)
from reportlab.platypus import Paragraph as DrawnParagraph
from reportlab.platypus import Table as DrawnTable
from reportlab.platypus.doctemplate import LayoutError

from chassis.papers.document import (
    Align,
    Block,
    Cell,
    Count,
    Document,
    Look,
    Number,
    Page,
    Paragraph,
    Part,
    Picture,
    Sign,
    Table,
    Text,
)
from chassis.papers.faults import PaperFault
from chassis.papers.fonts import REGULAR, face, register, showable
from chassis.papers.reading import read

_ALIGNED: Final = {
    Align.LEFT: TA_LEFT,
    Align.CENTER: TA_CENTER,
    Align.RIGHT: TA_RIGHT,
    Align.BOTH: TA_JUSTIFY,
}
_PLACED: Final = {Align.LEFT: "LEFT", Align.CENTER: "CENTER", Align.RIGHT: "RIGHT", Align.BOTH: "LEFT"}
_NATURAL: Final = 1.2
"""How far lines are apart, by the size of their letters, where they are one natural distance apart."""
_DEEPER: Final = 2.0
"""How far letters of this font reach below a line of a cell, beyond those that documents are made with."""
_DRAWING: Final = Lock()
"""One paper at a time: reportlab keeps fonts and what it measured in tables of the process."""


@dataclass(frozen=True, slots=True)
class _Counts:
    """Numbers of pages as they stand."""

    page: int = 1
    pages: int = 1


def drawn(content: bytes) -> bytes:
    """Return a Word document as PDF. Raises PaperFault where it holds what cannot be drawn."""
    document = read(content)
    with _DRAWING:
        register()
        pdf, pages = _drawn(document, pages=1)
        # How many pages there are is known only then.
        return _drawn(document, pages=pages)[0] if pages > 1 and _tells_pages(document.page) else pdf


def _drawn(document: Document, *, pages: int) -> tuple[bytes, int]:
    page, file = document.page, io.BytesIO()
    story = list(_story(document))
    layout = BaseDocTemplate(
        file, pagesize=(page.width, page.height), title=document.title, author="", lang="vi-VN", invariant=1,
        pageCompression=1,
    )  # fmt: skip
    layout.addPageTemplates(
        [
            _template("first", page, page.first_header, page.first_footer, pages),
            _template("later", page, page.header, page.footer, pages),
        ]
    )
    try:
        layout.build([NextPageTemplate("later"), *(story or [Spacer(0, 0)])])
    except LayoutError as error:
        raise PaperFault("bản PDF không xếp được vào trang: có ô hoặc hình lớn hơn một trang") from error
    return file.getvalue(), layout.page


def _story(document: Document) -> Iterator[Flowable]:
    """Yield what flows over the pages: a heading not without what follows it, a row not in pieces if it fits."""
    page, blocks = document.page, document.blocks
    width, most = page.width - page.left - page.right, (page.height - page.top - page.bottom) / 2
    for number, block in enumerate(blocks):
        kept = _kept(blocks[number:])
        # What begins a page of its own has all its room, and a break before it would leave that page empty.
        on_new_page = isinstance(block, Paragraph) and block.on_new_page
        if not on_new_page and (len(kept) > 1 or isinstance(block, Table)):
            together = sum(_room(one, width) for one in kept[:-1]) + _least(kept[-1], width)
            # No more than half a page: whatever is asked for, there must be a page that has the room.
            yield CondPageBreak(min(together, most))
        yield from _flowables([block])


def _kept(blocks: Sequence[Block]) -> Sequence[Block]:
    """Return a block with those that it must not be parted from; the last is the first that lets go."""
    for count, block in enumerate(blocks, 1):
        if not (isinstance(block, Paragraph) and block.keep_with_next):
            return blocks[:count]
    return blocks


def _least(block: Block, width: float) -> float:
    """Return how high the least of a block is that stands by itself: two lines, a picture, or a row with those
    above it.
    """
    if isinstance(block, Paragraph):
        whole = _height([block], width) + block.before
        has_picture = any(isinstance(part, Picture) for part in block.parts)
        return whole if has_picture else min(whole, block.before + 2 * _leading(block))
    rows = block.header_rows + 1
    table = _table(replace(block, rows=rows, cells=_upper(block.cells, rows)), None)
    return float(table.wrap(width, 10_000)[1])


def _room(block: Block, width: float) -> float:
    """Return how high a block is with the room around it."""
    around = block.before + block.after if isinstance(block, Paragraph) else 0
    return _height([block], width) + around


def _upper(cells: Sequence[Cell], rows: int) -> list[Cell]:
    """Return the cells of the first rows, without what reaches below these."""
    return [replace(cell, rows=min(cell.rows, rows - cell.row)) for cell in cells if cell.row < rows]


def _tells_pages(page: Page) -> bool:
    stories = (page.header, page.footer, page.first_header, page.first_footer)
    parts = [part for story in stories for block in story for part in _parts_of(block)]
    return any(isinstance(part, Number) and part.count is Count.PAGES for part in parts)


def _parts_of(block: Block) -> Iterator[Part]:
    if isinstance(block, Paragraph):
        yield from block.parts
    else:
        for cell in block.cells:
            for inner in cell.blocks:
                yield from _parts_of(inner)


def _template(
    name: str, page: Page, header: Sequence[Block], footer: Sequence[Block], pages: int
) -> PageTemplate:
    """Return how pages of a kind are drawn: the text gives way to a header or footer higher than its margin."""
    width = page.width - page.left - page.right
    above = _height(header, width)
    below = _height(footer, width)
    top = max(page.top, page.header_at + above) if above else page.top
    bottom = max(page.bottom, page.footer_at + below) if below else page.bottom
    frame = Frame(
        page.left, bottom, width, page.height - top - bottom,
        leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0,
    )  # fmt: skip

    def draw(canvas: Canvas, _: BaseDocTemplate) -> None:
        counts = _Counts(canvas.getPageNumber(), pages)
        _stack(canvas, list(_flowables(header, counts)), page.left, page.height - page.header_at, width)
        _stack(canvas, list(_flowables(footer, counts)), page.left, page.footer_at + below, width)

    return PageTemplate(name, [frame], onPage=draw)


def _height(blocks: Sequence[Block], width: float) -> float:
    return sum((float(one.wrap(width, 10_000)[1]) for one in _flowables(blocks)), 0.0)


def _stack(canvas: Canvas, flowables: Sequence[Flowable], left: float, top: float, width: float) -> None:
    for one in flowables:
        if isinstance(one, Indenter):
            left += one.left
        else:
            top -= one.wrapOn(canvas, width, 10_000)[1]
            one.drawOn(canvas, left, top)


def _flowables(blocks: Sequence[Block], counts: _Counts | None = None) -> Iterator[Flowable]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield from _paragraph(block, counts or _Counts())
        elif block.indent:
            yield from (Indenter(block.indent), _table(block, counts), Indenter(-block.indent))
        else:
            yield _table(block, counts)


def _paragraph(block: Paragraph, counts: _Counts) -> Iterator[Flowable]:
    if block.on_new_page:
        yield PageBreak()
    for number, piece in enumerate(_pages(block.parts)):
        if number:
            yield PageBreak()
        if number and not piece:
            continue
        yield from _piece(replace(block, parts=piece), counts)


def _pages(parts: Sequence[Part]) -> list[list[Part]]:
    """Return parts as they come between breaks of the page."""
    pieces: list[list[Part]] = [[]]
    for part in parts:
        if part is Sign.PAGE_BREAK:
            pieces.append([])
        else:
            pieces[-1].append(part)
    return pieces


def _piece(block: Paragraph, counts: _Counts) -> Iterator[Flowable]:
    pictures = [part for part in block.parts if isinstance(part, Picture)]
    texts = [part for part in block.parts if not isinstance(part, Picture)]
    if pictures and any(not isinstance(one, Text) or one.text.strip() for one in texts):
        raise PaperFault("bản PDF chưa thể hiện được: hình nằm giữa chữ; hãy để hình ở đoạn riêng")
    for picture in pictures:
        yield _picture(picture, block)
    if pictures:
        return
    size, leading = _size(block), _leading(block)
    style = ParagraphStyle(
        "", fontName=REGULAR, fontSize=size, leading=leading, alignment=_ALIGNED[block.align],
        leftIndent=block.left, rightIndent=block.right, firstLineIndent=0 if block.label else block.first,
        bulletIndent=block.left + block.first, bulletFontName=REGULAR, bulletFontSize=size,
        spaceBefore=block.before, spaceAfter=block.after,
        allowWidows=0, allowOrphans=0,
    )  # fmt: skip
    markup = "".join(_markup(part, counts) for part in texts)
    if not markup and not block.label:
        yield Spacer(0, block.before + leading + block.after)
    else:
        yield DrawnParagraph(markup, style, bulletText=showable(block.label) if block.label else None)


def _size(block: Paragraph) -> float:
    return max(
        (part.look.size for part in block.parts if isinstance(part, Text | Number)), default=block.size
    )


def _leading(block: Paragraph) -> float:
    if block.lines is None:
        return block.distance
    return max(block.distance, block.lines * _NATURAL * _size(block))


def _markup(part: Part, counts: _Counts) -> str:
    match part:
        case Text(text, look):
            return _looking(_spaced(escape(showable(text))), look)
        case Number(count, look):
            return _looking(str(counts.page if count is Count.PAGE else counts.pages), look)
    return "<br/>"


def _spaced(text: str) -> str:
    """Return a text of which every space is seen: of several beside each other reportlab draws one."""
    return re.sub(r" {2,}", lambda several: "\N{NO-BREAK SPACE}" * (len(several[0]) - 1) + " ", text)


def _looking(text: str, look: Look) -> str:
    colour = f' color="#{look.colour}"' if look.colour else ""
    text = (
        f'<font name="{face(bold=look.bold, italic=look.italic)}" size="{look.size:g}"{colour}>{text}</font>'
    )
    for tag in (look.underline and "u", look.strike and "strike", look.raised):
        if tag:
            text = f"<{tag}>{text}</{tag}>"
    return text


def _picture(picture: Picture, block: Paragraph) -> Flowable:
    try:
        image = Image(io.BytesIO(picture.content), picture.width, picture.height, hAlign=_PLACED[block.align])
        image.wrap(0, 0)
    except OSError as error:
        raise PaperFault("bản PDF chưa thể hiện được: hình không phải PNG hay JPEG") from error
    image.spaceBefore, image.spaceAfter = block.before, block.after
    return image


def _table(table: Table, counts: _Counts | None) -> DrawnTable:
    above, right, below, left = table.padding
    content: list[list[Any]] = [["" for _ in table.widths] for _ in range(table.rows)]
    commands: list[tuple[Any, ...]] = [
        ("TOPPADDING", (0, 0), (-1, -1), above),
        ("RIGHTPADDING", (0, 0), (-1, -1), right),
        ("BOTTOMPADDING", (0, 0), (-1, -1), below + _DEEPER),
        ("LEFTPADDING", (0, 0), (-1, -1), left),
    ]
    for cell in table.cells:
        content[cell.row][cell.column] = _held(cell, counts)
        commands += _commands(cell)
    return DrawnTable(
        content, colWidths=list(table.widths), style=commands, repeatRows=table.header_rows,
        hAlign=_PLACED[table.align], splitInRow=1,
    )  # fmt: skip


def _held(cell: Cell, counts: _Counts | None) -> list[Flowable]:
    if any(isinstance(block, Table) for block in cell.blocks):
        raise PaperFault("bản PDF chưa thể hiện được: bảng trong ô của bảng")
    held = list(_flowables(cell.blocks, counts))
    if any(isinstance(one, PageBreak) for one in held):
        raise PaperFault("bản PDF chưa thể hiện được: ngắt trang trong ô của bảng")
    return held


def _commands(cell: Cell) -> Iterator[tuple[Any, ...]]:
    begins, ends = (cell.column, cell.row), (cell.column + cell.columns - 1, cell.row + cell.rows - 1)
    if begins != ends:
        yield ("SPAN", begins, ends)
    yield ("VALIGN", begins, begins, cell.align)
    if cell.fill:
        yield ("BACKGROUND", begins, ends, f"#{cell.fill}")
    for name, thickness in zip(
        ("LINEABOVE", "LINEAFTER", "LINEBELOW", "LINEBEFORE"), cell.lines, strict=True
    ):
        if thickness:
            first = (
                ends[0] if name == "LINEAFTER" else begins[0],
                ends[1] if name == "LINEBELOW" else begins[1],
            )
            last = (
                begins[0] if name == "LINEBEFORE" else ends[0],
                begins[1] if name == "LINEABOVE" else ends[1],
            )
            yield (name, first, last, thickness, "#000000")
