"""Canary secrets in every place where one can enter a run or come back from it: none is left anywhere, in no spelling."""

import base64
import html
import json
import shutil
import subprocess
import zipfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import nbformat
import pytest
import yaml

from runbook_lib.evidence import JOURNAL, LEDGER, REDACTED, read_journal, scan_folder
from runbook_lib.lab.cloud_tenants import APPLICATION_ID, unattended
from runbook_lib.lab.event_log import HEARTBEAT
from runbook_lib.wiring import project_root
from runbook_lib.wiring.places import ROOT
from tests.notebooks.served import BIN, CONNECT, LONGEST, PORTAL, Served, read

# What somebody might write into a cell, and what a library might say: every way out of a kernel, with every spelling.
FAILING_CELL = """
import base64, gc, logging, os, sys, warnings
from urllib.parse import quote
from IPython.display import HTML, display
from runbook_lib.adapters.sign_in import SignIn

(sign_in,) = [each for each in gc.get_objects() if isinstance(each, SignIn)]
cache = sign_in._application.token_cache
tokens = [each["secret"] for kind in ("AccessToken", "RefreshToken", "IdToken") for each in cache.search(kind)]
assert tokens
open(os.environ["CANARY_TOKENS"], "a").write("".join(each + "\\n" for each in tokens))
known = [os.environ[name] for name in os.environ["CANARY_KNOWN"].split()]
for secret in [*known, *tokens]:
    raw, wide = secret.encode(), secret.encode("utf-16-le")
    print(secret, quote(secret, safe=""), raw.hex(), wide, {"x": secret})
    print(*(base64.b64encode(b"abc"[:before] + each).decode() for before in range(3) for each in (raw, wide)), file=sys.stderr)
    print(base64.urlsafe_b64encode(raw).decode(), wide.decode("latin-1"))
    logging.getLogger("library").error("refused: %s", secret)
    warnings.warn("deprecated: " + secret)
    display(HTML(f"<b title='{secret}'>{secret}</b>"), metadata={"note": secret})
    display({"application/json": {secret: [secret]}}, raw=True)

def unforeseen():
    raise RuntimeError("nobody foresaw " + " ".join([*known, *tokens]))

try:
    run._guarded(unforeseen)
except Exception as error:
    print(error)
unforeseen()
"""


def traces(secret: str) -> dict[bytes, str]:
    """The bytes that would betray a secret, each with the name of its spelling."""
    raw, wide = secret.encode(), secret.encode("utf-16-le")
    found = {raw: "plain", wide: "UTF-16", secret.encode("utf-16-be"): "UTF-16 big endian"}
    found |= {quote(secret, safe="").encode(): "URL", quote_plus(secret).encode(): "form"}
    found |= {raw.hex().encode(): "hex", raw.hex().upper().encode(): "HEX", wide.hex().encode(): "hex of UTF-16"}
    found |= {json.dumps(secret)[1:-1].encode(): "JSON", html.escape(secret).encode(): "HTML"}
    for before in range(3):
        for each, name in ((raw, "base64"), (wide, "base64 of UTF-16")):
            inner = base64.b64encode(bytes(before) + each)[4:-4]
            found |= {
                inner: f"{name} +{before}",
                inner.translate(bytes.maketrans(b"+/", b"-_")): f"{name} for URLs +{before}",
            }
    zeroes = "\\u0000".join(secret).encode()
    return found | {zeroes: "UTF-16 in JSON", zeroes.replace(b"u0000", b"x00"): "UTF-16 in Python"}


def left(contents: dict[str, bytes], secrets: dict[str, str]) -> list[tuple[str, str, str]]:
    """Where something is left: the content's name, the secret's name, the spelling."""
    spelt = [(name, trace, spelling) for name, secret in secrets.items() for trace, spelling in traces(secret).items()]
    return [
        (place, name, spelling)
        for place, content in contents.items()
        for name, trace, spelling in spelt
        if trace in content
    ]


