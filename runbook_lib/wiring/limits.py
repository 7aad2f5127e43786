"""The limits that the command line sets for the runs that it starts: how fast all of them ask the services that they share."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from runbook_lib.adapters.turns import Turns
from runbook_lib.ports import Clock
from runbook_lib.wiring.places import LIMITS, turns_folder


def limits_for(folder: Path, rates: Mapping[str, float]) -> str:
    """Return what the environment of every run says, so that they share their turns in a private folder."""
    return json.dumps({"folder": str(folder), "rates": dict(rates)})


def shared_folder(name: str) -> Path:
    """Return the private folder in which the workers of this machine share their turns for one command, made by the first of them."""
    folder = turns_folder() / hashlib.sha256(name.encode()).hexdigest()[:32]
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def turns_here(clock: Clock) -> Turns | None:
    """Return the turns of the run in this process; None where nobody set limits, for example in JupyterLab."""
    with suppress(ValueError, KeyError, TypeError, AttributeError):
        said = json.loads(os.environ.get(LIMITS, ""))
        return Turns(Path(said["folder"]), {name: float(rate) for name, rate in said["rates"].items()}, clock)
    return None
