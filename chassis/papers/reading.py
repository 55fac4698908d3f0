"""A Word document read, with all that styles say worked out.

What is not known here is refused by its name: a paper must not lose what somebody put into its template.
"""

import io
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import docx
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.section import _Footer, _Header

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
from chassis.papers.lists import Lists

Element = Any
"""An element of lxml."""
Properties = dict[str, dict[str, str]]
"""What is said of a run, paragraph or table: attributes by tag, both without their prefix."""

_NAMES: Final[Mapping[str, str]] = {
    "w:footnoteReference": "chú thích cuối trang",
    "w:endnoteReference": "chú thích cuối văn bản",
    "w:commentReference": "ghi chú bên lề (comment)",
    "w:ins": "sửa đổi đang theo dõi (Track Changes)",
    "w:del": "sửa đổi đang theo dõi (Track Changes)",
    "w:sdt": "ô nhập nội dung (content control)",
    "w:object": "đối tượng nhúng",
    "w:pict": "hình vẽ, khung chữ hoặc hình mờ kiểu cũ",
    "mc:AlternateContent": "hình vẽ hoặc khung chữ",
    "wp:anchor": "hình nổi; hãy đặt hình “In Line with Text”",
    "m:oMath": "công thức",
    "m:oMathPara": "công thức",
    "w:pBdr": "đường viền của đoạn văn; hãy dùng bảng hoặc gạch chân",
    "w:shd": "màu nền của chữ hoặc đoạn văn",
    "w:highlight": "màu đánh dấu của chữ",
    "w:vanish": "chữ ẩn",
    "w:sym": "ký hiệu của phông chữ riêng",
    "w:framePr": "khung chữ",
    "w:pgBorders": "viền trang",
    "w:tblpPr": "bảng nổi; hãy bỏ “Text wrapping” của bảng",
    "w:tblStylePr": "kiểu bảng có định dạng riêng cho từng dòng, cột; hãy dùng kiểu Table Grid",
    "w:textDirection": "chữ xoay trong ô",
}
_PASSED_OVER: Final = frozenset(
    {
        "w:bookmarkStart", "w:bookmarkEnd", "w:proofErr", "w:lastRenderedPageBreak", "w:permStart", "w:permEnd",
        "w:commentRangeStart", "w:commentRangeEnd",
    }
)  # fmt: skip
"""What shows nothing."""
_LETTERS: Final = {
    "w:rPr": "",
    "w:tab": "\t",
    "w:noBreakHyphen": "\N{NON-BREAKING HYPHEN}",
    "w:softHyphen": "\N{SOFT HYPHEN}",
}
_OF_LETTERS: Final = frozenset(
    {
        "b", "i", "u", "strike", "sz", "color", "vertAlign", "caps",
        # Without effect here: the font is one, and of other scripts and of spelling there is nothing to draw.
        "rFonts", "rStyle", "bCs", "iCs", "szCs", "lang", "noProof", "kern", "spacing", "w", "fitText", "webHidden",
        "rtl", "cs", "ligatures",
    }
)  # fmt: skip
_OF_PARAGRAPHS: Final = frozenset(
    {
        "jc", "ind", "spacing", "keepNext", "pageBreakBefore", "numPr",
        # Without effect here: how lines are broken is reportlab's, and of tabs only those at the start are drawn.
        "pStyle", "rPr", "keepLines", "widowControl", "contextualSpacing", "tabs", "outlineLvl",
        "suppressAutoHyphens", "snapToGrid", "autoSpaceDE", "autoSpaceDN", "adjustRightInd", "textAlignment",
        "suppressLineNumbers", "kinsoku", "overflowPunct", "bidi", "wordWrap",
    }
)  # fmt: skip
_OF_SECTIONS: Final = frozenset(
    {
        "pgSz", "pgMar", "cols", "headerReference", "footerReference", "titlePg", "pgNumType", "type", "docGrid",
        "formProt", "noEndnote", "footnotePr", "endnotePr", "paperSrc", "bidi", "rtlGutter",
    }
)  # fmt: skip
_ALIGNED: Final = {
    "left": Align.LEFT, "start": Align.LEFT, "center": Align.CENTER, "right": Align.RIGHT, "end": Align.RIGHT,
    "both": Align.BOTH, "distribute": Align.BOTH,
}  # fmt: skip
_OPPOSITES: Final = (("firstLine", "hanging"), ("hanging", "firstLine"))
_OFF: Final = frozenset({"0", "false", "off", "none"})
_SIDES: Final = (("top", "insideH"), ("right", "insideV"), ("bottom", "insideH"), ("left", "insideV"))
_TAB: Final = 36.0
"""Where Word's tab stops are, unless a document says otherwise."""


