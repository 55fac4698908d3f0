"""The command line has words for every event that a diff between two frozen figures may name."""

from chibo.reporting.event_words import CAUSES, name_of, told
from contracts.membership import Cause
from services.reporting.consumers import SUBSCRIPTIONS


def test_every_event_that_is_counted_has_words():
    types = {type_ for _, handler in SUBSCRIPTIONS for type_ in handler.types}
    assert [type_ for type_ in types if name_of(type_) == type_] == []
    assert {cause.value for cause in Cause} == CAUSES.keys()


def test_a_departure_tells_its_reason_and_an_unknown_type_what_it_is_about():
    assert told("vn.chibo.membership.member-left.v1", ["died"]) == "Ra khỏi danh sách (từ trần)"
    assert told("vn.chibo.membership.member-admitted.v1", ["admitted"]) == "Kết nạp"
    assert told(None, ["transfer", "visit"]) == "chuyển sinh hoạt đảng, lần dự của tổ công tác"
