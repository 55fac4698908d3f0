"""How fresh a consumer says that it is: never fresher than what it has handled, whatever comes meanwhile."""

import asyncio
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import REGISTRY

from chassis.lag import Lag

START = 1000.0


class Told:
    """A lag and what is exported of it."""

    def __init__(self) -> None:
        self.name = f"c-{uuid4()}"
        self.lag = Lag(self.name, "t", clock=lambda: START)
        self.telling = self.lag.told()
        self.telling.__enter__()

    @property
    def fresh(self):
        labels = {"consumer": self.name, "topic": "t"}
        return REGISTRY.get_sample_value("chibo_consumer_fresh_timestamp_seconds", labels)

    def records(self, partition):
        labels = {"consumer": self.name, "topic": "t", "partition": str(partition)}
        return REGISTRY.get_sample_value("chibo_consumer_lag_records", labels)


def test_a_consumer_that_has_handled_all_is_fresh_as_of_the_asking_however_quiet_it_is():
    told = Told()
    for at in (1010.0, 1020.0):
        told.lag.measured(at, {0: 0, 1: 0})
        assert told.fresh == at
    assert told.records(0) == told.records(1) == 0


def test_one_that_never_gets_going_is_as_old_as_its_process():
    told = Told()
    told.lag.measured(1010.0, {0: 5})
    told.lag.measured(1020.0, {0: 5})
    assert told.fresh == START
    assert told.records(0) == 5


def test_one_that_is_always_a_little_behind_is_fresh_as_of_what_it_was_asked_before():
    told = Told()
    told.lag.measured(1010.0, {0: 10})
    told.lag.handled(0, 12, 15)
    told.lag.measured(1020.0, {0: 20})
    assert told.fresh == 1010.0
    told.lag.handled(0, 19, 25)
    told.lag.measured(1030.0, {0: 30})
    assert told.fresh == 1010.0
    told.lag.handled(0, 20, 25)
    told.lag.measured(1040.0, {0: 40})
    assert told.fresh == 1020.0


def test_partitions_that_come_to_it_are_not_taken_for_handled_and_those_that_leave_are_forgotten():
    told = Told()
    told.lag.measured(1010.0, {0: 10})
    told.lag.read_only({0, 1})
    told.lag.handled(0, 10, 10)
    told.lag.measured(1020.0, {0: 10, 1: 3})
    assert told.fresh == START
    assert told.records(1) == 3
    told.lag.read_only({0})
    told.lag.measured(1030.0, {0: 10})
    assert told.fresh == 1030.0
    assert told.records(1) is None


@given(
    st.lists(st.tuples(st.sampled_from(["append", "handle", "ask"]), st.integers(0, 2), st.integers(1, 5)))
)
def test_it_never_claims_more_than_it_has_handled(steps):
    told = Told()
    now, ends, handled = START, {0: 0, 1: 0, 2: 0}, {0: 0, 1: 0, 2: 0}
    ended = {START: dict(ends)}
    for step, partition, count in steps:
        now += 1
        if step == "append":
            ends[partition] += count
        elif step == "handle":
            handled[partition] = min(ends[partition], handled[partition] + count)
            told.lag.handled(partition, handled[partition], ends[partition])
        else:
            ended[now] = dict(ends)
            told.lag.measured(now, dict(ends))
            if handled == ends:
                assert told.fresh == now
        assert all(handled[one] >= end for one, end in ended[told.fresh].items())


def test_it_stays_told_while_the_consumer_fails_and_ends_with_it():
    told = Told()
    told.lag.measured(1010.0, {})
    for error, fresh in ((OSError, 1010.0), (asyncio.CancelledError, None)):
        with pytest.raises(error), told.lag.told():
            raise error
        assert told.fresh == fresh