def read(content: bytes) -> Document:
    """Return a Word document. Raises PaperFault where it holds what is not known here."""
    word = docx.Document(io.BytesIO(content))
    if len(word.sections) > 1:
        raise _unknown("nhiều phần (section break)")
    reader = _Reader(word)
    section = word.sections[0]
    _check_section(_merged([section._sectPr]))
    if word.settings.odd_and_even_pages_header_footer:
        raise _unknown("đầu trang, chân trang riêng cho trang chẵn, lẻ")
    header, footer = reader.margin(section.header), reader.margin(section.footer)
    other_first = section.different_first_page_header_footer
    page = Page(
        width=_points(section.page_width),
        height=_points(section.page_height),
        top=_points(section.top_margin),
        right=_points(section.right_margin),
        bottom=_points(section.bottom_margin),
        left=_points(section.left_margin),
        header_at=_points(section.header_distance),
        footer_at=_points(section.footer_distance),
        header=header,
        footer=footer,
        first_header=reader.margin(section.first_page_header) if other_first else header,
        first_footer=reader.margin(section.first_page_footer) if other_first else footer,
    )
    return Document(page, reader.blocks(word.element.body, word.part), word.core_properties.title)


def _check_section(said: Properties) -> None:
    """Raise PaperFault where a section has what is not known here."""
    if int(said.get("cols", {}).get("num", "1")) > 1:
        raise _unknown("nhiều cột")
    if said.get("pgNumType", {}).get("start") or said.get("pgNumType", {}).get("fmt", "decimal") != "decimal":
        raise _unknown("số trang bắt đầu từ số khác hoặc không phải số thường")
    for name in said.keys() - _OF_SECTIONS:
        raise _unknown(_NAMES.get(f"w:{name}", f"w:{name}"))


