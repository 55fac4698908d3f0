"""What may be wrong with a file that is sent, as messages of a service have it. Pure."""

from collections.abc import Mapping
from typing import Final

FILE_MESSAGES: Final[Mapping[str, tuple[str, str]]] = {
    "file-kind-unknown": (
        "Nội dung tệp không phải PDF, DOCX, XLSX, PNG hay JPEG. Hãy lưu lại một trong các dạng đó, không có macro.",
        "The file's content is no PDF, DOCX, XLSX, PNG or JPEG. Save it as one of these, without macros.",
    ),
}
