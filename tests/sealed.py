"""Real runs over the served lab, sealed: what tests of evidence tamper with. Made once for a module."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from securesystemslib.signer import CryptoSigner

from runbook_lib.evidence.sealing.bundle import read_bundle
from runbook_lib.evidence.sealing.keeping import Signing
from runbook_lib.evidence.signing import Roster, new_entry
from runbook_lib.evidence.signing.keys import named
from runbook_lib.evidence.signing.roster import roster_from
from runbook_lib.notebook.sealing import Manner, Sealed, seal_run
from runbook_lib.parameters import check_parameters
from runbook_lib.wiring import assemble
from runbook_lib.wiring.places import LAB, OUTPUTS
from tests.notebooks.served import CONNECT, Served, serve
from tests.rehearsal import carried_out

CHANGE = {"system": "servicenow", "number": "CHG0030042"}
NOW = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)


def signer() -> CryptoSigner:
    """Somebody with a key of their own."""
    private = Ed25519PrivateKey.generate()
    return CryptoSigner(private, named(private.public_key()))


def roster(who: CryptoSigner, name: str = "Ana Lima", since: datetime = NOW, **changed: Any) -> Roster:
    """A roster that holds one key."""
    entry = new_entry(who.public_key, name, changed.pop("roles", ["sealer"]), since)
    return roster_from(json.dumps({"roster": 1, "keys": [entry | changed]}).encode(), "roster.json")


def manner(who: CryptoSigner, to: Path | None = None, at: datetime = NOW) -> Manner:
    """How a run is sealed by somebody at a time."""
    return Manner(Signing([who], now=lambda: at), to=to)


def made(served: Served, tenant: str = "contoso", **asked: Any) -> Path:
    """The folder of a run of the Connect runbook, carried out as a notebook does."""
    assembly = assemble(CONNECT, check_parameters(served.data(tenant, **asked)), show_code=lambda *_: None)
    carried_out(assembly.run)
    assembly.finish()
    return assembly.folder


@dataclass(frozen=True)
class Runs:
    """A plan of contoso, the same in French, the run that applied it, a plan of fabrikam, and who seals them."""

    plan: Path
    french: Path
    applied: Path
    other: Path
    outputs: Path
    sealer: CryptoSigner

    def sealed(self, folder: Path, to: Path) -> Sealed:
        """The run in a folder, sealed."""
        return seal_run(folder, manner(self.sealer, to))


@contextmanager
def runs() -> Iterator[Runs]:
    """Make the runs."""
    before = dict(os.environ)
    with serve() as served:
        os.environ |= {LAB: str(served.descriptors), OUTPUTS: str(served.outputs)}
        plan = made(served, change=CHANGE, language="en")
        french = made(served, change=CHANGE, language="fr")
        approved = json.loads((plan / "plan.json").read_text(encoding="utf-8"))["digest"]
        applied = made(served, change=CHANGE, mode="apply", approved_plan=approved)
        yield Runs(plan, french, applied, made(served, "fabrikam"), served.outputs, signer())
        os.environ.clear()
        os.environ.update(before)


def unpacked(bundle: Path, to: Path) -> Path:
    """The folder in which a bundle was unpacked."""
    for name, content in read_bundle(bundle).files.items():
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        (to / name).write_bytes(content)
    return to
