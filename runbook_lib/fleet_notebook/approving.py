"""How the plans of a fleet are approved: by the command that is shown here. The notebook itself applies nothing."""

from __future__ import annotations

from collections.abc import Sequence

from runbook_lib.cli.ordering import Ordered
from runbook_lib.fleet import Outcome
from runbook_lib.fleet_notebook.next_commands import apply_commands
from runbook_lib.fleet_notebook.results import outcome_of
from runbook_lib.fleet_notebook.wishes import Wishes
from runbook_lib.notebook.display import show
from runbook_lib.notebook.style import MONO, PURPLE, box, escaped, folded, preformatted
from runbook_lib.texts import Argument
from runbook_lib.texts.fleet_book import FLEET_BOOK
from runbook_lib.texts.words import WORDS

# A longer command is folded away: it is there to be copied, and hides what follows.
_LONGEST_OPEN = 1200


def show_approving(outcomes: Sequence[Outcome], ordered: Sequence[Ordered], wishes: Wishes) -> None:
    """Show whose plans wait for an approval, their digests, and the command that approves exactly them."""
    planned = [each for each in outcomes if outcome_of(each) == "to-approve"]
    if not planned:
        said = _say("no-approval", wishes)
        show(
            {
                "text/html": f'<div class="rk-fleet-approve" lang="{wishes.language}">{escaped(said)}</div>',
                "text/plain": said,
            }
        )
        return
    commands = list(apply_commands(planned, wishes, {each.name: each.file for each in ordered}))
    said = _say("approve-these", wishes, count=len(planned))
    signed = [_say("sign-first", wishes)] if _have_roster(planned, ordered) else []
    digests = [f"{each.tenant}  {each.plan}" for each in planned]
    inside = [f"<b>{escaped(said)}</b>", *map(escaped, signed), _commands(commands, wishes)]
    label = f"{WORDS['plan-digest'].say(wishes.language)} × {len(digests)}"
    markup = (
        f'<div class="rk-fleet-approve" lang="{wishes.language}" style="max-width:980px;font-size:14px;line-height:1.4">'
        f"{box(PURPLE, '<br>'.join(inside))}{folded(label, preformatted(chr(10).join(digests)), is_open=len(digests) <= _FEW)}</div>"
    )
    show({"text/html": markup, "text/plain": "\n".join([said, *signed, *commands, "", *digests])})


# So many digests hide nothing.
_FEW = 12


def _commands(commands: Sequence[str], wishes: Wishes) -> str:
    text = "\n\n".join(commands)
    if len(text) <= _LONGEST_OPEN:
        return f'<span style="{MONO};word-break:break-all">{"<br>".join(escaped(each) for each in commands)}</span>'
    return folded(_say("commands", wishes, count=len(commands)), preformatted(text), is_open=False)


def _have_roster(planned: Sequence[Outcome], ordered: Sequence[Ordered]) -> bool:
    names = {each.tenant for each in planned}
    return any(each.parameters.evidence.roster for each in ordered if each.name in names)


def _say(key: str, wishes: Wishes, **arguments: Argument) -> str:
    return FLEET_BOOK[key].say(wishes.language, **arguments)
