"""`python -m runbook_lib.fleet.forkserver DESCRIPTOR MODULE...`: the process that kernels are forked from."""

from __future__ import annotations

import sys

from runbook_lib.fleet.forkserver.server import main

if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
