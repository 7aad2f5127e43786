"""A Kerberos realm of our own: MIT's KDC on a loopback port, its database, keytabs and ticket caches in one folder."""

from __future__ import annotations

import os
import shutil
import socket
import struct
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

REALM = "LAB.EXAMPLE"
ELSEWHERE = "ELSEWHERE.EXAMPLE"
USER = f"svc-runbook@{REALM}"
SERVICES = ("HTTP/localhost", "host/localhost")
PASSWORD = "Passw0rd!"
TOOLS = ("krb5kdc", "kdb5_util", "kadmin.local", "kinit")
# Where Debian and Homebrew put the programs of the KDC, which is no place that a plain user's path has.
PLACES = ("/usr/sbin", "/usr/lib/mit/sbin", "/opt/homebrew/opt/krb5/sbin", "/usr/local/opt/krb5/sbin")
WANTED = (
    "The Kerberos tests need {missing}. `make kerberos` installs what is missing on Debian and Ubuntu when you are root; "
    "else install MIT Kerberos with its KDC (krb5-kdc krb5-admin-server krb5-user libkrb5-dev) and run it again."
)

# krb5.conf: nothing is looked up anywhere, and names are taken as they are.
CLIENT = """[libdefaults]
 default_realm = {realm}
 dns_lookup_kdc = false
 dns_lookup_realm = false
 dns_canonicalize_hostname = false
 rdns = false
 udp_preference_limit = 1
[realms]
 {served} = {{
  kdc = 127.0.0.1:{port}
 }}
[domain_realm]
 localhost = {realm}
 .elsewhere.example = {elsewhere}
"""
SERVER = """[kdcdefaults]
 kdc_listen = 127.0.0.1:{port}
 kdc_tcp_listen = 127.0.0.1:{port}
[realms]
 {realm} = {{
  database_name = {folder}/principal
  key_stash_file = {folder}/stash
  supported_enctypes = aes256-cts:normal
 }}
"""


@dataclass(frozen=True)
class Realm:
    """A running KDC. `services` is the keytab of the server, `account` that of the user."""

    folder: Path
    port: int

    @property
    def services(self) -> Path:
        return self.folder / "services.keytab"

    @property
    def account(self) -> Path:
        return self.folder / "account.keytab"

    @property
    def environment(self) -> dict[str, str]:
        """The variables by which MIT's programs and libraries find the realm, and the server its key."""
        return {
            "KRB5_CONFIG": str(self.folder / "krb5.conf"),
            "KRB5_KDC_PROFILE": str(self.folder / "kdc.conf"),
            "KRB5_KTNAME": f"FILE:{self.services}",
            "KRB5CCNAME": f"FILE:{self.folder / 'no-tickets'}",
        }

    def run(self, tool: str, *arguments: str, told: str = "") -> None:
        """Run one of MIT's programs to its end, which must be a good one."""
        subprocess.run(
            [found(tool), *arguments],
            env={**os.environ, **self.environment},
            input=told,
            text=True,
            capture_output=True,
            check=True,
            timeout=20,
        )

    def administer(self, *commands: str) -> None:
        """Change the database, one kadmin command after the other."""
        self.run("kadmin.local", told="".join(f"{command}\n" for command in commands))

    def tickets(self, cache: Path, *options: str, user: str = USER) -> None:
        """Sign in with the password, and let this process use the tickets."""
        self.run("kinit", *options, "-c", f"FILE:{cache}", user, told=f"{PASSWORD}\n")
        os.environ["KRB5CCNAME"] = f"FILE:{cache}"

    def configure(self, cache: Path, **changed: object) -> None:
        """Let this process see the realm in another way than it is."""
        file = cache.with_suffix(".conf")
        file.write_text(configuration(**{"port": self.port, **changed}), encoding="ascii")
        os.environ["KRB5_CONFIG"] = str(file)


def configuration(*, port: object, realm: object = REALM, served: object = REALM) -> str:
    return CLIENT.format(port=port, realm=realm, served=served, elsewhere=ELSEWHERE)


def set_back(cache: Path, seconds: int) -> None:
    """Make a cache believe that the KDC's clock is ahead by so many seconds, as after a sign-in with a wrong clock.

    The header of version 4 holds that difference (MIT, ccache file format), and the library adds it to the time it tells.
    """
    content = cache.read_bytes()
    version, length = struct.unpack_from(">HH", content)
    assert version == 0x0504
    header = struct.pack(">HHHHii", version, 12, 1, 8, seconds, 0)
    cache.write_bytes(header + content[4 + length :])


def found(tool: str) -> str:
    """Return where a program is. The test fails, and says what to install, when it is nowhere."""
    path = os.pathsep.join((os.environ.get("PATH", ""), *PLACES))
    return shutil.which(tool, path=path) or pytest.fail(WANTED.format(missing=tool))


@contextmanager
def serving(folder: Path) -> Iterator[Realm]:
    """Make a realm and serve it."""
    for tool in TOOLS:
        found(tool)
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        realm = Realm(folder, chosen.getsockname()[1])
    (folder / "krb5.conf").write_text(configuration(port=realm.port), encoding="ascii")
    (folder / "kdc.conf").write_text(SERVER.format(port=realm.port, realm=REALM, folder=folder), encoding="ascii")
    realm.run("kdb5_util", "create", "-s", "-r", REALM, "-P", "a key for the database")
    realm.administer(
        f"addprinc -pw {PASSWORD} {USER}",
        *(f"addprinc -randkey {service}" for service in SERVICES),
        f"ktadd -k {realm.services} {' '.join(SERVICES)}",
        f"ktadd -k {realm.account} -norandkey {USER}",
    )
    kdc = subprocess.Popen(
        [found("krb5kdc"), "-n"],
        env={**os.environ, **realm.environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(realm.port, kdc)
        yield realm
    finally:
        kdc.terminate()
        kdc.wait(10)


def _wait_for(port: int, kdc: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 10
    while time.monotonic() < until and kdc.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            time.sleep(0.02)
        else:
            return
    pytest.fail(f"the KDC did not come up (exit code {kdc.poll()})")
