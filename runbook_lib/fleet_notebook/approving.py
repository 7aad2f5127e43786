"""How the plans of a fleet are approved: by the command that is shown here. The notebook itself applies nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from runbook_lib.cli.ordering import Ordered
from runbook_lib.evidence.fleet_plan import read_fleet_plan
from runbook_lib.fleet import Outcome
from runbook_lib.fleet_notebook.next_commands import apply_commands, fleet_command, sign_command
from runbook_lib.fleet_notebook.results import outcome_of
from runbook_lib.fleet_notebook.wishes import Wishes
from runbook_lib.notebook.display import show
from runbook_lib.notebook.style import MONO, PURPLE, box, escaped, folded, preformatted
from runbook_lib.texts import Argument
from runbook_lib.texts.fleet import FLEET_LINES
from runbook_lib.texts.fleet_book import FLEET_BOOK
from runbook_lib.texts.words import WORDS

# A longer command is folded away: it is there to be copied, and hides what follows.
_LONGEST_OPEN = 1200


def show_fleet_plan(file: Path, wishes: Wishes) -> None:
    """Show the list of plans that were made together: its digest, the digest of each, and the command that approves exactly them."""
    fleet = read_fleet_plan(file)
    digests = [f"{each.name}  {each.digest}" for each in fleet.tenants]
    is_signed = any(plan["parameters"].get("evidence") for plan in fleet.plans.values())
    of_all = FLEET_LINES["fleet-plan-digest"].say(wishes.language, count=len(digests), digest=fleet.digest)
    signing = [_say("sign-first", wishes), sign_command(file)] if is_signed else []
    _show([of_all], signing, [fleet_command(fleet, file, wishes)], digests, wishes)


def show_plans(outcomes: Sequence[Outcome], ordered: Sequence[Ordered], wishes: Wishes) -> None:
    """Show the same of plans that no list holds: that of a single tenant, or of those that ended before somebody interrupted."""
    planned = [each for each in outcomes if outcome_of(each) == "to-approve"]
    if not planned:
        said = _say("no-approval", wishes)
        markup = f'<div class="rk-fleet-approve" lang="{wishes.language}">{escaped(said)}</div>'
        show({"text/html": markup, "text/plain": said})
        return
    commands = list(apply_commands(planned, wishes, {each.name: each.file for each in ordered}))
    signing = [_say("sign-first", wishes)] if _have_roster(planned, ordered) else []
    _show([], signing, commands, [f"{each.tenant}  {each.plan}" for each in planned], wishes)


def _show(
    of_all: Sequence[str], signing: Sequence[str], commands: Sequence[str], digests: Sequence[str], wishes: Wishes
) -> None:
    said = _say("approve-these", wishes, count=len(digests))
    above = [f"<b>{escaped(said)}</b>", *(_code(each) for each in of_all)]
    beside = [escaped(each) if number == 0 else _code(each) for number, each in enumerate(signing)]
    label = f"{WORDS['plan-digest'].say(wishes.language)} × {len(digests)}"
    inside = "<br>".join([*above, *beside, _commands(commands, wishes)])
    markup = (
        f'<div class="rk-fleet-approve" lang="{wishes.language}" style="max-width:980px;font-size:14px;line-height:1.4">'
        f"{box(PURPLE, inside)}{folded(label, preformatted(chr(10).join(digests)), is_open=len(digests) <= _FEW)}</div>"
    )
    show({"text/html": markup, "text/plain": "\n".join([said, *of_all, *signing, *commands, "", *digests])})


# So many digests hide nothing.
_FEW = 12


def _commands(commands: Sequence[str], wishes: Wishes) -> str:
    text = "\n\n".join(commands)
    if len(text) <= _LONGEST_OPEN:
        return "<br>".join(_code(each) for each in commands)
    return folded(_say("commands", wishes, count=len(commands)), preformatted(text), is_open=False)


def _code(text: str) -> str:
    return f'<span style="{MONO};word-break:break-all">{escaped(text)}</span>'


def _have_roster(planned: Sequence[Outcome], ordered: Sequence[Ordered]) -> bool:
    names = {each.tenant for each in planned}
    return any(each.parameters.evidence.roster for each in ordered if each.name in names)


def _say(key: str, wishes: Wishes, **arguments: Argument) -> str:
    return FLEET_BOOK[key].say(wishes.language, **arguments)
