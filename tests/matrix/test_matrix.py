"""Each step of each runbook, in each way it can be carried out, under each fault: what is promised, and nothing beyond what was seen."""

from functools import cache
from itertools import product

import pytest

from runbook_lib.runbooks import RUNBOOKS
from tests.matrix.cases import CASES, Case, carried, faults_of
from tests.matrix.files import FOLDER, file_of, kept
from tests.matrix.invariants import broken
from tests.matrix.rows import DIFFERENT, SAME, USUAL, Row, difference, row

COMBINATIONS = [
    pytest.param(case, fault, id=f"{case.name}-{fault}") for case, fault in product(CASES, ["", *faults_of(CASES[0])])
]

seen_once = cache(carried)
kept_once = cache(kept)


@cache
def usual(case: Case) -> Row:
    return row(carried(case, ""))


@pytest.mark.parametrize(("case", "fault"), COMBINATIONS)
def test_a_combination_comes_to_what_its_table_promises(case: Case, fault: str) -> None:
    table = kept_once(case)
    promised = table[DIFFERENT].get(fault, {}) if fault else table[USUAL]
    came_to = row(seen_once(case, fault))

    assert (difference(usual(case), came_to) if fault else came_to) == promised


@pytest.mark.parametrize(("case", "fault"), COMBINATIONS)
def test_nothing_is_sent_unasked_and_nothing_is_claimed_unseen(case: Case, fault: str) -> None:
    assert broken(case, seen_once(case, fault)) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_table_has_each_fault_once_and_no_other(case: Case) -> None:
    table = kept_once(case)

    assert set(table) == {USUAL, DIFFERENT, SAME}
    assert sorted([*table[DIFFERENT], *table[SAME]]) == faults_of(case)


def test_every_runbook_is_in_the_matrix_and_every_table_has_its_case() -> None:
    assert {case.slug for case in CASES} == set(RUNBOOKS)
    assert {path.name for path in FOLDER.iterdir()} == {file_of(case).name for case in CASES}