@dataclass
class Canaries:
    """What ran: the secrets by name, what was printed, and everything under the outputs."""

    served: Served
    secrets: dict[str, str] = field(default_factory=dict)
    printed: dict[str, bytes] = field(default_factory=dict)

    def run(self, name: str, *arguments: Any, **environment: str) -> subprocess.CompletedProcess[bytes]:
        command = [str(BIN / "runbook"), *map(str, arguments)]
        ended = subprocess.run(
            command, env=self.served.environment(**environment), capture_output=True, timeout=LONGEST, check=False
        )
        self.printed |= {f"{name} stdout": ended.stdout, f"{name} stderr": ended.stderr}
        return ended

    @property
    def kept(self) -> dict[str, bytes]:
        files = [path for path in self.served.outputs.rglob("*") if path.is_file()]
        names = {"names": "\n".join(map(str, files)).encode()}
        return names | {path.relative_to(self.served.outputs).as_posix(): path.read_bytes() for path in files}


def with_failing_cell(folder: Path) -> Path:
    """A root with the notebooks as they are, but for a cell that tells everything and fails."""
    root = folder / "root"
    shutil.copytree(project_root() / "notebooks", root / "notebooks")
    shutil.copytree(project_root() / "parameters", root / "parameters")
    for slug, before in ((CONNECT, "finish"), (PORTAL, "step-p5")):
        path = root / "notebooks" / "fr" / f"{slug}.ipynb"
        notebook: Any = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
        at = next(number for number, cell in enumerate(notebook.cells) if cell.id == before)
        notebook.cells.insert(at, nbformat.v4.new_code_cell(FAILING_CELL, id="failing"))  # type: ignore[no-untyped-call]
        nbformat.write(notebook, path)  # type: ignore[no-untyped-call]
    return root