class _Reader:
    """Reads the blocks of one document by its styles; numbers of lists go on from block to block."""

    def __init__(self, word: WordDocument) -> None:
        styles = word.styles.element
        self._styles = {style.get(qn("w:styleId")): style for style in styles.findall(qn("w:style"))}
        self._default = {
            style.get(qn("w:type")): style.get(qn("w:styleId"))
            for style in styles.findall(qn("w:style"))
            if style.get(qn("w:default")) in {"1", "true", "on"}
        }
        defaults = styles.find(qn("w:docDefaults"))
        self._base = {
            kind: [] if defaults is None else defaults.findall(f"{qn(f'w:{kind}Default')}/{qn(f'w:{kind}')}")
            for kind in ("rPr", "pPr")
        }
        numbering = next(
            (part for part in word.part.package.iter_parts() if part.partname == "/word/numbering.xml"), None
        )
        self._lists = Lists(None if numbering is None else numbering.element)

    def margin(self, story: _Header | _Footer) -> Sequence[Block]:
        """Return what is above or below the text."""
        return self.blocks(story._element, story.part, counting=True)

    def blocks(self, holder: Element, part: Any, *, counting: bool = False) -> list[Block]:
        """Return the blocks of a body, a cell or a margin; numbers of pages only with `counting`."""
        found: list[Block] = []
        for child in holder:
            match _tag(child):
                case "w:p":
                    found.append(self._paragraph(child, part, counting=counting))
                case "w:tbl":
                    found.append(self._table(child, part, counting=counting))
                case "w:sectPr" | "w:tcPr":
                    pass
                case tag if tag not in _PASSED_OVER:
                    raise _unknown(_NAMES.get(tag, tag))
        return found

    # Paragraphs.

    def _paragraph(self, element: Element, part: Any, *, counting: bool) -> Paragraph:
        own = element.find(qn("w:pPr"))
        chain = self._chain(_value(own, "pStyle") or self._default.get("paragraph"))
        direct = [] if own is None else [own]
        said = _merged([*self._base["pPr"], *_properties_in(chain, "pPr"), *direct])
        _check(said, _OF_PARAGRAPHS, element)
        label, indents = self._lists.label(_list_of([*_properties_in(chain, "pPr"), *direct]))
        if indents:
            # What the list says of indents comes before what the paragraph itself does.
            said["ind"] = said.get("ind", {}) | indents | _merged(direct).get("ind", {})
        letters = [*self._base["rPr"], *_properties_in(chain, "rPr")]
        parts = _joined(self._parts(element, letters, part, counting=counting))
        tabs, parts = _leading_tabs(parts, element)
        mark = None if own is None else own.find(qn("w:rPr"))
        indent, spacing = said.get("ind", {}), said.get("spacing", {})
        rule, line = spacing.get("lineRule", "auto"), float(spacing.get("line", 240))
        return Paragraph(
            parts=parts,
            size=_look(_merged([*letters, *([] if mark is None else [mark])])).size,
            align=_ALIGNED.get(said.get("jc", {}).get("val", "left"), Align.LEFT),
            left=_twips(indent.get("left") or indent.get("start")),
            right=_twips(indent.get("right") or indent.get("end")),
            first=_twips(indent.get("firstLine")) - _twips(indent.get("hanging")) + tabs * _TAB,
            before=_twips(spacing.get("before")),
            after=_twips(spacing.get("after")),
            lines={"auto": line / 240, "exact": None}.get(rule, 1),
            distance=0 if rule == "auto" else line / 20,
            label=label,
            keep_with_next=_is_on(said, "keepNext"),
            on_new_page=_is_on(said, "pageBreakBefore"),
        )

    def _parts(
        self, holder: Element, letters: Sequence[Element], part: Any, *, counting: bool
    ) -> Iterator[Part]:
        field = _Field()
        for child in holder:
            match _tag(child):
                case "w:r":
                    yield from self._run(child, letters, part, field, counting=counting)
                case "w:hyperlink" | "w:smartTag":
                    yield from self._parts(child, letters, part, counting=counting)
                case "w:fldSimple":
                    field.instruction = child.get(qn("w:instr"), "")
                    runs = child.findall(qn("w:r"))
                    yield _number(
                        field.instruction,
                        _look(self._said_of(runs[0] if runs else child, letters)),
                        counting=counting,
                    )
                    field.instruction = ""
                case "w:pPr":
                    pass
                case tag if tag not in _PASSED_OVER:
                    raise _unknown(_NAMES.get(tag, tag), holder)

    def _run(
        self, run: Element, letters: Sequence[Element], part: Any, field: "_Field", *, counting: bool
    ) -> Iterator[Part]:
        said = self._said_of(run, letters)
        look, upper = _look(said), _is_on(said, "caps")
        for child in run:
            match _tag(child):
                case "w:fldChar" | "w:instrText":
                    if field.takes(child):
                        yield _number(field.instruction, look, counting=counting)
                case _ if field.shows_result:
                    pass  # what Word last showed for a field
                case "w:drawing":
                    yield _picture(child, part)
                case tag if tag not in _PASSED_OVER:
                    found = _written(tag, child, run)
                    if isinstance(found, Sign):
                        yield found
                    else:
                        yield Text(found.upper() if upper else found, look)

    def _said_of(self, run: Element, letters: Sequence[Element]) -> Properties:
        own = run.find(qn("w:rPr"))
        chain = _properties_in(self._chain(_value(own, "rStyle")), "rPr")
        said = _merged([*letters, *chain, *([] if own is None else [own])])
        _check(said, _OF_LETTERS, run.getparent())
        return said

    def _chain(self, style_id: str | None) -> list[Element]:
        """Return a style after those that it is based on."""
        chain: list[Element] = []
        while (
            style_id is not None and (style := self._styles.get(style_id)) is not None and style not in chain
        ):
            chain.insert(0, style)
            style_id = _value(style, "basedOn")
        return chain

    # Tables.

    def _table(self, element: Element, part: Any, *, counting: bool) -> Table:
        own = element.find(qn("w:tblPr"))
        chain = self._chain(_value(own, "tblStyle") or self._default.get("table"))
        levels = [*_properties_in(chain, "tblPr"), *([] if own is None else [own])]
        said = _merged(levels)
        for name in ("tblpPr", "tblStylePr"):
            if name in said or any(style.find(qn(f"w:{name}")) is not None for style in chain):
                raise _unknown(_NAMES[f"w:{name}"], element)
        lines, margins = _deep(levels, "tblBorders"), _deep(levels, "tblCellMar")
        widths = [
            _twips(column.get(qn("w:w")))
            for column in element.findall(f"{qn('w:tblGrid')}/{qn('w:gridCol')}")
        ]
        rows = element.findall(qn("w:tr"))
        found = _Grid(rows=len(rows), columns=len(widths), lines=lines)
        header_rows = 0
        for index, row in enumerate(rows):
            properties = row.find(qn("w:trPr"))
            if header_rows == index and _is_on(
                _merged([] if properties is None else [properties]), "tblHeader"
            ):
                header_rows += 1
            for child in row:
                if _tag(child) not in {"w:tc", "w:trPr", "w:tblPrEx", *_PASSED_OVER}:
                    raise _unknown(_NAMES.get(_tag(child), _tag(child)), row)
            column = 0
            for cell in row.findall(qn("w:tc")):
                column += found.add(cell, index, column, self.blocks(cell, part, counting=counting))
        return Table(
            widths=widths,
            rows=len(rows),
            header_rows=header_rows if header_rows < len(rows) else 0,
            cells=found.cells(),
            align=_ALIGNED.get(said.get("jc", {}).get("val", "left"), Align.LEFT),
            indent=_twips(said.get("tblInd", {}).get("w")),
            padding=tuple(_twips(margins.get(side, {}).get("w")) for side, _ in _SIDES),  # type: ignore[arg-type]
        )


