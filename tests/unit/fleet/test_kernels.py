"""What is said of kernels that ended, and to whom."""

import logging

import pytest
from nbclient.exceptions import DeadKernelError

from runbook_lib.fleet.kernels import is_worth_saying


def said_of(error: Exception) -> bool:
    """Whether asyncio may print this error, which nobody fetched."""
    never_fetched = ("Future exception was never retrieved", (), (type(error), error, None))
    return is_worth_saying(logging.LogRecord("asyncio", logging.ERROR, __file__, 1, *never_fetched))


def test_the_end_of_a_kernel_is_said_by_the_outcome_and_not_once_more_by_a_traceback() -> None:
    assert not said_of(DeadKernelError("Kernel died"))


@pytest.mark.parametrize("error", [OSError("too many open files"), RuntimeError("Kernel died")])
def test_every_other_error_is_still_said(error: Exception) -> None:
    assert said_of(error)
