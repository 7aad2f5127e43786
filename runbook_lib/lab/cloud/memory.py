"""Tenant and portal as targets without any network: every reading and action answered from the tenant by name.

Bodies are those the adapters return: Graph's own, with the properties the kit selects, all pages joined. What passes
once a client waits or signs in again (throttling, an expired token) is not seen here.
"""

from __future__ import annotations

import secrets
import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from runbook_lib.errors import NotPermitted, OutcomeUnknown, SignInFailed, TargetError, Throttled, UnexpectedReply
from runbook_lib.facts.portal import PORTAL
from runbook_lib.facts.tenant import TENANT
from runbook_lib.lab.clock import Now, real_time
from runbook_lib.lab.cloud import bodies
from runbook_lib.lab.cloud.portal import ADMINISTRATORS, PortalRefusal, save
from runbook_lib.lab.cloud.resets import Operation, begin, may_reset
from runbook_lib.lab.cloud.roles import REPORT_ROLES
from runbook_lib.lab.cloud.state import (
    SSPR_SERVICE,
    Account,
    Application,
    CloudTenant,
)
from runbook_lib.model import Change, Json
from runbook_lib.ports import Answer, Request

_ORGANIZATION = ("id", "displayName", "onPremisesSyncEnabled", "onPremisesLastSyncDateTime", "verifiedDomains")
_SKU = ("skuPartNumber", "capabilityStatus", "servicePlans")
_PILOT = ("id", "userPrincipalName", "accountEnabled", "onPremisesSyncEnabled", "onPremisesDistinguishedName")
_ROLE = ("displayName", "roleTemplateId")
_PORTAL_KEYS = {"set_portal_write_back": "passwordWriteBackSupported", "set_portal_unlock": "accountUnlockEnabled"}


class _Memory(ABC):
    """What both targets share: who is signed in, and whether that works."""

    name: str

    def __init__(self, tenant: CloudTenant, account: Account | Application, clock: Now = real_time) -> None:
        self._tenant = tenant
        self._account = account
        self._clock = clock

    def read(self, requests: Sequence[Request]) -> list[Answer | TargetError]:
        """Answer each reading, as `ports.Target` says."""
        return [self._not_signed_in() or self._read(request) for request in requests]

    def close(self) -> None:  # noqa: B027  # for both services alike
        """There is nothing to give back."""

    def _read(self, request: Request) -> Answer | TargetError:
        try:
            return self._answered(request.reading, self._body(request))
        except TargetError as error:
            return error

    @abstractmethod
    def _body(self, request: Request) -> Json:
        """Return what the service answers to one reading. Raises `TargetError`."""

    def _answered(self, name: str, body: Json) -> Answer:
        return Answer(name, body, self._clock().isoformat(timespec="seconds"), str(uuid.uuid4()))

    def _not_signed_in(self) -> TargetError | None:
        faults = self._tenant.faults
        is_application = isinstance(self._account, Application)
        if is_application and "expired_secret" in faults:
            return SignInFailed("lab-cloud-sign-in-refused", target=self.name)
        # Who it is was clear; a policy, or want of consent, keeps the token back.
        if "conditional_access" in faults:
            return NotPermitted("lab-cloud-token-withheld", target=self.name)
        if not is_application and "consent_missing" in faults:
            return NotPermitted("lab-cloud-consent-missing", target=self.name)
        return None

    def _forbidden(self, name: str) -> NotPermitted:
        return NotPermitted("lab-cloud-not-permitted", target=self.name, name=name)


