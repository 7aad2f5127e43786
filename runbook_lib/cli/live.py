"""The part of a terminal that shows how far a fleet is, below what is printed meanwhile: drawn anew twice a second, sized to the terminal."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.text import Text

from runbook_lib.cli.progress import Kind, Progress, Running, clock
from runbook_lib.texts import Language
from runbook_lib.texts.progress import FLEET_KINDS, FLEET_LIVE
from runbook_lib.texts.steps import STEPS
from runbook_lib.texts.words import STATUS_SIGNS

# How a tenant came out: sign and colour, beside its word.
SIGNS = {
    Kind.FINE: ("✔", "green"),
    Kind.PLANNED: ("◇", "magenta"),
    Kind.OPERATOR: ("☞", "yellow"),
    Kind.FAILED: ("✖", "red"),
    Kind.UNKNOWN: ("?", "yellow"),
    Kind.STOPPED: ("–", "dim"),
}

SECONDS_BETWEEN_LOOKS = 0.5
# Of those who run now so many have a line, on a terminal that is high enough; and the lines that are always there.
MOST_RUNNING, ALWAYS = 8, 4
LONGEST_NAME, SHORTEST_BAR, LONGEST_BAR = 24, 10, 30


def can_be_drawn_on(console: Console) -> bool:
    """Tell whether something can be drawn anew there: a real terminal, and no simple one. Colour that is forced makes none of a pipe."""
    return console.is_interactive and console.file.isatty()


class Screen:
    """A live part at the bottom of a terminal. What goes to the terminal meanwhile is printed through it, from any thread."""

    def __init__(self, console: Console, draw: Callable[[int, int], Sequence[Text]]) -> None:
        """`draw` is given columns and lines, and returns no more than fit."""
        self._console = console
        self._draw = draw
        self._lock = threading.RLock()
        self._is_over = threading.Event()
        self._live = Live(
            console=console,
            auto_refresh=False,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
            vertical_overflow="crop",
            get_renderable=self._drawn,
        )

    def print(self, printed: RenderableType, style: str | None = None, *, markup: bool = False) -> None:
        """Print above the live part."""
        with self._lock:
            # Text is wrapped by the terminal, so that a command can be copied; what is laid out is laid out for its width.
            self._console.print(printed, style=style, markup=markup, soft_wrap=isinstance(printed, str))

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Show it until the end; nothing of it is left then."""
        looking = threading.Thread(target=self._look, name="screen", daemon=True)
        with self._lock:
            self._live.start()
        looking.start()
        try:
            yield
        finally:
            self._is_over.set()
            looking.join()
            with self._lock:
                self._live.stop()

    def _look(self) -> None:
        while True:
            with self._lock:
                try:
                    self._live.refresh()
                except OSError:  # the terminal is gone; whoever prints next will say so where it can be handled
                    return
            if self._is_over.wait(SECONDS_BETWEEN_LOOKS):
                return

    def _drawn(self) -> RenderableType:
        width, height = self._console.size
        lines = list(self._draw(width, height))[: max(1, height - 1)]
        for line in lines:
            line.no_wrap = True
            line.truncate(width - 1, overflow="ellipsis")  # the last column makes some terminals begin a new line
        return Group(*lines)


def drawn(progress: Progress, language: Language, width: int, height: int, *, is_plain: bool = False) -> list[Text]:
    """Return the live part: where the fleet is, how tenants came out, how fast it goes, and who runs. `is_plain`: without characters that
    some terminals lack.
    """
    lines = [Text(), Text(headline(progress, language), style="bold")]
    if kinds := list(_kinds(progress, language)):
        lines.append(Text("  ").join(kinds))
    lines.append(_pace(progress, language, width, is_plain=is_plain))
    return [*lines, *_running(progress, language, height - len(lines) - 1)]


