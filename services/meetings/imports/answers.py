"""What an import of past meetings answers, as the OpenAPI document has it."""

from typing import Final

from chassis.import_answers import file_body, import_answers
from services.meetings.faults import Fault
from services.meetings.imports.columns import COLUMNS

FILE_EXAMPLE: Final = (
    f"{','.join(column.name for column in COLUMNS)}\n"
    "K.01.02,regular,2020-03,held,2020-03-03 14:30,95,,11,10,1,0,7,4,3,,,\n"
    "K.01.02,regular,2020-04,postponed,,,,,,,,,,,epidemic,16/CT-TTg,2020-03-31\n"
)
IMPORT: Final = import_answers("meetings.csv", Fault("unknown-cell", "cell_code", {"code": "K.99"}))
MEETINGS_FILE: Final = file_body(FILE_EXAMPLE)