class MemoryTenant(_Memory):
    """`ports.Target` over a tenant of the lab's cloud, as seen by one account."""

    name = TENANT

    def perform(self, change: Change) -> Answer:
        """Make one change, as `ports.Target` says. Nothing can be waited for here, so a reset ends at once or is not seen to end."""
        if change.action != "reset_pilot_password":
            raise ValueError(f"the tenant has no action {change.action!r}")
        if refused := self._not_signed_in():
            raise refused
        if "unavailable" in self._tenant.faults:  # whoever answers 503 may stand before or behind what does it
            raise OutcomeUnknown("lab-cloud-outcome-unknown", target=self.name, name=change.action)
        user = self._tenant.account_named(str(change.arguments["user"]))
        if not isinstance(self._account, Account):
            raise self._forbidden(change.action)
        if user is None:
            raise UnexpectedReply("lab-cloud-reset-refused", target=self.name)
        if not may_reset(self._tenant, self._account, user):
            raise self._forbidden(change.action)
        # Three kinds of signs, whatever is drawn: the policy of the lab's domains asks for that.
        password = f"Aa1-{secrets.token_urlsafe(24)}"
        return self._ended(begin(self._tenant, user, password, self._clock(), timedelta(0)), change.action)

    def _ended(self, operation: Operation, action: str) -> Answer:
        status = operation.status(self._clock())
        if self._tenant.strikes("lost_reply", 1) or status not in ("succeeded", "failed"):
            raise OutcomeUnknown("lab-cloud-outcome-unknown", target=self.name, name=action)
        if status == "failed":
            raise UnexpectedReply("lab-cloud-reset-failed", target=self.name, detail=operation.trouble)
        return self._answered(action, {"operation": operation.id, "status": status})

    def _body(self, request: Request) -> Json:
        answer = self._READINGS[request.reading]
        if "unavailable" in self._tenant.faults:
            raise Throttled("lab-cloud-unavailable", target=self.name)
        if "consent_missing" in self._tenant.faults:
            raise self._forbidden(request.reading)
        return answer(self, request.arguments)

    def _organization(self, _: Mapping[str, Json]) -> Json:
        return {"value": [_only(bodies.organization(self._tenant), _ORGANIZATION)]}

    def _subscribed_skus(self, _: Mapping[str, Json]) -> Json:
        skus = self._tenant.skus_now()
        return {"value": [_only(bodies.subscribed_sku(self._tenant, sku), _SKU) for sku in skus]}

    def _signed_in_account(self, _: Mapping[str, Json]) -> Json:
        held = [bodies.directory_role(self._tenant, role) for role in self._tenant.roles_of(self._account)]
        roles = [_only(role, _ROLE) for role in held]
        if isinstance(self._account, Account):
            return {"kind": "user", "id": self._account.id, "name": self._account.upn, "roles": roles}
        name = self._account.display_name
        return {"kind": "application", "id": self._account.object_id, "name": name, "roles": roles}

    def _pilot_account(self, arguments: Mapping[str, Json]) -> Json:
        account = self._tenant.account_named(str(arguments["user"]))
        if account is None:
            return {"user": None, "roles": []}
        held = [bodies.directory_role(self._tenant, role) for role in self._tenant.roles_of(account)]
        user = _only(bodies.synchronized_user(account), _PILOT)
        return {"user": user, "roles": [_only(role, _ROLE) for role in held]}

    def _registrations(self, _: Mapping[str, Json]) -> Json:
        self._may_read_reports("sspr_registrations")
        if not self._tenant.is_premium:
            raise self._forbidden("sspr_registrations")
        return {"value": [bodies.registration(row) for row in self._tenant.registrations]}

    def _audits(self, arguments: Mapping[str, Json]) -> Json:
        self._may_read_reports("directory_audits")
        now = self._clock()
        since = (now - timedelta(hours=float(arguments["hours"]))).replace(microsecond=0)
        records = [r for r in self._tenant.audits_now(now) if r.service == SSPR_SERVICE and r.at >= since]
        return {"value": [bodies.directory_audit(record) for record in records]}

    def _may_read_reports(self, name: str) -> None:
        if isinstance(self._account, Account) and not REPORT_ROLES & {*self._tenant.roles_of(self._account)}:
            raise self._forbidden(name)

    _READINGS: Mapping[str, Callable[[MemoryTenant, Mapping[str, Json]], Json]] = {
        "organization": _organization,
        "subscribed_skus": _subscribed_skus,
        "signed_in_account": _signed_in_account,
        "pilot_account": _pilot_account,
        "sspr_registrations": _registrations,
        "directory_audits": _audits,
    }


class MemoryPortal(_Memory):
    """`ports.Target` over the portal's page of a tenant, as seen by one account."""

    name = PORTAL

    def perform(self, change: Change) -> Answer:
        """Make one change, as `ports.Target` says."""
        if refused := self._not_signed_in():
            raise refused
        self._may_use(change.action)
        try:
            save(self._tenant, {_PORTAL_KEYS[change.action]: bool(change.arguments["enabled"])})
        except PortalRefusal:
            raise UnexpectedReply("lab-cloud-page-empty", target=self.name) from None
        if self._tenant.strikes("lost_reply", 1):
            raise OutcomeUnknown("lab-cloud-outcome-unknown", target=self.name, name=change.action)
        return self._answered(change.action, None)

    def _body(self, request: Request) -> Json:
        if request.reading != "on_premises_policy":
            raise ValueError(f"the portal has no reading {request.reading!r}")
        self._may_use(request.reading)
        return bodies.portal_policy(self._tenant)

    def _may_use(self, name: str) -> None:
        administers = isinstance(self._account, Account) and ADMINISTRATORS & {*self._tenant.roles_of(self._account)}
        if not administers or "portal_refuses" in self._tenant.faults:
            raise NotPermitted("lab-cloud-page-refused", target=self.name, name=name)


def _only(body: bodies.Body, names: Sequence[str]) -> bodies.Body:
    return {name: body[name] for name in names}
