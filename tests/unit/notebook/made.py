"""Results to make cards of: one of every kind, and, for hypothesis, with any text in every field that a system or person fills."""

from typing import Any

from hypothesis import strategies as st

from runbook_lib.model import Change, Fact, Finding, Level, Provenance, Status, StepResult
from runbook_lib.texts import MESSAGES, Message, placeholders
from runbook_lib.texts.facts import FACT_NAMES
from runbook_lib.texts.steps import STEPS

STARTED, FINISHED = "2026-11-02T09:10:00+00:00", "2026-11-02T09:10:02.500000+00:00"

BITES = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><a href='javascript:alert(1)'>",
    "</div></td></pre></details><style>*{display:none}</style>",
    "<!-- --><![CDATA[<b>]]><?php ?>",
    "&lt;script&gt; &amp; &#60;i&#62;",
    'x" style="background:url(//elsewhere)" onclick="alert(1)',
    "\u202eesrever\u202c \u2066x\u2069 \u200f",
    "👩‍👩‍👧 é ﷽ \u0000 \ufffe",
    "{0} {name} %s \\ `",
    "a\nb\r\n\tc",
)

# Beyond these, canonical JSON has no whole numbers (RFC 8785).
MOST = 2**53 - 1

HOSTILE = st.one_of(st.sampled_from(BITES), st.text(st.characters(codec="utf-8"), max_size=20)).flatmap(
    lambda text: st.sampled_from([text, text * 2, f"CN={text},DC=corp"])
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-MOST, MOST), HOSTILE),
    lambda inside: st.one_of(st.lists(inside, max_size=3), st.dictionaries(HOSTILE, inside, max_size=3)),
    max_leaves=6,
)


@st.composite
def messages(draw: st.DrawFn, values: st.SearchStrategy[Any] = HOSTILE) -> Message:
    key = draw(st.sampled_from(sorted(MESSAGES)))
    entry = MESSAGES[key]
    names = placeholders(entry.what.en) | (placeholders(entry.fix.en) if entry.fix else frozenset())
    return Message(key, {name: draw(values) for name in sorted(names)})


def facts(values: st.SearchStrategy[Any] = VALUES) -> st.SearchStrategy[Fact]:
    return st.builds(
        Fact, st.sampled_from(sorted(FACT_NAMES)), values, HOSTILE, st.sampled_from(Provenance), st.booleans()
    )


CHANGES = st.builds(
    Change,
    st.one_of(st.just("operator"), HOSTILE),
    HOSTILE,
    HOSTILE,
    VALUES,
    VALUES,
    st.dictionaries(HOSTILE, VALUES, max_size=2),
    once=st.booleans(),
    unsupported=st.booleans(),
)

RESULTS = st.builds(
    StepResult,
    st.sampled_from(sorted(STEPS)),
    st.sampled_from(Status),
    st.lists(facts(), max_size=2).map(tuple),
    st.lists(st.builds(Finding, st.sampled_from(Level), messages()), max_size=2).map(tuple),
    st.lists(CHANGES, max_size=2).map(tuple),
    st.just(STARTED),
    st.just(FINISHED),
)


def example(status: Status, step: str = "c7", *, target: str = "sync-server", at: str = FINISHED) -> StepResult:
    """A result that has something of everything."""
    cure = (Change("sync-server", "set_password_writeback", "Password writeback", None, False),)
    return StepResult(
        step,
        status,
        (
            Fact("administrator", True, "password_writeback"),
            Fact("connectors", ["contoso.example", "emea.contoso.example"], "connectors", Provenance.ATTESTED),
            Fact("account", {"a": [1, 2], "b": None}, "signed_in_account", Provenance.UNKNOWN, decisive=False),
        ),
        tuple(Finding(level, Message("waits-for", {"steps": ("C1", "C2")})) for level in Level),
        (Change(target, "set_password_writeback", "Password writeback", False, True, {"connector": "x"}, cure=cure),),
        at and STARTED,
        at,
    )
