"""The same users, units and rules in a real directory and in the lab's, and the same acts on both: what they say must agree."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from runbook_lib.lab.directory import (
    AccessRule,
    Directory,
    DirectoryAccount,
    Domain,
    Group,
    PasswordPolicy,
    Unit,
    User,
    access,
)
from runbook_lib.lab.directory.passwords import PasswordRefused, change, hashed, reset, sign_in
from tests.samba.controller import BASE, Samba, quoted

CONNECTOR, CONNECTOR_PASSWORD = "connector", "Conn3ctor!Lab"
FIRST = "First 1 password"
LONG_AGO = timedelta(days=30)


class Disagreement(AssertionError):
    """The real directory and the lab's say different things."""


class Both:
    """One domain twice. Names of users are unique in the domain; rules name SIDs that `sid` gives."""

    def __init__(self, real: Samba) -> None:
        self.real = real
        self.sids: dict[str, str] = {}
        self.dns: dict[str, str] = {}
        dn = f"CN={CONNECTOR},CN=Users,{BASE}"
        self.sids[CONNECTOR] = self._new_user(CONNECTOR, dn, "user", CONNECTOR_PASSWORD)
        self.lab = Domain("lab.example", "LAB", self.sids[CONNECTOR].rpartition("-")[0])
        self.lab.accounts = (DirectoryAccount(CONNECTOR, self.sids[CONNECTOR]),)
        self.forest = Directory(self.lab)
        self.policy()

    def policy(self, *, age_days: int = 0, length: int = 7, history: int = 24, threshold: int = 0) -> None:
        self.real.policy(age_days=age_days, length=length, is_complex=True, history=history, threshold=threshold)
        self.lab.policy = PasswordPolicy(
            timedelta(days=age_days), length, is_complex=True, history=history, lockout_threshold=threshold
        )

    def unit(self, name: str, *rules: AccessRule, parent: str = BASE, is_protected: bool = False) -> str:
        dn = f"OU={name},{parent}"
        self.real.add(dn, "organizationalUnit")
        self.real.set_rules(dn, rules, is_protected=is_protected)
        self.lab.units = (*self.lab.units, Unit(dn, is_protected, rules))
        return dn

    def user(
        self, name: str, parent: str, *rules: AccessRule, object_class: str = "user", is_protected: bool = False
    ) -> User:
        dn = f"CN={name},{parent}"
        self.dns[name] = dn
        self.sids[name] = self._new_user(name, dn, object_class, FIRST)
        if rules or is_protected:
            self.real.set_rules(dn, rules, is_protected=is_protected)
        made = User(name, name, self.sids[name], parent, None, datetime.now(UTC))
        made = replace(
            made, object_class=object_class, rules=rules, is_protected=is_protected, passwords=(hashed(FIRST),)
        )
        self.lab.users.append(made)
        return made

    def group(self, name: str, *members: str) -> str:
        """A group with the connector account, or other groups, in it."""
        dns = [f"CN={member},CN=Users,{BASE}" for member in members]
        sid = self.real.add(
            f"CN={name},CN=Users,{BASE}", "group", sAMAccountName=name, groupType="-2147483646", member=dns
        )
        self.lab.groups = (
            *(replace(g, groups=(*g.groups, sid)) if g.name in members else g for g in self.lab.groups),
            Group(name, sid),
        )
        if CONNECTOR in members:
            (account,) = self.lab.accounts
            self.lab.accounts = (replace(account, groups=(*account.groups, sid)),)
        return sid

    def disable(self, name: str) -> None:
        self.real.change(self.dns[name], userAccountControl=["514"])
        self._update(replace(self.lab.user(name), is_enabled=False))

    def reset(self, name: str, password: str) -> str:
        """Reset a password with the connector's rights, to be changed at the next logon."""
        changes = {"unicodePwd": [("MODIFY_REPLACE", [quoted(password)])], "pwdLastSet": [("MODIFY_REPLACE", ["0"])]}
        real = self.real.modify(CONNECTOR, CONNECTOR_PASSWORD, self.dns[name], changes)
        return agreed(real, self._reset_in_lab(name, password))

    def unlock(self, name: str) -> str:
        changes = {"lockoutTime": [("MODIFY_REPLACE", ["0"])]}
        real = self.real.modify(CONNECTOR, CONNECTOR_PASSWORD, self.dns[name], changes)
        may = self._may(name, access.WRITE_LOCKOUT_TIME)
        if may:
            self._update(replace(self.lab.user(name), is_locked_out=False, wrong_passwords=0))
        return agreed(real, "done" if may else "denied")

    def change(self, name: str, old: str, new: str) -> str:
        """Change a password as its user."""
        changes = {"unicodePwd": [("MODIFY_DELETE", [quoted(old)]), ("MODIFY_ADD", [quoted(new)])]}
        real = self.real.modify(name, old, self.dns[name], changes)
        try:
            self._update(change(self.lab.user(name), old, new, self.lab.policy, datetime.now(UTC)))
        except PasswordRefused:
            return agreed(real, "refused")
        return agreed(real, "done")

    def sign_in(self, name: str, password: str) -> str:
        after, code = sign_in(self.lab.user(name), password, self.lab.policy)
        self._update(after)
        return agreed(self.real.sign_in(name, password), code)

    def must_change(self, name: str) -> bool:
        real = self.real.read(self.dns[name], "pwdLastSet") == "0"
        return agreed(real, self.lab.user(name).pwd_last_set is None)

    def _reset_in_lab(self, name: str, password: str) -> str:
        if not (self._may(name, access.RESET) and self._may(name, access.WRITE_PWD_LAST_SET)):
            return "denied"
        was_locked = self.lab.user(name).is_locked_out
        try:
            after = reset(self.lab.user(name), password, self.lab.policy, hints=False)
        except PasswordRefused:
            return "refused"
        self._update(replace(after, is_locked_out=was_locked))
        return "done"

    def _may(self, name: str, right: access.Right) -> bool:
        rules = self.lab.rules_on(self.lab.user(name), self.lab.rules)
        return access.is_allowed(rules, self.forest.account(CONNECTOR, "LAB").sids, right)

    def _update(self, user: User) -> None:
        self.lab.update(user, datetime.now(UTC))

    def _new_user(self, name: str, dn: str, object_class: str, password: str) -> str:
        classes = ["top", "person", "organizationalPerson", "user"]
        classes += ["inetOrgPerson"] if object_class == "inetOrgPerson" else []
        return self.real.add(dn, classes, sAMAccountName=name, unicodePwd=quoted(password), userAccountControl="512")


def agreed(real: Any, lab: Any) -> Any:
    """Return what both say. Raises `Disagreement`."""
    if real != lab:
        raise Disagreement(f"the real directory says {real!r}, the lab {lab!r}")
    return real
