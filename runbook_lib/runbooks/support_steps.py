"""F2: whether Microsoft supports this version of Connect, and what else the server must have or let through. Windows is F1's."""

from __future__ import annotations

from datetime import date, timedelta

from runbook_lib.facts.connect_versions import AS_OF, RECALLED, SUPPORT_ENDS, TRUSTED_FOR
from runbook_lib.facts.surroundings import DIRECTORY_MODULE, REMOTE_SAM_POLICY
from runbook_lib.facts.sync_server import CONNECT_INSTALLATION, HOST
from runbook_lib.model import Assessment, Finding, Wanted
from runbook_lib.ports import View
from runbook_lib.runbooks.findings import note, observed, passing, warning
from runbook_lib.runbooks.server_steps import version_parts

# An upgrade wants planning, so the end is told a quarter ahead.
AHEAD = timedelta(days=90)


def assess_support(view: View, wanted: Wanted) -> Assessment:
    """F2: nothing here stops the change; all of it decides whether it will keep working."""
    host, product = view.see(HOST), view.see(CONNECT_INSTALLATION)
    has_module, policy = view.see(DIRECTORY_MODULE).available, view.see(REMOTE_SAM_POLICY).descriptor
    version = version_parts(product.file_version or "")
    ends = SUPPORT_ENDS.get(version) if version else None
    today = date.fromisoformat(host.now_utc[:10])
    facts = (
        *observed(HOST, operating_system=host.os_caption, windows_version=host.os_version),
        *observed(CONNECT_INSTALLATION, connect_version=product.file_version),
        *passing(
            CONNECT_INSTALLATION, support_ends=ends.isoformat() if ends else None, version_table=AS_OF.isoformat()
        ),
        *observed(DIRECTORY_MODULE, directory_module=has_module),
        *observed(REMOTE_SAM_POLICY, remote_sam_policy=policy),
    )
    findings = [*_table_age(today)]
    if version:
        findings += _version(version, product.file_version or "", today)
    if not has_module:
        findings.append(warning("directory-module-missing"))
    if policy is not None:
        findings.append(warning("remote-sam-restricted", descriptor=policy))
    return Assessment(facts, tuple(findings))


def _table_age(today: date) -> tuple[Finding, ...]:
    return (warning("version-table-old", date=AS_OF.isoformat()),) if today - AS_OF > TRUSTED_FOR else ()


def _version(version: tuple[int, ...], text: str, today: date) -> tuple[Finding, ...]:
    if version in RECALLED:
        return (warning("connect-recalled", version=text),)
    if version > max(SUPPORT_ENDS):
        return (note("connect-newer-than-table", version=text, date=AS_OF.isoformat()),)
    listed = max(version, min(SUPPORT_ENDS))  # what is older than the table ended no later than its oldest version
    if listed not in SUPPORT_ENDS:
        return (warning("connect-not-in-table", version=text, date=AS_OF.isoformat()),)
    return _end(text, SUPPORT_ENDS[listed], today)


def _end(text: str, ends: date | None, today: date) -> tuple[Finding, ...]:
    if ends is None or ends - today > AHEAD:
        return ()
    if ends < today:
        return (warning("connect-support-ended", version=text, date=ends.isoformat()),)
    return (warning("connect-support-ends", version=text, date=ends.isoformat()),)
