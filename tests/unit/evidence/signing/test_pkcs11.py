"""Signing with a key on a token: the real PKCS#11 path, against SoftHSM, whose key never leaves it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pkcs11
import pytest
from pkcs11.util.ec import encode_named_curve_parameters

from runbook_lib.errors import CannotSign
from runbook_lib.evidence.signing import check, new_entry, open_signer, sign
from runbook_lib.evidence.signing.roster import roster_from
from tests.unit.evidence.signing.conftest import NOW, written

LIBRARIES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/opt/homebrew/lib/softhsm/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
)
PIN = "648219"


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A token `people` with a P-256 key of number 2 and a P-384 key of number 3; returns SoftHSM's configuration."""
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    conf = folder / "softhsm2.conf"
    conf.write_text(f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\nlog.level = ERROR\n")
    tool = shutil.which("softhsm2-util")
    assert tool, "requirements/softhsm.sh installs SoftHSM"
    made = [tool, "--init-token", "--free", "--label", "people", "--pin", PIN, "--so-pin", PIN]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(conf))  # read once in a process, when its library is opened
        subprocess.run(made, check=True, capture_output=True)
        opened = pkcs11.lib(next(path for path in LIBRARIES if Path(path).exists())).get_token(token_label="people")
    with opened.open(rw=True, user_pin=PIN) as session:
        for number, curve in ((2, "secp256r1"), (3, "secp384r1")):
            parameters = {pkcs11.Attribute.EC_PARAMS: encode_named_curve_parameters(curve)}
            domain = session.create_domain_parameters(pkcs11.KeyType.EC, parameters, local=True)
            domain.generate_keypair(store=True, id=bytes([number]))
    return conf


@pytest.fixture
def library(token: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    found = next(path for path in LIBRARIES if Path(path).exists())
    monkeypatch.setenv("SOFTHSM2_CONF", str(token))
    monkeypatch.setenv("PYKCS11LIB", found)
    return found


def asking(pin: str, asked: list[str]) -> Callable[[str], str]:
    def ask(what: str) -> str:
        asked.append(what)
        return pin

    return ask


@pytest.mark.parametrize(
    ("reference", "curve"), [("hsm:2?label=people", "nistp256"), ("hsm:3", "nistp384"), ("hsm:", "nistp256")]
)
def test_a_key_on_a_token_signs_and_its_owner_is_known_by_the_roster(
    library: str, tmp_path: Path, reference: str, curve: str
) -> None:
    asked: list[str] = []
    signer = open_signer(reference, tmp_path, asking(PIN, asked))
    key = signer.public_key
    envelope = sign({"n": 1}, [signer])
    entry = new_entry(key, "Ana Lima", ["approver"], NOW)  # type: ignore[arg-type]
    checked = check(envelope, roster_from(written(entry), "r"), NOW)

    assert [(each.name, each.standing.value) for each in checked.signatures] == [("Ana Lima", "valid")]
    assert key.scheme == f"ecdsa-sha2-{curve}"
    assert len(asked) == 1


def test_a_wrong_pin_is_said_and_not_repeated(library: str, tmp_path: Path) -> None:
    signer = open_signer("hsm:2?label=people", tmp_path, asking("000111", []))

    with pytest.raises(CannotSign, match="did not sign: PinIncorrect") as refused:
        sign({}, [signer])
    assert "000111" not in refused.value.say("en")


@pytest.mark.parametrize("reference", ["hsm:9?label=people", "hsm:2?label=nobody"])
def test_a_key_or_token_that_is_not_there_is_said(library: str, tmp_path: Path, reference: str) -> None:
    with pytest.raises(CannotSign, match="cannot be used: ValueError"):
        open_signer(reference, tmp_path, asking(PIN, []))


@pytest.mark.parametrize(
    ("package", "reference", "extra"),
    [
        ("pkcs11", "hsm:2", "signing-pkcs11"),
        ("azure.identity", "azurekms://people.vault.azure.net/keys/ana", "signing-azure"),
    ],
)
def test_a_missing_package_is_named_by_the_extra_that_installs_it(
    tmp_path: Path, package: str, reference: str, extra: str
) -> None:
    """In a process of its own, where the package is not to be had."""
    script = (
        f"import sys; sys.modules[{package!r}] = None\n"
        "from pathlib import Path\n"
        "from runbook_lib.errors import CannotSign\n"
        "from runbook_lib.evidence.signing import open_signer\n"
        "try: open_signer(sys.argv[1], Path(), str)\n"
        "except CannotSign as error: print(error.message.key, error.message.arguments['extra'])\n"
    )
    environment = os.environ | {"PYKCS11LIB": "/nowhere.so"}
    done = subprocess.run(
        [sys.executable, "-c", script, reference], capture_output=True, text=True, env=environment, check=True
    )

    assert done.stdout.split() == ["signer-package-missing", extra]
