"""`python -m runbook_lib` is the command `runbook`."""

from __future__ import annotations

import sys

from runbook_lib.cli import main

if __name__ == "__main__":
    sys.exit(main())
