"""Secrets are fetched from where their reference says, and hide themselves afterwards."""

import copy
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st
from keyring.errors import KeyringLocked

from runbook_lib.errors import ParameterError
from runbook_lib.parameters import Secret, SecretReference, ask_without_echo, resolve, system_keyring
from runbook_lib.parameters.secret import MOST_BYTES, parse_reference

VALUE = "p w:é/😀"


class OneItemKeyring:
    """A keyring that knows one password."""

    def get_password(self, service: str, username: str) -> str | None:
        return VALUE if (service, username) == ("https://server/x", "CONTOSO\\svc") else None


class LockedKeyring:
    """A keyring that nobody opened."""

    def get_password(self, service: str, username: str) -> NoReturn:
        raise KeyringLocked(VALUE)


@pytest.fixture
def secret_file(tmp_path: Path) -> Callable[..., SecretReference]:
    """Write a file of secrets and return the reference to it."""

    def write(content: bytes, mode: int = 0o600) -> SecretReference:
        path = tmp_path / "secret"
        path.write_bytes(content)
        path.chmod(mode)
        return SecretReference("file", str(path))

    return write


def refusal(reference: SecretReference, **sources: object) -> str:
    """Return the key of the message with which a reference is refused."""
    with pytest.raises(ParameterError) as caught:
        resolve(reference, **{"environ": {}, **sources})  # type: ignore[arg-type]
    assert VALUE not in str(caught.value) + repr(caught.value.__cause__)
    return caught.value.message.key


def test_each_kind_of_reference_finds_its_secret(secret_file: Callable[..., SecretReference]) -> None:
    asked: list[str] = []

    def answer(label: str) -> str:
        asked.append(label)
        return VALUE

    found = [
        resolve(SecretReference("env", "A"), environ={"A": VALUE}),
        resolve(SecretReference("lab", "sync-server"), environ={}, lab_secrets={"sync-server": VALUE}),
        resolve(SecretReference("prompt", "sync server"), environ={}, prompt=answer),
        resolve(SecretReference("keyring", "https://server/x/CONTOSO\\svc"), environ={}, keyring=OneItemKeyring()),
        resolve(secret_file(VALUE.encode()), environ={}),
        resolve(SecretReference("keyvault", "contoso/sync"), environ={}, vault={"contoso/sync": VALUE}.__getitem__),
    ]

    assert [each.reveal() for each in found] == [VALUE] * 6
    assert asked == ["sync server"]


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (b"a\n", "a"),
        (b"a\r\n", "a"),
        (b"a\n\n", "a\n"),
        (b" a ", " a "),
        (b"\xef\xbb\xbfa", "a"),
        (b"a" * MOST_BYTES, "a" * MOST_BYTES),
    ],
)
def test_only_what_an_editor_adds_is_removed_from_a_file(
    secret_file: Callable[..., SecretReference], content: bytes, value: str
) -> None:
    assert resolve(secret_file(content), environ={}).reveal() == value


def test_a_file_that_holds_no_secret_is_refused(secret_file: Callable[..., SecretReference], tmp_path: Path) -> None:
    assert refusal(secret_file(b"")) == "secret-empty"
    assert refusal(secret_file(b"\n")) == "secret-empty"
    assert refusal(secret_file(b"\xff")) == "secret-not-text"
    assert refusal(secret_file(b"a" * (MOST_BYTES + 1))) == "secret-file-too-large"
    assert refusal(SecretReference("file", str(tmp_path))) == "secret-file-unreadable"
    assert refusal(SecretReference("file", str(tmp_path / "missing"))) == "secret-file-unreadable"
    assert refusal(SecretReference("file", "a\0b")) == "secret-file-unreadable"


