"""Passwords of a domain: what the policy takes, what an administrator's reset and a user's own change do, when an account locks.

From Microsoft's pages on the password and account lockout policies and on the policy hints that Connect asks for with a
reset (MS-ADTS, LDAP_SERVER_POLICY_HINTS_OID). A password is kept only as a salted hash.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from runbook_lib.lab.directory.objects import User

_ROUNDS = 1000  # enough for invented passwords that are gone with the process


@dataclass(frozen=True)
class PasswordPolicy:
    """The default policy of a domain. `lockout_threshold` is how many wrong passwords lock an account, 0 for never."""

    minimum_age: timedelta = timedelta(0)
    minimum_length: int = 7
    is_complex: bool = True
    history: int = 24
    lockout_threshold: int = 5


class PasswordRefused(Exception):
    """A domain controller takes no such password, or not now. `reason` names the rule."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class SignInRefused(Exception):
    """A logon failed. `code` is the data code of the LDAP error (Microsoft, LDAP bind error 49)."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def hashed(password: str) -> bytes:
    """Return what is kept of a password: a salt and a hash."""
    salt = secrets.token_bytes(8)
    return salt + _digest(password, salt)


def reset(user: User, password: str, policy: PasswordPolicy, *, hints: bool = True) -> User:
    """Return a user with a new password set by somebody else, to be changed at the next logon, and unlocked.

    The minimum age does not count here. The history counts only when policy hints are asked for, as Connect does.
    """
    _check(user, password, policy, history=policy.history if hints else 0)
    changed = _with(user, password, policy, None)
    return replace(changed, is_locked_out=False, wrong_passwords=0)


def change(user: User, old: str, new: str, policy: PasswordPolicy, at: datetime) -> User:
    """Return a user who changed the password. Raises `PasswordRefused`; a wrong old password counts as a failed logon."""
    if not _is(old, user.passwords[:1]):
        raise PasswordRefused("wrong-password")
    if user.pwd_last_set is not None and at - user.pwd_last_set < policy.minimum_age:
        raise PasswordRefused("too-young")
    _check(user, new, policy, history=policy.history)
    return _with(user, new, policy, at)


def sign_in(user: User, password: str, policy: PasswordPolicy) -> tuple[User, str]:
    """Return the user after a try to sign in, and the data code of the error: empty when it worked."""
    if user.is_locked_out:
        return user, "775"
    if not _is(password, user.passwords[:1]):
        count = user.wrong_passwords + 1
        return replace(user, wrong_passwords=count, is_locked_out=0 < policy.lockout_threshold <= count), "52e"
    if not user.is_enabled:
        return user, "533"
    if user.pwd_last_set is None:
        return user, "773"
    return replace(user, wrong_passwords=0), ""


def _with(user: User, password: str, policy: PasswordPolicy, at: datetime | None) -> User:
    kept = (hashed(password), *user.passwords)[: max(policy.history, 1)]
    return replace(user, passwords=kept, pwd_last_set=at)


def _check(user: User, password: str, policy: PasswordPolicy, *, history: int) -> None:
    if len(password) < policy.minimum_length:
        raise PasswordRefused("too-short")
    if policy.is_complex and not _is_complex(user, password):
        raise PasswordRefused("too-simple")
    if _is(password, user.passwords[:history]):
        raise PasswordRefused("used-before")


def _is_complex(user: User, password: str) -> bool:
    """Three of four kinds of characters, and no name of the user inside (Microsoft, password complexity requirements)."""
    kinds = (str.isupper, str.islower, str.isdigit, lambda sign: not sign.isalnum())
    names = [user.sam_account_name, *re.split(r"[,.\-_ #\t]+", user.name)]
    if any(len(name) > 2 and name.casefold() in password.casefold() for name in names):
        return False
    return sum(any(kind(sign) for sign in password) for kind in kinds) >= 3


def _is(password: str, kept: tuple[bytes, ...]) -> bool:
    return any(secrets.compare_digest(_digest(password, one[:8]), one[8:]) for one in kept)


def _digest(password: str, salt: bytes) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", password.encode(), salt, _ROUNDS)
