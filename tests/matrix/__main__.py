"""Writes the tables of the matrix anew and prints what changed: `python -m tests.matrix`. Read every changed line before keeping it."""

import difflib
import sys
from pathlib import Path

from tests.matrix.cases import CASES, faults_of
from tests.matrix.files import file_of, text_of
from tests.matrix.rows import table


def main(names: list[str]) -> None:
    """Write the tables of the named cases, or of all, and print the differences."""
    for case in CASES:
        if names and case.name not in names:
            continue
        path = file_of(case)
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        after = text_of(case, table(case, faults_of(case)))
        path.write_text(after, encoding="utf-8", newline="\n")
        shown = difflib.unified_diff(before.splitlines(True), after.splitlines(True), Path(path).name, "now", n=1)
        sys.stdout.writelines(shown)


if __name__ == "__main__":
    main(sys.argv[1:])
