"""Azurite, Microsoft's emulator of Azure Storage, as a process of its own on the loopback."""

import base64
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from azure.storage.blob import BlobServiceClient

MAIN = Path(sys.prefix) / "azurite/node_modules/azurite/dist/src/blob/main.js"
ACCOUNT = "fabrikam"
CONTAINER = "records"


@dataclass
class Azurite:
    """A running emulator with one account, whose key nobody else has, and one container."""

    port: int
    key: str
    process: subprocess.Popen[bytes]

    @property
    def connection(self) -> str:
        """What Microsoft's clients and adlfs read from AZURE_STORAGE_CONNECTION_STRING."""
        place = f"http://127.0.0.1:{self.port}/{ACCOUNT}"
        return f"DefaultEndpointsProtocol=http;AccountName={ACCOUNT};AccountKey={self.key};BlobEndpoint={place};"

    @property
    def client(self) -> BlobServiceClient:
        return BlobServiceClient.from_connection_string(self.connection, retry_total=0)

    def contents(self, folder: str = "") -> dict[str, bytes]:
        """Every object below a folder, as another client reads it."""
        return self.read(self.names(folder))

    def names(self, folder: str = "") -> list[str]:
        """The names of all objects below a folder."""
        with self.client.get_container_client(CONTAINER) as container:
            return list(container.list_blob_names(name_starts_with=folder))

    def read(self, names: Iterable[str]) -> dict[str, bytes]:
        """What objects hold, by their names."""
        with self.client.get_container_client(CONTAINER) as container:
            return {name: container.download_blob(name).readall() for name in names}

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()


def folder_url(name: str) -> str:
    """The address of a folder in the container."""
    return f"abfs://{CONTAINER}/{name}"


@contextmanager
def serving() -> Iterator[Azurite]:
    """Start an emulator that keeps all in memory, with an empty container, and stop it."""
    assert MAIN.is_file(), "requirements/azurite.sh installs Azurite"
    key = base64.b64encode(secrets.token_bytes(64)).decode()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--blobHost", "127.0.0.1", "--blobPort", str(port), "--inMemoryPersistence", "--loose", "--silent"]
    process = subprocess.Popen(  # node itself: what npx starts outlives it
        ["node", str(MAIN), *options, "--disableTelemetry", "--skipApiVersionCheck"],
        env={**os.environ, "AZURITE_ACCOUNTS": f"{ACCOUNT}:{key}"},
        stdout=subprocess.DEVNULL,
    )
    azurite = Azurite(port, key, process)
    try:
        _wait(port)
        with azurite.client as client:
            client.create_container(CONTAINER).close()
        yield azurite
    finally:
        azurite.stop()


def _wait(port: int) -> None:
    until = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            assert time.monotonic() < until, "Azurite does not answer"
            time.sleep(0.05)
