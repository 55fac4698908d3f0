"""What can be wrong with a step of a transfer."""

from collections.abc import Mapping
from typing import Final

TRANSFERS: Final[Mapping[str, tuple[str, str]]] = {
    "transfer-open": (
        "Đảng viên đang có một lần chuyển sinh hoạt đảng {state} (ngày {day}). Hãy ghi tiếp nhận hoặc hủy lần đó "
        "trước.",
        "The member has an open transfer, last changed on {day}. Receive or cancel it first.",
    ),
    "transfer-out-of-order": (
        "Lần chuyển sinh hoạt đảng này {state} (ngày {day}) nên không {what} được. Hãy xem lại các bước đã ghi.",
        "The transfer is in another state since {day}; this step does not follow on it.",
    ),
    "transfer-step-before": (
        "Ngày {day} trước ngày của bước trước ({last}). Hãy kiểm tra hai ngày này.",
        "{day} is before the day of the step before, {last}. Check both days.",
    ),
    "transfer-not-overdue": (
        "Thời hạn tiếp nhận {until}, nên ngày {day} chưa ghi hết hạn được.",
        "The transfer is not overdue on {day}, so it does not expire yet.",
    ),
    "expiry-in-future": (
        "Ngày {day} chưa đến nên chưa ghi hết hạn được. Hãy kiểm tra ngày, nhất là năm.",
        "{day} has not come, so nothing can be recorded as expired on it. Check the day, and the year above all.",
    ),
    "transfer-in-future": (
        "Ngày {day} chưa đến nên chưa ghi bước này được. Hãy kiểm tra ngày, nhất là năm.",
        "{day} has not come, so no step can be recorded on it. Check the day, and the year above all.",
    ),
    "transfer-step-after": (
        "Ngày {day} sau ngày của bước tiếp theo ({next}). Hãy kiểm tra hai ngày này, hoặc sửa bước sau trước.",
        "{day} is after the day of the next step, {next}. Check both days, or correct the later step first.",
    ),
    "transfer-request-stays": (
        "Không hủy việc ghi đề nghị (sự kiện số {number}) được. Nếu việc chuyển không thành thì hãy ghi hủy lần "
        "chuyển.",
        "The request cannot be withdrawn from the record. Cancel the transfer if it came to nothing.",
    ),
    "transfer-step-not-last": (
        "Sự kiện số {number} không phải bước cuối nên chưa hủy được. Hãy hủy các bước sau trước.",
        "Fact {number} is not the last step. Withdraw the later ones first.",
    ),
    "transfer-of-one-gone": (
        "Đảng viên không còn trong danh sách nên lần chuyển này không thể còn dở dang. Hãy sửa việc rời danh sách "
        "trước.",
        "The member is no longer in the register, so the transfer cannot be open. Correct the departure first.",
    ),
    "transfer-fact": (
        "Sự kiện số {number} do lần chuyển sinh hoạt đảng đề nghị ngày {day} ghi. Hãy sửa hoặc hủy bước tiếp nhận "
        "của lần chuyển đó; hai nơi sẽ được sửa cùng lúc.",
        "Fact {number} was recorded by the transfer requested on {day}. Correct or withdraw that transfer's "
        "reception; both are then put right together.",
    ),
    "transfer-fact-gone": (
        "Lịch sử đảng viên không còn sự kiện do lần tiếp nhận ngày {day} ghi. Hãy xem lại lịch sử đảng viên và sửa "
        "cho khớp trước.",
        "The member's history no longer has what the reception on {day} recorded. Look at it and mend it first.",
    ),
    "transfer-nowhere": (
        "Chưa ghi nơi đến. Hãy ghi mã chi bộ đến, hoặc tên tổ chức đảng ngoài Đảng bộ Khối.",
        "There is no destination. Give a cell's code, or the name of the organisation outside.",
    ),
    "temporary-to-a-cell": (
        "Sinh hoạt tạm thời chỉ ghi giữa hai chi bộ trong sổ. Hãy ghi mã chi bộ đến và bỏ nơi ngoài Đảng bộ Khối.",
        "A temporary stay is in a cell of this register. Give the cell's code and leave out what is outside.",
    ),
    "until-of-temporary": (
        "Ngày kết thúc chỉ ghi cho sinh hoạt tạm thời. Hãy bỏ “{column}” hoặc chọn tạm thời.",
        "Only a temporary transfer has an end. Leave “{column}” out or say that it is temporary.",
    ),
    "until-before-request": (
        "Ngày kết thúc {until_on} phải sau ngày đề nghị {requested_on}.",
        "The end, {until_on}, must be after the request on {requested_on}.",
    ),
    "not-counted-then": (
        "Ngày {day} không có đảng viên nào mang mã này trong danh sách. Hãy kiểm tra mã và ngày; người từ nơi khác "
        "đến thì ghi cả chi bộ đến và nơi đi.",
        "On {day} no member with this code counts in the register. Check code and day; for somebody who comes from "
        "outside give both the cell and where they come from.",
    ),
    "other-origin": (
        "Ngày {day} đảng viên sinh hoạt ở chi bộ {value}. Hãy sửa chi bộ đi hoặc ngày đề nghị.",
        "On {day} the member belonged to {value}. Mend the origin or the day of the request.",
    ),
    "other-kind": (
        "Theo nơi đi và nơi đến thì hình thức chuyển là “{value}”. Hãy sửa cột này, nơi đi hoặc nơi đến.",
        "By both ends this transfer is of another kind. Mend the kind or the ends.",
    ),
    "received-without-release": (
        "Có ngày tiếp nhận mà không có ngày giới thiệu. Hãy ghi ngày giới thiệu.",
        "Received without having been released. Give the day of the release.",
    ),
    "papers-missing": (
        "Sổ chưa có người này. Khi tiếp nhận hãy ghi lai lịch theo hồ sơ: họ tên, ngày sinh, giới tính, dân tộc, "
        "ngày vào Đảng.",
        "The register does not know this person. Give who they are, as their papers say, when they are received.",
    ),
    "papers-not-wanted": (
        "Sổ đã có đảng viên này nên không ghi “{column}” khi tiếp nhận. Lai lịch sai thì sửa bằng lệnh sửa.",
        "The register knows this member; leave “{column}” out. Who somebody is can be put right by a correction.",
    ),
    "received-before-admission": (
        "Ngày tiếp nhận {received_on} trước ngày vào Đảng {admitted_on}. Hãy kiểm tra hai ngày này.",
        "Received on {received_on}, before the admission to the party on {admitted_on}. Check both days.",
    ),
    "confirmed-after-reception": (
        "Ngày chính thức {official_on} sau ngày tiếp nhận {day}. Hãy tiếp nhận là dự bị rồi ghi công nhận sau.",
        "Confirmed on {official_on}, after the reception on {day}. Receive them on probation and confirm them then.",
    ),
}
