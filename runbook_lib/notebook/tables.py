"""What a run has seen, as a table to sort and filter in a notebook."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from runbook_lib.model import StepResult

COLUMNS = ("step", "status", "fact", "value", "known_by", "source")


def facts_table(results: Iterable[StepResult]) -> pd.DataFrame:
    """Return one row a fact, with how it is known. Columns: step, status, fact, value, known_by, source."""
    rows = [
        (result.step, str(result.status), fact.name, fact.value, str(fact.provenance), fact.source)
        for result in results
        for fact in result.facts
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))
