"""What a fleet is going to do, said in one line once everything is checked and before anything is run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from runbook_lib.cli.ordering import Ordered
from runbook_lib.cli.printing import Printing
from runbook_lib.fleet import FleetOptions, Rollout
from runbook_lib.texts import Language
from runbook_lib.texts.progress import FLEET_AHEAD

LIVE = "live"


def announce(slug: str, mode: str, ordered: Sequence[Ordered], how: FleetOptions, printing: Printing) -> None:
    """Print to standard error what is going to be done to several tenants: how many of them are real, in which waves, and what stops
    it. One tenant alone needs no overview.
    """
    if len(ordered) > 1:
        printing.overview(" · ".join(_ahead(slug, mode, ordered, how, printing.language)))


def _ahead(slug: str, mode: str, ordered: Sequence[Ordered], how: FleetOptions, language: Language) -> Iterator[str]:
    say, count, window = FLEET_AHEAD, len(ordered), how.rollout.window
    yield say[mode].say(language, runbook=slug, count=count)
    live = sum(each.parameters.profile == LIVE for each in ordered)
    yield say["live" if live else "lab"].say(language, count=live)
    if how.at_once > 1:
        yield say["at-once"].say(language, count=min(how.at_once, count))
    yield from _in_waves(how.rollout, count, language)
    if limit := str(how.max_failures):
        yield say["failures"].say(language, limit=limit)
    if how.time_limit:
        yield say["time-limit"].say(language, seconds=how.time_limit)
    if window.hours:
        yield say["window"].say(language, hours=window.hours)
    if days := tuple(map(str, window.freezes)):
        yield say["freeze"].say(language, days=days)


def _in_waves(rollout: Rollout, count: int, language: Language) -> Iterator[str]:
    sizes = rollout.sizes(count)
    if len(sizes) == 1:
        return
    yield FLEET_AHEAD["waves"].say(language, sizes=tuple(map(str, sizes)))
    if rollout.soak:
        yield FLEET_AHEAD["soak"].say(language, seconds=rollout.soak)
    if rollout.level:
        yield FLEET_AHEAD["level"].say(language, level=rollout.level)