@dataclass(slots=True)
class _Field:
    """A field that spreads over runs: its instruction, then what Word last showed for it."""

    instruction: str = ""
    shows_result: bool = False

    def takes(self, mark: Element) -> bool:
        """Take a mark of the field or a piece of its instruction; return whether the instruction is whole now."""
        kind = mark.get(qn("w:fldCharType"))
        if kind is None:
            self.instruction += mark.text or ""
            return False
        if kind == "begin":
            self.instruction, self.shows_result = "", False
            return False
        whole = kind == "separate" or not self.shows_result
        self.shows_result = kind == "separate"
        return whole


class _Grid:
    """The cells of a table while they are read: those merged downwards grow row by row."""

    def __init__(self, *, rows: int, columns: int, lines: Properties) -> None:
        self._rows, self._columns, self._lines = rows, columns, lines
        self._cells: dict[tuple[int, int], Cell] = {}
        self._open: dict[int, tuple[int, int]] = {}
        """Where the cell begins that may go on in a column."""
        self._own: dict[tuple[int, int], Properties] = {}

    def add(self, element: Element, row: int, column: int, blocks: Sequence[Block]) -> int:
        """Add a cell at its place; return how many columns it takes."""
        own = element.find(qn("w:tcPr"))
        said = _merged([] if own is None else [own])
        if said.get("textDirection", {}).get("val", "lrTb") != "lrTb":
            raise _unknown(_NAMES["w:textDirection"], element)
        columns = int(said.get("gridSpan", {}).get("val", "1"))
        merged = "vMerge" in said and said["vMerge"].get("val", "continue") == "continue"
        if merged and column in self._open:
            begins = self._open[column]
            self._cells[begins] = replace(self._cells[begins], rows=row - begins[0] + 1)
            return columns
        self._open.pop(column, None)
        if "vMerge" in said:
            self._open[column] = (row, column)
        fill = said.get("shd", {}).get("fill", "auto")
        self._own[row, column] = {} if own is None else _deep([own], "tcBorders")
        self._cells[row, column] = Cell(
            row=row, column=column, rows=1, columns=columns, blocks=blocks, lines=(0, 0, 0, 0),
            fill=None if fill == "auto" else fill,
            align={"center": "MIDDLE", "bottom": "BOTTOM"}.get(said.get("vAlign", {}).get("val", ""), "TOP"),
        )  # fmt: skip
        return columns

    def cells(self) -> list[Cell]:
        """Return the cells with their lines: their own, else the table's around or between cells."""
        return [replace(cell, lines=self._lines_of(place, cell)) for place, cell in self._cells.items()]

    def _lines_of(self, place: tuple[int, int], cell: Cell) -> tuple[float, float, float, float]:
        outer = (
            cell.row == 0,
            cell.column + cell.columns >= self._columns,
            cell.row + cell.rows >= self._rows,
            cell.column == 0,
        )
        own = self._own[place]
        found = []
        for (side, inner), is_outer in zip(_SIDES, outer, strict=True):
            line = own.get(side) or self._lines.get(side if is_outer else inner) or {}
            found.append(0.0 if line.get("val", "nil") in {"nil", "none"} else float(line.get("sz", 4)) / 8)
        return found[0], found[1], found[2], found[3]


