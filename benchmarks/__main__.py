"""`python -m benchmarks`, from the top of the repository: measures everything and prints one table."""

from __future__ import annotations

import os
import platform
import sys
import time

from benchmarks import cluster, fleet, growth, interactive, journal, kernels, notebooks, opening, plans, seals, status
from benchmarks.measuring import table


def main() -> None:
    """Measure and print. Nothing here is a test: no duration is too long."""
    began = time.perf_counter()
    rows = []
    for part in (plans, kernels, notebooks, fleet, growth, cluster, journal, status, seals, interactive, opening):
        print(f"{part.__name__.rpartition('.')[2]} …", file=sys.stderr)
        rows += part.measure()
    print(table(rows))
    machine = f"Python {platform.python_version()}, {platform.system()}, {os.cpu_count()} processors"
    print(f"\n{machine}; {time.perf_counter() - began:.0f} s in all. Median (least to most).")


main()
