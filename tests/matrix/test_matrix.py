"""Each step of each runbook, in each way it can be carried out, under each fault: what is promised, and nothing beyond what was seen."""

from dataclasses import dataclass
from functools import cache, cached_property
from itertools import product

import pytest

from runbook_lib.model import as_json
from runbook_lib.runbooks import RUNBOOKS
from tests.matrix.cases import CASES, Case, Seen, carried, faults_of
from tests.matrix.files import FOLDER, file_of, kept
from tests.matrix.invariants import broken
from tests.matrix.rows import DIFFERENT, SAME, USUAL, Row, difference, row
from tests.sentences import filled_in, is_said

# In the words of a library of ours for signing in, which knows English only.
OF_A_LIBRARY = {"The server has rejected the client credentials."}

COMBINATIONS = [
    pytest.param((case, fault), id=f"{case.name}-{fault}") for case, fault in product(CASES, ["", *faults_of(CASES[0])])
]


@dataclass
class Combination:
    """A case that is carried out under a fault, once for all that is asked of it."""

    case: Case
    fault: str

    @cached_property
    def seen(self) -> Seen:
        return carried(self.case, self.fault)


@pytest.fixture(scope="module", params=COMBINATIONS)
def combination(request: pytest.FixtureRequest) -> Combination:
    """Of the module, so that all tests of one combination follow each other, and it is forgotten after the last of them."""
    case, fault = request.param
    return Combination(case, fault)


kept_once = cache(kept)


@cache
def usual(case: Case) -> Row:
    return row(carried(case, ""))


def test_a_combination_comes_to_what_its_table_promises(combination: Combination) -> None:
    case, fault = combination.case, combination.fault
    table = kept_once(case)
    promised = table[DIFFERENT].get(fault, {}) if fault else table[USUAL]
    came_to = row(combination.seen)

    assert (difference(usual(case), came_to) if fault else came_to) == promised


def test_nothing_is_sent_unasked_and_nothing_is_claimed_unseen(combination: Combination) -> None:
    assert broken(combination.case, combination.seen) == []


def test_no_record_holds_a_sentence_of_ours_that_was_formatted_before(combination: Combination) -> None:
    """It would be read in that language also where everything else is in the other."""
    texts = {text for result in combination.seen.run.results.values() for text in filled_in(as_json(result))}

    assert {text for text in texts if is_said(text)} <= OF_A_LIBRARY


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_table_has_each_fault_once_and_no_other(case: Case) -> None:
    table = kept_once(case)

    assert set(table) == {USUAL, DIFFERENT, SAME}
    assert sorted([*table[DIFFERENT], *table[SAME]]) == faults_of(case)


def test_every_runbook_is_in_the_matrix_and_every_table_has_its_case() -> None:
    assert {case.slug for case in CASES} == set(RUNBOOKS)
    assert {path.name for path in FOLDER.iterdir()} == {file_of(case).name for case in CASES}