def _written(tag: str, element: Element, run: Element) -> str | Sign:
    """Return what an element of a run writes. Raises PaperFault for one that is not known."""
    match tag:
        case "w:t":
            return unicodedata.normalize("NFC", element.text or "")
        case "w:br" | "w:cr":
            return Sign.PAGE_BREAK if element.get(qn("w:type")) == "page" else Sign.LINE_BREAK
        case _ if tag in _LETTERS:
            return _LETTERS[tag]
    raise _unknown(_NAMES.get(tag, tag), run.getparent())


def _picture(drawing: Element, part: Any) -> Picture:
    inline = drawing.find(qn("wp:inline"))
    if inline is None:
        raise _unknown(_NAMES["wp:anchor"])
    blip = inline.find(f".//{qn('a:blip')}")
    if blip is None or (link := blip.get(qn("r:embed"))) is None:
        raise _unknown("biểu đồ hoặc hình vẽ của Word; hãy dán thành ảnh")
    extent = inline.find(qn("wp:extent"))
    return Picture(
        part.related_parts[link].blob, _points(int(extent.get("cx"))), _points(int(extent.get("cy")))
    )


def _number(instruction: str, look: Look, *, counting: bool) -> Number:
    name = (instruction.split() or [""])[0].upper()
    if not counting or name not in {count.value for count in Count}:
        raise _unknown(f"trường tự động {name or '?'}")
    return Number(Count(name), look)


def _joined(parts: Iterator[Part]) -> list[Part]:
    """Return parts with neighbouring texts of one look as one, without empty ones."""
    found: list[Part] = []
    for part in parts:
        last = found[-1] if found else None
        if isinstance(part, Text) and isinstance(last, Text) and last.look == part.look:
            found[-1] = Text(last.text + part.text, part.look)
        elif not isinstance(part, Text) or part.text:
            found.append(part)
    return found


def _leading_tabs(parts: list[Part], element: Element) -> tuple[int, list[Part]]:
    """Return how many tabs a paragraph begins with, and its parts without them. Others stand for places in a line."""
    tabs = 0
    while parts and isinstance(first := parts[0], Text) and first.text.startswith("\t"):
        tabs += 1
        parts = [*([Text(first.text[1:], first.look)] if first.text[1:] else []), *parts[1:]]
    if any(isinstance(part, Text) and "\t" in part.text for part in parts):
        raise _unknown("dấu tab giữa dòng; hãy dùng bảng không viền", element)
    return tabs, parts


