"""What papers say: the text of PDF and Word files, as readers of them find it."""

import io

import docx
from docx.oxml.ns import qn
from pypdf import PdfReader


def text_of_pdf(content: bytes) -> str:
    """Return the text of a PDF, with single spaces, without the numbers that pages have above."""
    texts = [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
    return spaced(" ".join(text.removeprefix(f"{number}\n") for number, text in enumerate(texts, 1)))


def text_of_docx(content: bytes) -> str:
    """Return the text of a Word document's body, with single spaces."""
    found = []
    for paragraph in docx.Document(io.BytesIO(content)).element.body.iter(qn("w:p")):
        found.append(" ")
        found += [
            (one.text or "") if one.tag == qn("w:t") else " " for one in paragraph.iter(qn("w:t"), qn("w:br"))
        ]
    return spaced("".join(found))


def spaced(text: str) -> str:
    """Return a text with single spaces; those that keep words together among them."""
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())
