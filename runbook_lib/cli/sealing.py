"""The verb that seals runs: each with its record, its pages and a signed statement, in one zip file."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from runbook_lib.cli.printing import Printing
from runbook_lib.cli.program import program, typed
from runbook_lib.errors import ParameterError, RunbookError
from runbook_lib.model import Json

if TYPE_CHECKING:
    from runbook_lib.notebook.sealing import Manner, Sealed


def seal(options: argparse.Namespace, printing: Printing) -> int:
    """`runbook seal`: seal each run. One that cannot be sealed is said, and does not keep the others from it."""
    manner = manner_of(options.keys, options.time_stamp, Path(options.to) if options.to else None, pdf=options.pdf)
    if options.rollup:
        return _roll_up(Path(options.rollup), manner, printing)
    if not options.run_dirs:
        raise ParameterError("seal-nothing-named")
    done, codes = seal_all([Path(folder) for folder in options.run_dirs], manner, printing)
    printing.document([as_data(sealed) for sealed in done])
    return max(codes, default=0)


def _roll_up(record: Path, manner: Manner, printing: Printing) -> int:
    """Seal every run of a batch, and what became of each tenant. A run that cannot be sealed is in the roll-up, with why."""
    from runbook_lib.notebook.sealing import seal_batch  # noqa: PLC0415  # as in `manner_of`

    kept, members, problems = seal_batch(record, manner)
    for folder, error in problems:
        printing.problem(f"{folder}: {error.say(printing.language)}")
    sealed = sum(not member.why for member in members)
    printing.line("rolled-up", count=len(members), sealed=sealed, path=str(kept.path))
    printing.line("verify-with")
    printing.text(f"  {program()} {typed('verify', str(kept.path))}")
    printing.document(
        {
            "rollup": str(kept.path),
            "sha256": kept.bundle.sha256,
            "members": [member.as_json() for member in members],
        }
    )
    return max((error.exit_code for _, error in problems), default=0)


def manner_of(keys: Sequence[str], time_stamp: str, to: Path | None, *, pdf: bool = False) -> Manner:
    """Return how to seal with these keys, or this user's own. Raises as `open_signers`."""
    # Imported here: what signs is slow to import, and few verbs seal.
    from runbook_lib.notebook.sealing import Manner  # noqa: PLC0415
    from runbook_lib.wiring.sealing import signing  # noqa: PLC0415

    return Manner(signing(keys, time_stamp), to=to, pdf=pdf)


def seal_all(folders: Sequence[Path], manner: Manner, printing: Printing) -> tuple[list[Sealed], list[int]]:
    """Seal runs and say how each came out. Return what was sealed, and the exit code of each."""
    from runbook_lib.notebook.sealing import seal_run  # noqa: PLC0415

    done: list[Sealed] = []
    codes: list[int] = []
    for folder in folders:
        try:
            sealed = seal_run(folder, manner)
        except RunbookError as error:
            printing.problem(f"{folder}: {error.say(printing.language)}")
            codes.append(error.exit_code)
            continue
        show(sealed, printing)
        done.append(sealed)
        codes.append(0)
    return done, codes


def show(sealed: Sealed, printing: Printing) -> None:
    """Print what was sealed, and how it is verified."""
    printing.text(f"{sealed.tenant}/{sealed.run_id}", "bold")
    printing.line("sealed-before" if sealed.was_there else "sealed", path=str(sealed.bundle))
    printing.line("sealed-by", sha256=sealed.sha256, keys=tuple(key[:16] for key in sealed.keys))
    if not sealed.is_ended:
        printing.line("sealed-stopped")
    printing.line("verify-with")
    printing.text(f"  {program()} {typed('verify', str(sealed.bundle))}")


def as_data(sealed: Sealed) -> Json:
    """Return a sealed run as data for machines."""
    return {
        "tenant": sealed.tenant,
        "run_id": sealed.run_id,
        "bundle": str(sealed.bundle),
        "sha256": sealed.sha256,
        "manifest_sha256": sealed.manifest_sha256,
        "keys": list(sealed.keys),
        "ended": sealed.is_ended,
        "was_there": sealed.was_there,
    }
