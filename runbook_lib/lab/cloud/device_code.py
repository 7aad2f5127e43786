"""Device codes (RFC 8628): handed out, approved or declined by a person at the lab, and redeemed once.

Entra's page for the code is its own web site; here it is an address of the lab, and a code can also be approved by
itself. Codes live 15 minutes at Entra (Microsoft, v2-oauth2-device-code).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from authlib.oauth2.rfc8628 import DeviceCredentialMixin

from runbook_lib.lab.cloud.refusals import EntraRefusal
from runbook_lib.lab.cloud.state import Account, Cloud, CloudTenant

# No vowels, so that no words appear; nothing that looks like something else. Entra's codes have nine characters.
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ23456789"


@dataclass
class DeviceCode(DeviceCredentialMixin):  # type: ignore[misc]  # Authlib publishes no types
    """One device code and what became of it: `user` is who approved it, `declined` whether somebody said no."""

    tenant: CloudTenant
    client_id: str
    scope: str
    user_code: str
    issued: datetime
    cloud: Cloud
    user: Account | None = None
    declined: bool = False

    def get_client_id(self) -> str:
        return self.client_id

    def get_scope(self) -> str:
        return self.scope

    def get_user_code(self) -> str:
        return self.user_code

    def is_expired(self) -> bool:
        return self.cloud.clock() >= self.issued + self.tenant.device_code_lifetime

    @property
    def decision(self) -> tuple[Account | None, bool] | None:
        """Return who decided, and whether it was yes; None while nobody did."""
        if self.declined:
            return None, False
        if self.user is None and (waiting := self.tenant.auto_approval):
            due = self.issued + timedelta(seconds=waiting.after_seconds)
            self.user = self.tenant.account(waiting.upn) if self.cloud.clock() >= due else None
        return (self.user, True) if self.user else None


class DeviceCodes:
    """The codes of one cloud that are still open."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._codes: dict[str, DeviceCode] = {}

    def issue(self, tenant: CloudTenant, client_id: str, scope: str, device_code: str, user_code: str) -> None:
        """Remember a new code."""
        issued = self._cloud.clock()
        self._codes[device_code] = DeviceCode(tenant, client_id, scope, user_code, issued, self._cloud)

    def find(self, tenant: CloudTenant, device_code: str) -> DeviceCode:
        """Return the code of that tenant. Raises `EntraRefusal` when there is none, or it is too old."""
        code = self._codes.get(device_code)
        if code is None or code.tenant is not tenant:
            raise EntraRefusal(70018)
        if code.is_expired():
            raise EntraRefusal(70020)
        return code

    def redeem(self, code: DeviceCode) -> None:
        """Forget a code: it works once."""
        self._codes = {known: kept for known, kept in self._codes.items() if kept is not code}

    def decide(self, user_code: str, upn: str, *, approve: bool) -> None:
        """Approve or decline a code as a user of its tenant. Raises `EntraRefusal`."""
        if not user_code:
            raise EntraRefusal(90119)
        wanted = user_code.strip().upper()
        code = next((known for known in self._codes.values() if known.user_code == wanted), None)
        if code is None:
            raise EntraRefusal(70018)
        if code.is_expired():
            raise EntraRefusal(70019)
        if code.declined or code.user:
            raise EntraRefusal(90120)
        user = code.tenant.account(upn)
        if user is None:
            raise EntraRefusal(9002313)
        code.user, code.declined = (user, False) if approve else (None, True)


def new_user_code() -> str:
    """Return what a person types."""
    return "".join(secrets.choice(_LETTERS) for _ in range(9))
