"""The line of a panel knows whether its page was loaded again, whatever gets lost while a page loads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbook_lib.notebook.status import StatusLine
from tests.unit.notebook.wire import Wire


class Line:
    """A line before a browser, and how often it said that it was drawn again."""

    def __init__(self) -> None:
        self.again = 0
        self.line = StatusLine(self._count)
        self.wire = Wire(self.line)

    def drawn(self, *views: object) -> "Line":
        for view in views:
            self.wire.arrives({"drawn": view})
        return self

    def _count(self) -> None:
        self.again += 1


@given(st.integers(1, 5))
def test_a_first_view_that_is_told_of_several_times_is_no_second_one(times: int) -> None:
    assert Line().drawn(*["one"] * times).again == 0


def test_a_second_view_is_one_that_is_drawn_again_also_when_nobody_heard_of_the_first_in_time() -> None:
    assert Line().drawn("one", "two").again == 1
    assert Line().drawn("two", "one").again == 1


def test_a_view_that_has_not_heard_that_it_is_known_is_told_once_more_and_shown_what_there_is() -> None:
    line = Line().drawn("one", "two")
    line.wire.states.clear()

    line.drawn("two")

    assert line.again == 2
    assert line.wire.states == [{"known": ["one", "two"]}]


@pytest.mark.parametrize("content", ["drawn", None, 7, {}, {"drawn": 7}, {"drawn": ["one"]}])
def test_a_message_that_names_no_view_is_none(content: object) -> None:
    line = Line()

    line.wire.arrives(content)
    line.drawn("one")

    assert (line.again, line.line.known) == (0, ["one"])


def test_a_page_that_is_loaded_over_and_over_is_known_each_time() -> None:
    line = Line().drawn(*map(str, range(1000)))

    assert line.again == 999
    assert line.line.known[-1] == "999"
    assert len(line.line.known) < 100
