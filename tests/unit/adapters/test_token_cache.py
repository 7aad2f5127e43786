"""Where tokens are kept: for one user only, one store for each tenant and application, and never in clear unasked."""

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msal import TokenCache
from msal_extensions import FilePersistence, LibsecretPersistence

from runbook_lib.adapters.token_cache import KeptTokens, open_token_cache
from runbook_lib.errors import ParameterError, SignInFailed

TENANT, OTHER_TENANT, CLIENT, OTHER_CLIENT = (f"aaaaaaaa-0000-4000-8000-00000000000{number}" for number in range(1, 5))
ENTRY = {
    "environment": "login.example",
    "client_id": CLIENT,
    "home_account_id": "ada",
    "secret": "canary-refresh-token",
}


def kept_in(folder: Path, kind: str = "plain-file", *, tenant: str = TENANT, client: str = CLIENT) -> KeptTokens:
    return open_token_cache(kind, folder, tenant_id=tenant, client_id=client)


def remember(cache: KeptTokens) -> None:
    cache.modify(TokenCache.CredentialType.REFRESH_TOKEN, ENTRY, ENTRY)


def remembered(cache: KeptTokens) -> list[str]:
    return [entry["secret"] for entry in cache.search(TokenCache.CredentialType.REFRESH_TOKEN)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state" / "tokens"


def refused(call: Callable[[], object], kind: type[Exception] = ParameterError) -> Any:
    with pytest.raises(kind) as caught:
        call()
    assert "canary" not in caught.value.say("en") + caught.value.say("fr") + repr(caught.value)
    return caught.value.message


def test_what_is_kept_is_there_for_the_next_run_and_only_for_this_user(folder: Path) -> None:
    remember(kept_in(folder))

    assert remembered(kept_in(folder)) == ["canary-refresh-token"]
    (file,) = folder.iterdir()
    assert [stat.S_IMODE(path.stat().st_mode) for path in (folder, file)] == [0o700, 0o600]


@pytest.mark.parametrize("other", [{"tenant": OTHER_TENANT}, {"client": OTHER_CLIENT}])
def test_another_tenant_or_application_finds_nothing(folder: Path, other: dict[str, str]) -> None:
    remember(kept_in(folder))

    assert remembered(kept_in(folder, **other)) == []


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
@pytest.mark.parametrize("which", ["file", "folder"])
def test_a_file_or_folder_that_others_can_use_is_refused_and_left_alone(folder: Path, which: str, mode: int) -> None:
    remember(kept_in(folder))
    (file,) = folder.iterdir()
    exposed = file if which == "file" else folder
    exposed.chmod(mode | (0o100 if which == "folder" else 0))
    before = file.read_bytes()

    said = refused(lambda: kept_in(folder))

    assert said.key == "token-cache-exposed"
    assert str(exposed.name) in said.arguments["file"]
    assert file.read_bytes() == before


def test_a_link_to_somewhere_else_is_refused(folder: Path, tmp_path: Path) -> None:
    remember(kept_in(folder))
    (file,) = folder.iterdir()
    file.rename(tmp_path / "elsewhere")
    file.symlink_to(tmp_path / "elsewhere")

    assert refused(lambda: kept_in(folder)).key == "token-cache-exposed"


def test_the_message_does_not_tell_whose_home_it_is() -> None:
    folder = Path.home() / "tokens"
    folder.mkdir(mode=0o755)

    assert refused(lambda: kept_in(folder)).arguments["file"] == "~/tokens"


@pytest.mark.parametrize(
    "content", [b"{", b"[]", b'{"RefreshToken": 1}', b'{"RefreshToken": {"a": "b"}}', b"\xff\xfe", b"1"]
)
def test_a_damaged_store_is_emptied_and_can_be_used_again(folder: Path, content: bytes) -> None:
    remember(kept_in(folder))
    (file,) = folder.iterdir()
    file.write_bytes(content)

    cache = kept_in(folder)

    assert remembered(cache) == []
    remember(cache)
    assert remembered(kept_in(folder)) == ["canary-refresh-token"]


@given(content=st.binary(max_size=200))
def test_no_content_of_the_file_stops_a_run_from_opening(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    folder = tmp_path_factory.mktemp("tokens")
    folder.chmod(0o700)
    remember(kept_in(folder))
    (file,) = folder.iterdir()
    file.write_bytes(content)

    assert remembered(kept_in(folder)) in ([], ["canary-refresh-token"])


def test_a_store_that_breaks_in_mid_run_is_a_failed_sign_in_that_names_it(folder: Path) -> None:
    cache = kept_in(folder)
    remember(cache)
    (file,) = folder.iterdir()
    file.unlink()
    file.mkdir()

    assert refused(lambda: remember(cache), SignInFailed).key == "token-cache-broke"
    assert refused(lambda: remembered(cache), SignInFailed).arguments["detail"] == "IsADirectoryError"


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file", encoding="utf-8")

    assert refused(lambda: kept_in(tmp_path / "state" / "tokens")).key == "token-cache-unusable"


def test_the_lock_of_a_run_that_was_killed_stops_nobody_for_long(folder: Path) -> None:
    """The five seconds are the library's patience; without portalocker it gives up after them."""
    remember(kept_in(folder))
    (file,) = folder.iterdir()
    (folder / f"{file.name}.lockfile").write_text("123 killed", encoding="ascii")

    assert remembered(kept_in(folder)) == ["canary-refresh-token"]


def unable(error: Exception) -> Callable[[str], Any]:
    def make(_location: str) -> Any:
        raise error

    return make


@pytest.mark.parametrize(
    "error", [ImportError("no gi"), RuntimeError("no secret service"), ValueError("no libsecret"), OSError("no DPAPI")]
)
def test_where_nothing_encrypts_nothing_is_written(folder: Path, error: Exception) -> None:
    def opening() -> object:
        store = unable(error)
        return open_token_cache("encrypted", folder, tenant_id=TENANT, client_id=CLIENT, encrypted_store=store)

    assert refused(opening).key == "token-cache-not-encrypted"
    assert list(folder.iterdir()) == []


# The system's PyGObject may warn about its own way of importing, which is nothing of ours.
@pytest.mark.filterwarnings("ignore:DynamicImporter:ImportWarning")
def test_libsecret_without_a_session_bus_encrypts_nothing_and_leaves_nothing(folder: Path) -> None:
    """As on a server that is reached over SSH: with the real libsecret where there is one, and without it elsewhere."""
    os.environ["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/nonexistent"

    def opening() -> object:
        store = LibsecretPersistence
        return open_token_cache("encrypted", folder, tenant_id=TENANT, client_id=CLIENT, encrypted_store=store)

    assert refused(opening).key == "token-cache-not-encrypted"
    assert list(folder.iterdir()) == []


class Sealed(FilePersistence):
    """Stands in for the system's: turns the text around, refuses what it did not write, and as libsecret does touches a file
    that the usual umask lets others read: in the end the folder is what keeps them out.
    """

    is_encrypted = True

    def save(self, content: str) -> None:
        super().save(f"sealed{content[::-1]}")
        Path(self.get_location()).chmod(0o644)

    def load(self) -> str:
        found = super().load()
        if not found.startswith("sealed"):
            raise ValueError("not sealed by us")
        return str(found.removeprefix("sealed")[::-1])


def test_what_the_system_encrypts_is_kept_apart_from_what_is_in_clear(folder: Path) -> None:
    def sealed() -> KeptTokens:
        return open_token_cache("encrypted", folder, tenant_id=TENANT, client_id=CLIENT, encrypted_store=Sealed)

    remember(sealed())

    assert remembered(sealed()) == ["canary-refresh-token"]
    assert remembered(kept_in(folder)) == []
    assert not any(b"canary" in file.read_bytes() for file in folder.iterdir())
