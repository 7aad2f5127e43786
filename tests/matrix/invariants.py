"""What must hold of every combination, whatever the tables say: nothing is sent unasked, and nothing is claimed unseen."""

from collections.abc import Iterator
from itertools import product

from runbook_lib.model import EXIT_CODES, SEVERITY, Change, Json, Provenance, Status, as_json
from tests.matrix.cases import Case, Seen
from tests.rehearsal import CONNECT

SEEN = frozenset({Status.COMPLIANT, Status.VERIFIED})

# Readings that a step can do without: F8 asks whether F7 has told of an error already, and F4 and F7 tell when nobody knows;
# V6 and V7 have nothing to ask about when no pilot is named, and with one V6 is never done without its readings.
NOT_NEEDED = frozenset(
    {
        ("f8", "password_writeback"),
        *product(("v6", "v7"), ("signed_in_account", "directory_users", "writeback_events")),
    }
)


def broken(case: Case, seen: Seen) -> list[str]:
    """The sentences that do not hold."""
    rules = (_sent_unasked, _not_in_the_journal, _not_approved, _without_source, _exit_code, _read_in_vain, _not_so)
    return [sentence for rule in rules for sentence in rule(case, seen)]


def _sent_unasked(case: Case, seen: Seen) -> Iterator[str]:
    if case.mode == "plan" and seen.sent:
        yield f"mode plan sent {[change.action for change, _ in seen.sent]}"


def _not_in_the_journal(_: Case, seen: Seen) -> Iterator[str]:
    """The last line before a change leaves is the intention to send exactly that change."""
    for change, lines_before in seen.sent:
        event, data = seen.journal.lines[lines_before - 1]
        if event != "sending" or data["change"] != as_json(change):
            yield f"{change.action} left after the line {event}"


def _not_approved(_: Case, seen: Seen) -> Iterator[str]:
    planned = seen.approved.changes if seen.approved else ()
    allowed: list[Change] = [each for _, change in planned for each in (change, *change.cure)]
    approvals = [data["plan"] for event, data in seen.journal.lines if event == "approved"]
    for change, _lines in seen.sent:
        if change not in allowed:
            yield f"{change.action} is not in the approved plan"
    if seen.sent and approvals != [as_json(seen.approved)]:
        yield "what was sent was approved by another plan"


def _without_source(_: Case, seen: Seen) -> Iterator[str]:
    for step, result in seen.run.results.items():
        for fact in result.facts:
            if not fact.source:
                yield f"{step}: {fact.name} has no source"
            if fact.provenance is Provenance.UNKNOWN and fact.value is not None:
                yield f"{step}: {fact.name} is unknown and has a value"


def _exit_code(_: Case, seen: Seen) -> Iterator[str]:
    codes = {EXIT_CODES[result.status] for result in seen.run.results.values()}
    worst = next(code for code in SEVERITY if code in codes)
    if seen.run.exit_code != worst or set(seen.run.results) != {step.id for step in seen.run.runbook.steps}:
        yield f"exit code {seen.run.exit_code} for {codes}"


def _read_in_vain(_: Case, seen: Seen) -> Iterator[str]:
    """A step that is done tells of every reading of its own that had failed by then: as an unknown fact or in its error's words."""
    failed = _failed_by_then(seen)
    for step in seen.run.runbook.steps:
        result = seen.run.results[step.id]
        if result.status not in SEEN:
            continue
        unknown = {fact.source for fact in result.facts if fact.provenance is Provenance.UNKNOWN}
        said = [as_json(finding.message) for finding in result.findings]
        for name, problem in failed[step.id].items():
            is_its_own = name in {reading.name for reading in step.readings} and (step.id, name) not in NOT_NEEDED
            if is_its_own and name not in unknown and problem not in said:
                yield f"{step.id} is {result.status} though {name} failed"


def _failed_by_then(seen: Seen) -> dict[str, dict[str, Json]]:
    """By step, the readings that had failed when they were last asked for before its last word, with what was said of it."""
    last: dict[str, Json] = {}
    then: dict[str, dict[str, Json]] = {}
    for event, data in seen.journal.lines:
        if event == "read":
            last[str(data["reading"])] = data.get("problem")
        elif event == "step-result":
            then[str(data["step"])] = {name: problem for name, problem in last.items() if problem}
    return then


def _not_so(case: Case, seen: Seen) -> Iterator[str]:
    """What a run says it made so is so in the world that it ran in."""
    results = seen.run.results
    now = seen.here.tenant.server.writeback()
    is_well = now.enabled and now.service_status == "Started" and now.onboarding_status == "NotRequired"
    if case.slug == CONNECT and results["c6"].status in SEEN and not now.enabled:
        yield "c6 says that writeback is on"
    if case.slug == CONNECT and results["c7"].status in SEEN and not is_well:
        yield "c7 says that writeback works"
    policy = seen.here.cloud.policy
    for step, value in (("p3", policy.passwordWritebackSupported), ("p4", policy.accountUnlockEnabled)):
        if step in results and results[step].status in SEEN and not value:
            yield f"{step} says that the toggle is on"
    looked_before = case.mode == "sending"  # what came after that look, P2 cannot have seen
    if "p2" in results and results["p2"].status in SEEN and not (is_well or looked_before):
        yield "p2 says that writeback works"
    if "v7" in results and results["v7"].status is Status.VERIFIED:
        found = seen.here.tenant.directory.find(str(case.asked["pilot_user"]))
        if found is None or found[1].pwd_last_set is not None:
            yield "v7 says that a reset arrived"