if os.name == "posix":  # Windows has neither these modes nor pipes with names in folders

    @pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601, 0o660])
    def test_a_file_that_others_can_use_is_refused(secret_file: Callable[..., SecretReference], mode: int) -> None:
        assert refusal(secret_file(VALUE.encode(), mode)) == "secret-file-exposed"

    def test_a_pipe_is_refused_without_waiting_for_a_writer(tmp_path: Path) -> None:
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe, 0o600)

        assert refusal(SecretReference("file", str(pipe))) == "secret-file-unreadable"


def test_a_secret_that_is_not_there_is_refused_by_the_name_of_its_reference() -> None:
    assert refusal(SecretReference("env", "A")) == "secret-missing"
    assert refusal(SecretReference("env", "A"), environ={"A": ""}) == "secret-empty"
    assert refusal(SecretReference("env", "A"), environ={"A": "\udcff"}) == "secret-not-text"
    assert refusal(SecretReference("lab", "a")) == "secret-missing"
    assert refusal(SecretReference("lab", "a"), lab_secrets={"b": VALUE}) == "secret-missing"
    assert refusal(SecretReference("keyring", "a/b")) == "secret-no-keyring"
    assert refusal(SecretReference("keyring", "a/b"), keyring=OneItemKeyring()) == "secret-missing"
    assert refusal(SecretReference("keyring", "a/b"), keyring=LockedKeyring()) == "secret-no-keyring"
    assert refusal(SecretReference("keyring", "a/b"), keyring=system_keyring()) == "secret-no-keyring"
    assert refusal(SecretReference("prompt", "a")) == "secret-nobody-there"


def test_without_a_terminal_nobody_is_asked() -> None:
    """A process of its own, without a terminal: getpass would warn and then show what is typed."""
    code = (
        "from runbook_lib.errors import ParameterError\n"
        "from runbook_lib.parameters import ask_without_echo\n"
        "try:\n    ask_without_echo('x')\nexcept ParameterError as error:\n    print(error.message.key)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=f"{VALUE}\n",
        capture_output=True,
        text=True,
        start_new_session=True,
        check=True,
    )

    assert done.stdout == "secret-nobody-there\n"
    assert VALUE not in done.stderr


def test_input_that_cannot_be_read_is_told_in_our_words() -> None:
    """The input that pytest captures stands for the kernel of a run without a person: reading it fails."""
    with pytest.raises(ParameterError) as caught:
        ask_without_echo("sync server")

    assert caught.value.message.arguments == {"reference": "prompt:sync server"}


@given(value=st.text(min_size=1).filter(lambda text: text not in "Secret(hidden)"))
def test_a_secret_shows_itself_to_nobody_by_accident(value: str) -> None:
    secret = Secret(value)

    assert {str(secret), repr(secret), f"{secret}", f"{[secret]!r}".strip("[]")} == {"Secret(hidden)"}
    assert not hasattr(secret, "__dict__")
    for leave in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="does not travel"):
            leave(secret)


@given(text=st.text())
def test_a_text_is_a_reference_that_says_the_same_or_none(text: str) -> None:
    parsed = parse_reference(text)

    assert parsed in {"secret-literal", "secret-malformed"} or str(parsed) == text


@pytest.mark.parametrize("name", ["abc/x", "contoso-vault1/sync-server", f"contoso/sync/{'0a' * 16}"])
def test_a_vault_and_its_secret_are_named_as_azure_names_them(name: str) -> None:
    assert parse_reference(f"keyvault:{name}") == SecretReference("keyvault", name)


@pytest.mark.parametrize(
    "name",
    [
        "ab/x",
        "1abc/x",
        "a--b/x",
        "abc-/x",
        f"{'a' * 25}/x",
        "abc",
        "abc/",
        "abc/x_y",
        "abc/x/1",
        "a.b/x",
        "abc/x/../y",
        f"abc/{'x' * 128}",
    ],
)
def test_what_no_vault_or_secret_can_be_called_is_refused_before_anybody_is_asked(name: str) -> None:
    assert parse_reference(f"keyvault:{name}") == "secret-malformed"