@pytest.fixture(scope="module")
def canaries(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Canaries:
    """Two runs of the real command line, on a lab whose answers repeat what they should not know."""
    made, folder = Canaries(served), tmp_path_factory.mktemp("canaries")
    contoso, awkward = served.lab.tenants["contoso"], "S3cret of é \"quotes\" & 1/2 + \\ 'x'"
    password, proof = served.lab.secrets[contoso.server_secret], unattended(contoso.cloud).secret
    assert proof
    proof.value = awkward
    made.secrets |= {"password": password, "client secret": awkward}
    wide, now = base64.b64encode(f"x{password}".encode("utf-16-le")).decode(), datetime.now(UTC) - timedelta(minutes=1)
    contoso.tenant.server._log.append(HEARTBEAT, now, f"{password} {quote(password)} {wide}")  # noqa: SLF001  # no lab would
    contoso.cloud.display_name = f"Contoso {password} ClientSecret={quote(awkward)}; {awkward}"
    names = f"Basic {base64.b64encode(f'svc:{password}'.encode()).decode()}"
    for account in contoso.cloud.accounts:
        account.display_name = names

    environment = {"CANARY_PASSWORD": password, "CANARY_SECRET": awkward, "CANARY_TOKENS": str(folder / "tokens")}
    environment[ROOT] = str(with_failing_cell(folder))
    server, application = {"password": "env:CANARY_PASSWORD"}, {"method": "secret", "client_id": APPLICATION_ID}
    by_hand = {"provider": "guided"}
    file = served.file(sync_server=server, sspr=by_hand, sign_in={**application, "secret": "env:CANARY_SECRET"})
    both = "CANARY_PASSWORD CANARY_SECRET"
    made.run("plan", "plan", CONNECT, "-p", file, "--json", **environment, CANARY_KNOWN=both)
    # The next runs sign in another way, and cannot know the other secret.
    contoso.cloud.display_name = f"Contoso {password}"

    word, picture = folder / "attestation.yml", folder / f"{password}.png"
    picture.write_bytes((project_root() / "docs" / "pictures" / "applied.fr.png").read_bytes())
    said = {"plan": "0" * 64, "tenant": contoso.tenant.tenant_id, "steps": ["p3", "p4", "p5"], "by": "Camille Martin"}
    said |= {"at": "2026-11-22T15:30:00+01:00", "values": {"write_back": True, "unlock": True}}
    file = served.file(sync_server=server, sspr=by_hand)
    approved = ("apply", PORTAL, "-p", file, "--approved", "0" * 64, "--attestation", word)
    word.write_text(yaml.safe_dump({**said, "screenshot": picture.name}), encoding="utf-8")
    made.run("refused", *approved, **environment)
    picture.rename(folder / "shot.png")
    word.write_text(yaml.safe_dump({**said, "screenshot": "shot.png"}), encoding="utf-8")
    made.run("apply", *approved, **environment, CANARY_KNOWN="CANARY_PASSWORD")
    made.secrets |= {f"token {n}": each for n, each in enumerate((folder / "tokens").read_text().splitlines())}
    return made


def test_the_canaries_flew_everywhere(canaries: Canaries) -> None:
    """A test that finds nothing must not pass because nothing was there."""
    first, second = canaries.served.runs()
    cell = next(cell for cell in read(first / "notebook.ipynb")["cells"] if cell["id"] == "failing")
    shown = json.dumps(cell["outputs"])
    events = [line.event for line in read_journal(first / JOURNAL)]
    rules = {json.loads(line)["rule"] for line in (first / LEDGER).read_text().splitlines()}

    assert len(canaries.secrets) >= 6
    assert {output["output_type"] for output in cell["outputs"]} == {"stream", "display_data", "error"}
    assert shown.count(REDACTED) > 30
    assert "error" in events
    assert {"known-secret", "known-token"} <= rules
    assert (second / "attestations" / "screenshot.png").is_file()


def test_no_canary_is_left_under_the_outputs_or_in_the_terminal(canaries: Canaries) -> None:
    contents = canaries.kept | canaries.printed

    assert len(contents) > 30
    assert left(contents, canaries.secrets) == []


def test_the_ledger_says_where_something_was_and_not_what(canaries: Canaries) -> None:
    first = canaries.served.runs()[0]
    lines = [json.loads(line) for line in (first / LEDGER).read_text(encoding="utf-8").splitlines()]

    assert {line["file"].partition("/")[0] for line in lines} >= {JOURNAL, "raw", "notebook outputs"}
    assert all(line["count"] >= 1 and len(line["value"]) == 32 for line in lines)
    # The password came from the parameters, the sync server and Graph: in one process it has one digest.
    raw = {line["value"] for line in lines if line["file"].startswith("raw/") and line["rule"] == "known-secret"}
    outputs = {line["value"] for line in lines if line["file"] == "notebook outputs" and line["rule"] == "known-secret"}
    assert raw & outputs


def test_a_word_with_a_secret_is_refused_before_anything_is_kept(canaries: Canaries) -> None:
    said = canaries.printed["refused stderr"].decode()

    assert "attestation.yml" in said
    assert "(known-secret)" in said
    assert "Rien n'a été conservé ni envoyé" in said


def test_the_last_look_finds_nothing_to_refuse(canaries: Canaries) -> None:
    for folder in canaries.served.runs():
        assert scan_folder(folder) == []


def test_a_sealed_run_holds_no_canary_and_one_with_a_canary_is_not_sealed(canaries: Canaries, tmp_path: Path) -> None:
    """By the command line; it finds the secrets again where the references of the run lead."""
    first = canaries.served.runs()[0]
    password = {"CANARY_PASSWORD": canaries.secrets["password"], "CANARY_SECRET": canaries.secrets["client secret"]}
    sealed = canaries.run("seal", "seal", first, "--to", tmp_path, "--language", "en", **password)
    bundles = list(tmp_path.iterdir())
    added = first / "raw" / "9999-tenant-note.json"
    added.write_text(f'{{"a":\n"{quote(canaries.secrets["password"])}"}}', encoding="utf-8")
    refused = canaries.run("no seal", "seal", first, "--to", tmp_path, "--language", "en", **password)
    added.unlink()

    assert sealed.returncode == 0, sealed.stderr
    assert refused.returncode == 1
    assert b"raw/9999-tenant-note.json: line 2 (known-secret)" in refused.stderr
    assert list(tmp_path.iterdir()) == bundles
    with zipfile.ZipFile(bundles[0]) as packed:
        contents = {name: packed.read(name) for name in packed.namelist()}
    assert len(contents) > 10
    assert left(contents | canaries.printed | {"zip": bundles[0].read_bytes()}, canaries.secrets) == []


def test_the_code_of_the_sign_in_is_shown_to_the_person_and_kept_nowhere(canaries: Canaries) -> None:
    shown = canaries.printed["apply stderr"].decode()
    codes = {word for word in shown.replace("(", " ").split() if len(word) == 9 and word.isalnum() and word.isupper()}

    assert len(codes) == 1, shown
    assert left(canaries.kept | {"stdout": canaries.printed["apply stdout"]}, {"code": codes.pop()}) == []


def test_what_papermill_writes_is_for_its_owner_alone(canaries: Canaries) -> None:
    modes = {path: path.stat().st_mode & 0o777 for path in canaries.served.outputs.rglob("*")}

    assert {mode for path, mode in modes.items() if path.is_file()} == {0o600}
    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o700}