def _look(said: Properties) -> Look:
    colour = said.get("color", {}).get("val", "auto")
    raised = {"superscript": "super", "subscript": "sub"}.get(said.get("vertAlign", {}).get("val", ""))
    return Look(
        size=float(said.get("sz", {}).get("val", 20)) / 2,
        bold=_is_on(said, "b"),
        italic=_is_on(said, "i"),
        underline=_is_on(said, "u"),
        strike=_is_on(said, "strike"),
        colour=None if colour == "auto" else colour,
        raised=raised,
    )


def _list_of(levels: Sequence[Element]) -> tuple[str, int] | None:
    """Return the list of a paragraph and its level in it, by the last that speaks of one."""
    said = _deep(levels, "numPr")
    number = said.get("numId", {}).get("val", "0")
    return None if number == "0" else (number, int(said.get("ilvl", {}).get("val", "0")))


def _is_on(said: Properties, name: str) -> bool:
    return name in said and said[name].get("val", "1") not in _OFF


def _merged(levels: Sequence[Element]) -> Properties:
    """Return what elements say together: what comes later goes before, attribute by attribute."""
    found: Properties = {}
    for level in levels:
        for child in level:
            name = _local(child)
            own = {_local_name(key): value for key, value in child.attrib.items()}
            before = found.get(name, {}) if name in {"ind", "spacing"} else {}
            # A first line hangs out or goes in: who says one takes the other back.
            ended = {other for one, other in _OPPOSITES if one in own and other not in own}
            found[name] = {key: value for key, value in before.items() if key not in ended} | own
    return found


def _deep(levels: Sequence[Element], name: str) -> Properties:
    """Return the same of the children of one element of each."""
    inner = [child for level in levels if (child := level.find(qn(f"w:{name}"))) is not None]
    said = _merged(inner)
    return {{"start": "left", "end": "right"}.get(key, key): value for key, value in said.items()}


def _properties_in(styles: Sequence[Element], name: str) -> list[Element]:
    return [found for style in styles if (found := style.find(qn(f"w:{name}"))) is not None]


def _check(said: Properties, known: frozenset[str], element: Element) -> None:
    for name, attributes in said.items():
        if name not in known and attributes.get("val") not in {*_OFF, "clear", "nil"}:
            raise _unknown(_NAMES.get(f"w:{name}", f"w:{name}"), element)


def _value(holder: Element | None, name: str) -> str | None:
    found = None if holder is None else holder.find(qn(f"w:{name}"))
    return None if found is None else found.get(qn("w:val"))


def _tag(element: Element) -> str:
    """Return an element's tag with its prefix, such as `w:p`."""
    if not isinstance(element.tag, str):
        return "w:proofErr"  # a comment of XML or the like, which shows nothing
    prefix = element.prefix
    return f"{prefix}:{_local(element)}" if prefix else _local(element)


def _local(element: Element) -> str:
    return _local_name(element.tag)


def _local_name(name: str) -> str:
    return name.rpartition("}")[2]


def _twips(value: str | None) -> float:
    """Return twentieths of a point as points; what is no whole number, such as `auto`, is 0."""
    return int(value) / 20 if value and value.lstrip("-").isdecimal() else 0.0


def _points(length: int | None) -> float:
    """Return Word's units of length (English Metric Units) as points."""
    return (length or 0) / 12700


def _unknown(what: str, element: Element | None = None) -> PaperFault:
    text = (
        ""
        if element is None
        else " ".join("".join(one.text or "" for one in element.iter(qn("w:t"))).split())
    )
    near = f", ở chỗ “{text[:60]}”" if text else ""
    return PaperFault(f"bản PDF chưa thể hiện được: {what}{near}")
