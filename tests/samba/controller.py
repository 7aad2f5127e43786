"""A real Samba AD domain controller in a network namespace of its own, reached over its local socket as somebody or other."""

from __future__ import annotations

import importlib
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from runbook_lib.lab.directory import AccessRule

BASE = "DC=lab,DC=example"
ADMINISTRATOR, PASSWORD = "Administrator", "Passw0rd!Lab"

_INHERITANCE = {"None": "", "All": "CI", "Descendents": "CIIO", "SelfAndChildren": "CINP", "Children": "CIIONP"}
_DAY = 864_000_000_000  # in the hundreds of nanoseconds that the directory counts in
_ANY = "00000000-0000-0000-0000-000000000000"


class Samba:
    """The domain LAB. Started by `start`, ended by `stop`; every test brings its own users and units."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # By name and here, for these tests are also collected, and left out, where ldap3 is not installed.
        self.ldap3 = importlib.import_module("ldap3")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = ["samba-tool", "domain", "provision", f"--targetdir={self.folder}", "--realm=LAB.EXAMPLE"]
        command += ["--domain=LAB", "--server-role=dc", "--dns-backend=SAMBA_INTERNAL", f"--adminpass={PASSWORD}"]
        command += ["--host-name=labdc", "--host-ip=127.0.0.1", "--option=interfaces=lo"]
        command += ["--option=bind interfaces only=yes"]
        subprocess.run(command, check=True, capture_output=True)
        inside = f"ip link set lo up; exec samba -s {self.folder}/etc/smb.conf -F -M single --no-process-group"
        # The socket is a file that only this machine reaches, so a simple bind over it need not be encrypted.
        inside += " '--option=ldap server require strong auth=no'"
        self._process = subprocess.Popen(
            ["unshare", "-n", "bash", "-c", inside],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._wait()

    def stop(self) -> None:
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGTERM)
            self._process.wait(30)

    def _wait(self) -> None:
        for _ in range(120):
            if (self.folder / "private" / "ldapi").exists() and self._answers():
                return
            time.sleep(0.5)
        raise TimeoutError("Samba did not answer within a minute")

    def _answers(self) -> bool:
        """A server that is still starting refuses connections, or knows nobody yet."""
        try:
            return self.sign_in(ADMINISTRATOR, PASSWORD) == ""
        except self.ldap3.core.exceptions.LDAPException:
            return False

    # As the administrator

    def change(self, dn: str, **values: Any) -> None:
        """Replace attributes."""
        with self._bound(ADMINISTRATOR, PASSWORD) as bound:
            bound.modify(dn, {name: [("MODIFY_REPLACE", value)] for name, value in values.items()})
            assert bound.result["result"] == 0, bound.result

    def add(self, dn: str, object_class: str, **values: Any) -> str:
        """Add an object, and return its SID."""
        with self._bound(ADMINISTRATOR, PASSWORD) as bound:
            bound.add(dn, object_class, values)
            assert bound.result["result"] == 0, bound.result
        return str(self.read(dn, "objectSid"))

    def read(self, dn: str, name: str) -> Any:
        """Return the first value of an attribute, None when it has none."""
        with self._bound(ADMINISTRATOR, PASSWORD) as bound:
            bound.search(dn, "(objectClass=*)", "BASE", attributes=[name])
            values = bound.response[0]["raw_attributes"].get(name, [])
        if not values:
            return None
        return sid_text(values[0]) if name == "objectSid" else values[0].decode()

    def policy(self, *, age_days: int, length: int, is_complex: bool, history: int, threshold: int) -> None:
        """Set the default policy of the domain."""
        self.change(
            BASE,
            minPwdAge=[str(-age_days * _DAY)],
            minPwdLength=[str(length)],
            pwdProperties=["1" if is_complex else "0"],
            pwdHistoryLength=[str(history)],
            lockoutThreshold=[str(threshold)],
        )

    def set_rules(self, dn: str, rules: tuple[AccessRule, ...], *, is_protected: bool = False) -> None:
        """Give an object exactly these rules of its own, beside the administrators' full control."""
        flags = "PAI" if is_protected else "AI"
        written = "".join(sddl(rule) for rule in rules)
        self._ldif(
            f"dn: {dn}\nchangetype: modify\nreplace: nTSecurityDescriptor\n"
            f"nTSecurityDescriptor: O:DAG:DAD:{flags}{written}(A;CI;GA;;;DA)(A;CI;GA;;;SY)\n"
        )

    def _ldif(self, text: str) -> None:
        database = self.folder / "private" / "sam.ldb"
        done = subprocess.run(["ldbmodify", "-H", str(database)], input=text.encode(), capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()

    # As whom it may concern

    def sign_in(self, name: str, password: str) -> str:
        """Try to sign in, and return the data code of the error: empty when it worked."""
        bound = self._connection(name, password)
        bound.bind()
        code = re.search(r"data (\w+)", bound.result["message"])
        worked = bound.result["result"] == 0
        bound.unbind()
        return "" if worked else code[1] if code else str(bound.result)

    def modify(self, name: str, password: str, dn: str, changes: dict[str, Any]) -> str:
        """Change an object as somebody: `done`, `denied` for want of a right, `refused` by the policy."""
        with self._bound(name, password) as bound:
            bound.modify(dn, changes)
            return {0: "done", 50: "denied", 19: "refused", 53: "refused"}.get(
                bound.result["result"], str(bound.result)
            )

    @contextmanager
    def _bound(self, name: str, password: str) -> Iterator[Any]:
        """A connection as somebody, ended afterwards: ldap3's own `with` leaves one open that was bound before."""
        bound = self._connection(name, password)
        try:
            bound.bind()
            yield bound
        finally:
            bound.unbind()

    def _connection(self, name: str, password: str) -> Any:
        server = self.ldap3.Server(f"ldapi://{self.folder}/private/ldapi", get_info=self.ldap3.NONE)
        return self.ldap3.Connection(server, f"LAB\\{name}", password, authentication=self.ldap3.SIMPLE)


def sddl(rule: AccessRule) -> str:
    """Write a rule in the security descriptor definition language."""
    kind = "A" if rule.access == "Allow" else "D"
    types = [guid if guid != _ANY else "" for guid in (rule.object_type, rule.inherited_object_type)]
    mark = f"O{kind}" if any(types) else kind
    return f"({mark};{_INHERITANCE[rule.inheritance]};{rule.rights:#x};{types[0]};{types[1]};{rule.sid})"


def sid_text(raw: bytes) -> str:
    """Write a SID as text."""
    parts = [int.from_bytes(raw[8 + 4 * n : 12 + 4 * n], "little") for n in range(raw[1])]
    return "-".join(["S", str(raw[0]), str(int.from_bytes(raw[2:8], "big")), *map(str, parts)])


def quoted(password: str) -> bytes:
    """Write a password as `unicodePwd` wants it."""
    return f'"{password}"'.encode("utf-16-le")
