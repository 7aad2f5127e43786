"""What each verb of the command line takes, as data, with an example of its use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from runbook_lib.fleet import KERNELS
from runbook_lib.model import ROLES
from runbook_lib.runbooks.ladder import LEVELS

EXAMPLES = {
    "list": "runbook list",
    "check": "runbook check parameters/lab/*.yml",
    "plan": "runbook plan enable-connect-writeback -p parameters/lab/contoso.yml",
    "apply": "runbook apply enable-connect-writeback -p parameters/lab/contoso.yml --plan outputs/contoso/RUN/plan.json",
    "approve": "runbook approve outputs/contoso/RUN/plan.json --name 'Ana Lima' --comment 'CHG0030042'",
    "attest": "runbook attest attestation.yml --key hsm:2?label=people",
    "key": "runbook key --name 'Ana Lima' --role approver",
    "resume": "runbook resume outputs/contoso/RUN",
    "fetch": "runbook fetch abfs://records/runbooks contoso/RUN",
    "rollback": "runbook rollback outputs/contoso/RUN",
    "report": "runbook report outputs/contoso/RUN --language fr --to report.pdf",
    "seal": "runbook seal outputs/contoso/RUN",
    "verify": "runbook verify BUNDLE.zip --roster roster.json",
    "lab": "runbook lab --fault contoso:slow_onboarding",
    "notebook": "runbook notebook --language fr",
    "demo": "runbook demo",
    "status": "runbook status outputs --html status.html --csv runs.csv",
    "attach": "runbook attach outputs/contoso/RUN-0123456789ab.zip --to servicenow:CHG0030001 -p parameters/lab/contoso.yml",
    "advice": "runbook advice 31034",
}


@dataclass(frozen=True)
class Option:
    """An argument or option of a verb: its names, the name of its help text, and what argparse is told of it."""

    names: tuple[str, ...]
    help: str
    settings: Mapping[str, Any]


def _option(*names: str, text: str = "", **settings: Any) -> Option:
    """Make an option. Its help is named like the option, or else by `text`."""
    return Option(names, text or names[-1].lstrip("-"), settings)


def _flag(name: str) -> Option:
    return _option(name, action="store_true")


_RUNBOOK = (
    _option("runbook", metavar="RUNBOOK"),
    _option("-p", "--parameters", text="files", nargs="+", default=[], metavar="FILE", dest="files"),
    _option("--fleet", text="fleet-file", metavar="FILE", default=""),
    _option("--overrides", metavar="FILE", default=""),
    _option("--set", text="set-value", action="append", default=[], metavar="NAME=VALUE", dest="sets"),
    _option("--limit", text="limit-to", nargs="+", default=[], metavar="WHO"),
    _option("--exclude", nargs="+", default=[], metavar="WHO"),
    _option("--outputs", text="outputs-or-url", metavar="FOLDER|URL"),
    _option("--waves", metavar="LIST", default=""),
    _option("--soak", type=int, default=None, metavar="SECONDS"),
    _option("--require-level", choices=LEVELS, default=""),
    _option("--window", metavar="HOURS", default=""),
    _option("--freeze", action="append", default=[], metavar="DAYS"),
    _option("--jobs", type=int, default=None, metavar="N"),
    _option("--max-failures", metavar="N|P%", default=""),
    _option("--kernels", choices=KERNELS, default=""),
    _option("--scheduler", metavar="ADDRESS", default=""),
    _flag("--events"),
    _option("--limit-rate", metavar="LIST", default=""),
    _option("--time-limit", type=int, default=None, metavar="SECONDS"),
)
_APPROVED = _option("--approved", metavar="DIGEST", default="")
_ATTESTATION = _option("--attestation", metavar="FILE", default="")
_APPROVAL = _option("--approval", nargs="+", action="extend", default=[], metavar="FILE", dest="approvals")
_SIGNER = (
    _option("--key", metavar="REF", default=""),
    _option("--pin", metavar="REF", default=""),
    _option("--name", metavar="NAME", default=""),
)
_SIGNING = (
    *_SIGNER,
    _option("--roster", text="roster-to-sign-by", metavar="FILE", default=""),
    _option("--to", text="signed-to", metavar="FILE", default=""),
    _flag("--yes"),
)
_NO_BROWSER = _flag("--no-browser")

VERB_OPTIONS: Mapping[str, tuple[Option, ...]] = {
    "check": (_option("files", nargs="+", metavar="FILE"),),
    "plan": _RUNBOOK,
    "apply": (
        *_RUNBOOK,
        _option("--plan", action="append", default=[], metavar="PLAN.json", dest="plans"),
        _APPROVED,
        _APPROVAL,
        _ATTESTATION,
    ),
    "approve": (
        _option("plan", text="plan-to-sign", metavar="PLAN.json"),
        *_SIGNING,
        _option("--comment", metavar="TEXT", default=""),
        _option("--until", metavar="TIME", default=""),
    ),
    "attest": (_option("attestation", text="attestation-to-sign", metavar="FILE"), *_SIGNING),
    "key": (
        *_SIGNER,
        _option("--role", action="append", default=[], choices=ROLES, dest="roles"),
        _option("--account", metavar="ACCOUNT", default=""),
    ),
    "resume": (_option("run_dir", text="stopped", metavar="RUN_DIR"),),
    "fetch": (
        _option("storage", metavar="URL"),
        _option("runs", text="fetched", nargs="*", metavar="TENANT[/RUN]"),
        _option("--to", text="fetched-to", metavar="FOLDER", default=""),
        _flag("--unlock"),
    ),
    "rollback": (
        _option("run_dir", metavar="RUN_DIR"),
        _option("-p", "--parameters", text="own-file", metavar="FILE", dest="files", default=""),
        _option("--plan", text="undoing-plan", metavar="PLAN.json", default=""),
        _APPROVED,
        _APPROVAL,
        _ATTESTATION,
    ),
    "report": (
        _option("run_dir", text="recorded", metavar="RUN_DIR"),
        _option("--to", metavar="FILE", default=""),
    ),
    "seal": (
        _option("run_dirs", text="sealed", nargs="*", metavar="RUN_DIR"),
        _option("--rollup", metavar="BATCH.json", default=""),
        _option("--key", text="sealing-key", action="append", default=[], metavar="KEY", dest="keys"),
        _option("--time-stamp", metavar="URL", default=""),
        _flag("--pdf"),
        _option("--to", text="sealed-to", metavar="FOLDER", default=""),
    ),
    "verify": (
        _option("bundles", nargs="+", metavar="BUNDLE"),
        _option("--roster", metavar="FILE", default=""),
        _option("--time-stamp-roots", metavar="FILE", default=""),
        _option("--plan", text="expected-plan", metavar="DIGEST", default=""),
        _option("--change", text="expected-change", metavar="NUMBER", default=""),
    ),
    "lab": (
        _option("--fault", action="append", default=[], metavar="NAME", dest="faults"),
        _flag("--list-faults"),
        _option("--port", type=int, default=0, metavar="N"),
        _option("--tenants", type=int, default=None, metavar="N"),
        _option("--seed", type=int, default=1, metavar="N"),
        _flag("--notebook"),
        _option("--notebook-port", type=int, default=0, metavar="N"),
        _NO_BROWSER,
    ),
    "notebook": (
        _option("--port", text="notebook-port", type=int, default=0, metavar="N", dest="notebook_port"),
        _NO_BROWSER,
    ),
    "demo": (_option("--outputs", metavar="FOLDER"),),
    "status": (
        _option("outputs", nargs="?", metavar="OUTPUTS"),
        _option("--limit", type=int, default=0, metavar="N"),
        _option("--html", metavar="FILE", default=""),
        _option("--csv", metavar="FILE", default=""),
        _option("--parquet", metavar="FILE", default=""),
        _option("--roster", metavar="FILE", default=""),
    ),
    "attach": (
        _option("bundle", text="bundle-to-attach", metavar="BUNDLE"),
        _option("--to", text="target", metavar="TARGET", dest="target", default=""),
        _option("-p", "--parameters", text="change-file", metavar="FILE", dest="own_file", default=""),
        _option("--key", text="receipt-key", action="append", default=[], metavar="KEY", dest="keys"),
    ),
    "advice": (_option("code", nargs="?", metavar="CODE", default=""),),
}
