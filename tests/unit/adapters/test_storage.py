"""Folders on shared storage: one contract, for a mounted share and for Azure's emulator; what is refused, and how it is said."""

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from runbook_lib.adapters.storage import MARK, Storage, storage_secrets
from runbook_lib.errors import EvidenceError, ParameterError
from tests.azurite import Azurite, folder_url, serving

REFUSED = {
    "ftp://host/folder": "storage-unknown-scheme",
    "memory://records": "storage-unknown-scheme",
    "s3://key:secret@bucket/records": "storage-secret-in-url",
    "abfs://records/all?sv=2026&sig=secret": "storage-secret-in-url",
    "s3://bucket/records": "storage-package-missing",
}


@pytest.fixture(scope="module")
def azurite() -> Iterator[Azurite]:
    with serving() as running:
        yield running


@pytest.fixture
def connected(azurite: Azurite, monkeypatch: pytest.MonkeyPatch) -> Azurite:
    monkeypatch.setenv("AZURE_STORAGE_CONNECTION_STRING", azurite.connection)
    return azurite


@pytest.fixture(params=["share", "azurite"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "share":
        return tmp_path.as_uri()
    request.getfixturevalue("connected")
    return folder_url(tmp_path.name)


@pytest.fixture
def storage(url: str) -> Storage:
    return Storage(url)


def test_what_was_created_is_read_and_never_replaced_by_another(storage: Storage) -> None:
    assert storage.create("contoso/run/journal/000001.json", b"first")
    assert not storage.create("contoso/run/journal/000001.json", b"second")
    assert storage.read("contoso/run/journal/000001.json") == b"first"


def test_of_many_writers_one_creates(storage: Storage) -> None:
    with ThreadPoolExecutor(8) as writers:
        done = list(writers.map(lambda n: storage.create("contoso/lock.json", b"%d" % n), range(24)))

    assert done.count(True) == 1
    assert storage.read("contoso/lock.json") == b"%d" % done.index(True)


def test_another_process_s_view_of_a_folder_is_the_same(storage: Storage, url: str) -> None:
    assert storage.names("contoso") == []
    Storage(url).create("contoso/run/plan.json", b"{}")

    assert storage.names("contoso") == ["contoso/run/plan.json"]


def test_what_is_put_replaces_what_was_there(storage: Storage) -> None:
    storage.put("contoso/run/result.json", b"early")
    storage.put("contoso/run/result.json", b"late")

    assert storage.read("contoso/run/result.json") == b"late"


def test_what_is_not_there_is_none_and_can_be_removed(storage: Storage) -> None:
    storage.remove("contoso/lock.json")

    assert storage.read("contoso/lock.json") is None


def test_what_was_removed_can_be_created_again(storage: Storage) -> None:
    storage.create("contoso/lock.json", b"one")
    storage.remove("contoso/lock.json")

    assert storage.read("contoso/lock.json") is None
    assert storage.create("contoso/lock.json", b"two")


def test_names_are_those_below_a_folder_in_order(storage: Storage) -> None:
    for name in ("b/2.json", "a/raw/1.json", "a/plan.json", "ab/3.json"):
        storage.put(name, b"")

    assert storage.names("a") == ["a/plan.json", "a/raw/1.json"]
    assert storage.names("") == [MARK, "a/plan.json", "a/raw/1.json", "ab/3.json", "b/2.json"]


@pytest.mark.parametrize(("url", "key"), REFUSED.items())
def test_what_could_not_keep_records_is_refused_before_anything_is_sent(url: str, key: str) -> None:
    with pytest.raises(ParameterError) as refused:
        Storage(url)

    assert refused.value.message.key == key
    assert "secret@" not in str(refused.value)
    assert "sig=" not in str(refused.value)


def test_a_share_that_is_not_mounted_is_refused_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="No such file"):
        Storage((tmp_path / "mnt").as_uri())

    assert not (tmp_path / "mnt").exists()


def test_a_container_that_is_not_there_is_told(connected: Azurite) -> None:
    with pytest.raises(ParameterError, match="ContainerNotFound"):
        Storage("abfs://elsewhere/records")


def test_a_wrong_key_is_told_and_not_repeated(azurite: Azurite, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = azurite.key[::-1].replace("=", "A")[:86] + "=="
    monkeypatch.setenv("AZURE_STORAGE_CONNECTION_STRING", azurite.connection.replace(azurite.key, wrong))

    with pytest.raises(ParameterError, match=r"AuthorizationFailure|AuthenticationFailed") as refused:
        Storage(folder_url("wrong"))
    assert wrong not in str(refused.value)


def test_storage_without_any_credential_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("AZURE_")]:
        monkeypatch.delenv(name)

    with pytest.raises(ParameterError, match="ValueError"):
        Storage("abfs://records/all")


def test_a_storage_that_stops_answering_is_an_error_of_evidence(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving() as azurite:
        monkeypatch.setenv("AZURE_STORAGE_CONNECTION_STRING", azurite.connection)
        storage = Storage(folder_url("stopped"))
        azurite.stop()

        begun = time.monotonic()
        for exchange in (storage.read, storage.names, lambda name: storage.create(name, b"{}")):
            with pytest.raises(EvidenceError) as refused:
                exchange("contoso/run/journal/000001.json")
            assert refused.value.message.key == "storage-refused"
    assert time.monotonic() - begun < 25  # and not the minutes that Azure's client would take


def test_the_secrets_of_a_connection_are_known_as_a_whole_and_by_themselves() -> None:
    connection = "AccountName=one;AccountKey=c2VjcmV0;BlobEndpoint=https://one.example/"

    assert storage_secrets({"AZURE_STORAGE_CONNECTION_STRING": connection, "PATH": "/bin"}) == (connection, "c2VjcmV0")