def headline(progress: Progress, language: Language) -> str:
    """Return where the fleet is, in one line."""

    def said(key: str, **numbers: int | str) -> str:
        return FLEET_LIVE[key].say(language, **numbers)

    parts = []
    if progress.wave:
        parts.append(said("wave", number=progress.wave.number, waves=progress.wave.waves))
    if progress.soaks_until:
        parts.append(said("soaks", left=clock(progress.soaks)))
    parts.append(said("done", done=progress.done, total=progress.total))
    if progress.running:
        parts.append(said("running", count=len(progress.running)))
    if progress.begins_no_more and progress.waiting:
        parts.append(said("not-begun", count=progress.waiting))
    elif progress.waiting:
        parts.append(said("waiting", count=progress.waiting))
    return " · ".join(parts)


def pace(progress: Progress, language: Language) -> str:
    """Return how fast it goes, how long it took so far and how long it may take still."""
    parts = [said] if (said := speed(progress.rate, language)) else []
    parts.append(FLEET_LIVE["elapsed"].say(language, time=clock(progress.elapsed)))
    if (left := progress.left) is not None and progress.done < progress.total:
        parts.append(FLEET_LIVE["left"].say(language, time=clock(left)))
    return " · ".join(parts)


def speed(rate: float | None, language: Language) -> str:
    """Return how many tenants end in a minute; nothing before the first did."""
    if rate is None:
        return ""
    return FLEET_LIVE["rate"].say(language, rate=f"{rate:.0f}" if rate >= 10 else _decimal(rate, language))


def _decimal(number: float, language: Language) -> str:
    said = f"{number:.1f}"
    return said.replace(".", ",") if language == "fr" else said


def _kinds(progress: Progress, language: Language) -> Iterator[Text]:
    for kind in Kind:
        if count := progress.counts[kind]:
            sign, colour = SIGNS[kind]
            yield Text(f"{sign} {FLEET_KINDS[kind].say(language, count=count)}", style=colour)


def _pace(progress: Progress, language: Language, width: int, *, is_plain: bool) -> Text:
    """Return the bar and the pace beside it; where both do not fit, the pace alone."""
    said = pace(progress, language)
    room = min(LONGEST_BAR, width - 1 - len(said) - 9)
    if room < SHORTEST_BAR:
        return Text(said)
    full = room * progress.done // progress.total if progress.total else 0
    done, open_ = ("#", "-") if is_plain else ("━", "─")
    percent = 100 * progress.done // progress.total if progress.total else 0
    bar = Text().append(done * full, style="green").append(open_ * (room - full), style="dim")
    return bar.append(f" {percent:>3} %   {said}")


def _running(progress: Progress, language: Language, room: int) -> Iterator[Text]:
    """Yield those who run now, the longest first: who hangs is what an operator looks for."""
    now = sorted(progress.running.values(), key=lambda each: each.since)
    most = min(MOST_RUNNING, room)
    shown = now if len(now) <= most else now[: max(0, most - 1)]
    width = min(LONGEST_NAME, max((len(each.tenant) for each in shown), default=0))
    for each in shown:
        yield _run(each, progress, width, language)
    if most > 0 and len(now) > len(shown):
        yield Text(f"  {FLEET_LIVE['more'].say(language, count=len(now) - len(shown))}", style="dim")


def _run(each: Running, progress: Progress, width: int, language: Language) -> Text:
    name = Text(each.tenant)
    name.truncate(width, overflow="ellipsis", pad=True)
    line = Text("  ").append_text(name).append(f"  {clock(progress.seconds_of(each)):>5}  ", style="dim")
    if left := progress.wait_of(each):
        return line.append(FLEET_LIVE["waits"].say(language, service=each.service, left=clock(left)), style="yellow")
    if each.step:
        line.append(f"{each.step.upper()} {STATUS_SIGNS[each.status]} ")
        return line.append(STEPS[each.step].title.say(language), style="dim")
    return line.append(FLEET_LIVE["begins"].say(language), style="dim")
