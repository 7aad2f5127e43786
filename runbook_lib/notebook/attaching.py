"""The end of a run that may have changed something: its record is sealed, and attached to the change record, as is asked for.

Nothing that goes wrong here changes what became of the run: it is said, with the command that attaches the record later.
"""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from runbook_lib.errors import RunbookError, RunUnfinished
from runbook_lib.evidence import Redactor
from runbook_lib.model import Json, as_json
from runbook_lib.notebook.style import COLOURS, box, escaped
from runbook_lib.parameters import Parameters
from runbook_lib.ports import Clock
from runbook_lib.texts import Language
from runbook_lib.texts.panels.attaching import ATTACHING
from runbook_lib.texts.words import STATUS_SIGNS
from runbook_lib.wiring.places import name_of_outputs

if TYPE_CHECKING:
    from runbook_lib.wiring.delivering import Delivered


@dataclass(frozen=True)
class Attachment:
    """What became of a record: sealed as `bundle` (a name; empty: not sealed), and delivered to `target` (empty: only sealed), or why not."""

    target: str
    folder: Path
    bundle: str = ""
    delivered: Delivered | None = None
    problem: RunbookError | None = None
    sha256: str = ""

    @property
    def is_left(self) -> bool:
        """Return whether somebody still has to seal or attach it."""
        return self.problem is not None


def close_record(
    folder: Path, parameters: Parameters, redactor: Redactor | None = None, clock: Clock | None = None
) -> Attachment:
    """Seal the run in a folder, and attach it where the parameters ask for that, too. Never raises, as `attach_record`."""
    if parameters.change.attach:
        return attach_record(folder, parameters, redactor, clock)
    from runbook_lib.notebook.sealing import Manner, seal_run  # noqa: PLC0415  # as in `attach_record`
    from runbook_lib.wiring.sealing import signing_of  # noqa: PLC0415

    try:
        sealed = seal_run(folder, Manner(signing_of(parameters), redactor))
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  # as in `attach_record`
        return Attachment("", folder, problem=_problem(error))
    return Attachment("", folder, sealed.name, sha256=sealed.sha256)


def attach_record(
    folder: Path, parameters: Parameters, redactor: Redactor | None = None, clock: Clock | None = None
) -> Attachment:
    """Seal the run in a folder and deliver the bundle to its change record. Never raises: the run has ended, whatever comes of this."""
    # What signs is slow to import, and few runs attach anything by themselves.
    from runbook_lib.notebook.sealing import Manner, seal_run  # noqa: PLC0415
    from runbook_lib.wiring.delivering import deliver_bundle, own_target  # noqa: PLC0415
    from runbook_lib.wiring.sealing import signing_of  # noqa: PLC0415

    target, bundle, redactor = own_target(parameters), "", redactor or Redactor()
    try:
        sealed = seal_run(folder, Manner(signing_of(parameters), redactor))
        bundle = sealed.name
        keys = [parameters.evidence.signing_key] if parameters.evidence.signing_key else []
        delivered = deliver_bundle(
            sealed.bundle, target, parameters, parameters.language, redactor=redactor, clock=clock, keys=keys
        )
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  # whatever it is, the run it comes after is not to fail of it
        return Attachment(target, folder, bundle, problem=_problem(error))
    return Attachment(target, folder, bundle, delivered, sha256=sealed.sha256)


def _problem(error: BaseException) -> RunbookError:
    """Return what is said of an error. Of one that nobody foresaw its kind and where it arose, not its words: they may hold a secret."""
    if isinstance(error, RunbookError):
        return error
    if isinstance(error, KeyboardInterrupt):
        return RunUnfinished("attach-stopped", exit_code=5)
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(last.filename).name}:{last.lineno}"
    return RunUnfinished("attach-unforeseen", exit_code=5, kind=type(error).__name__, place=place)


def lines_of(attachment: Attachment, language: Language) -> list[str]:
    """Return what became of a record, a sentence a line; the last is a command where something is left."""
    if attachment.problem:
        said = ATTACHING["not-attached" if attachment.target else "not-sealed"].say(language, target=attachment.target)
        later = ATTACHING["attach-later" if attachment.target else "seal-later"].say(language)
        return [said, attachment.problem.say(language), later, command_of(attachment)]
    if attachment.delivered is None:
        return [ATTACHING["sealed"].say(language, name=attachment.bundle, sha256=attachment.sha256)]
    receipt, file = attachment.delivered.receipt, attachment.delivered.file
    facts = receipt.facts
    key = "was-there" if receipt.was_there else "attached"
    said = ATTACHING[key].say(language, target=facts["target"], name=facts["name"], sha256=facts["sha256"])
    shown = f"{name_of_outputs()}/{attachment.folder.parent.name}/{file.name}"
    return [said, ATTACHING["receipt"].say(language, file=shown)]


def command_of(attachment: Attachment) -> str:
    """Return the command with which somebody attaches the record later, or seals it first."""
    tenant = f"{name_of_outputs()}/{attachment.folder.parent.name}"
    if not attachment.bundle:
        return f"runbook seal {tenant}/{attachment.folder.name}"
    return f"runbook attach {tenant}/{attachment.bundle} --to {attachment.target} -p FILE"


def attachment_bundle(attachment: Attachment | None, language: Language) -> dict[str, object]:
    """Return what became of a record as a MIME bundle; an empty one while nothing is known."""
    if attachment is None:
        return {"text/html": "", "text/plain": ""}
    lines = lines_of(attachment, language)
    colour = COLOURS["needs-operator" if attachment.is_left else "verified"]
    sign = STATUS_SIGNS["needs-operator" if attachment.is_left else "verified"]
    shown = [escaped(line) for line in (f"{sign} {lines[0]}", *lines[1:])]
    if attachment.is_left:
        shown[-1] = f"<code>{shown[-1]}</code>"
    inside = "".join(f'<div style="overflow-wrap:anywhere">{line}</div>' for line in shown)
    return {
        "text/html": f'<div class="rk-attachment" lang="{language}" style="max-width:980px;font-size:14px;line-height:1.4">'
        f"{box(colour, inside)}</div>",
        "text/plain": "\n".join(lines),
    }


def as_data(attachment: Attachment) -> Mapping[str, Json]:
    """Return what became of a record as data for machines."""
    receipt = attachment.delivered.receipt if attachment.delivered else None
    return {
        "target": attachment.target,
        "bundle": attachment.bundle,
        "sha256": attachment.sha256,
        "delivery": dict(receipt.facts) if receipt else None,
        "receipt": str(attachment.delivered.file) if attachment.delivered else "",
        "was_there": bool(receipt and receipt.was_there),
        "problem": as_json(attachment.problem.message) if attachment.problem else None,
    }
