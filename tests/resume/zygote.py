"""A warm process that carries runs out in children of its own, and has them killed at a line of their journal.

It has one thread and no connection, so a child is a fork away and as whole as a process that was started for the run. It takes
one order a line on standard input, as JSON, and answers with the child's exit code, or -9 when it was killed.
"""

import json
import os
import signal
import sys
import traceback
from typing import Any

import runbook_lib.notebook.ahead  # noqa: F401  # what each run would otherwise import by itself
from runbook_lib.evidence import Journal, RunDirectory
from runbook_lib.parameters import check_parameters
from runbook_lib.wiring import assemble

FAILED = 99


def killing(line: int, when: str) -> type[RunDirectory]:
    """Folders whose journal kills the process at a line: `after` it is on the disk, or `before`, when all up to it was done."""

    class Killing(Journal):
        written = 0

        def record(self, event: str, **data: Any) -> None:
            self.written += 1
            if (self.written, when) == (line, "before"):
                os.kill(os.getpid(), signal.SIGKILL)
            super().record(event, **data)
            if (self.written, when) == (line, "after"):
                os.kill(os.getpid(), signal.SIGKILL)

    class Directory(RunDirectory):
        def journal(self, clock: Any, beyond: Any = None) -> Journal:
            return Killing(self.journal_path, clock, self.redactor, beyond)

    return Directory


def carry_out(order: dict[str, Any]) -> int:
    """Carry out a run as a notebook does, from its first cell to its last, and return its exit code."""
    os.environ |= order["environment"]
    records = killing(order["line"], order["when"]) if order["line"] else RunDirectory
    parameters = check_parameters(order["values"])
    assembly = assemble(order["slug"], parameters, show_code=lambda *_: None, records=records)
    for step in assembly.run.runbook.steps:
        assembly.run.step(step.id)
    assembly.finish()
    return assembly.run.exit_code


def child(order: dict[str, Any]) -> None:
    """Carry out an order and end this process, whatever happens."""
    code = FAILED
    try:
        code = carry_out(order)
    except BaseException:  # noqa: BLE001  # this process ends here, so nobody else would say it
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def main() -> None:
    """Carry out orders until there are no more."""
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            child(json.loads(line))
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
