"""Graph's way to reset somebody's password: what is checked before an operation begins, and what is told of one."""

from __future__ import annotations

import json
from datetime import datetime

from runbook_lib.lab.cloud import bodies
from runbook_lib.lab.cloud.questions import GraphRefusal, Question
from runbook_lib.lab.cloud.resets import PASSWORD_METHOD, Operation, begin, may_reset
from runbook_lib.lab.cloud.state import Account, CloudTenant

RESET_PATH = "/users/{user}/authentication/methods/{method}/resetPassword"
OPERATION_PATH = "/users/{user}/authentication/operations/{operation}"
RESETS = frozenset({"UserAuthenticationMethod.ReadWrite.All"})
LOOKS_AT_RESETS = RESETS | {"UserAuthenticationMethod.Read.All"}
# The address also names the part of the service that knows the operation (graph-docs, example of the reset's answer).
WHERE = "aadgdc=LAB01P&aadgsu=ssprprod-a"


def denied() -> GraphRefusal:
    """Return the refusal of a permission or a role."""
    return GraphRefusal(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")


def operation_of(tenant: CloudTenant, user: Account, operation_id: str, now: datetime) -> bodies.Body:
    """Return an operation of a user. Raises `GraphRefusal`."""
    tenant.premises.catch_up()
    operation = tenant.operations.get(operation_id)
    if operation is None or operation.user_id != user.id:
        raise GraphRefusal(404, "ResourceNotFound", "The operation was not found.")
    return bodies.long_running_operation(operation, now)


def begin_reset(question: Question, body: bytes, now: datetime) -> Operation:
    """Begin what a user asks for who may ask. Raises `GraphRefusal`."""
    tenant, name = question.tenant, question.path["user"]
    user = tenant.account_named(name)
    if user is None or question.path["method"] != PASSWORD_METHOD:
        raise GraphRefusal(404, "Request_ResourceNotFound", f"Resource '{name}' does not exist.")
    if not may_reset(tenant, question.caller, user):
        raise denied()
    return begin(tenant, user, _new_password(body), now, tenant.reset_delay)


def _new_password(body: bytes) -> str:
    """Return the password that was sent. Left out, Graph makes one up for a user of the cloud; that is not modelled."""
    try:
        password = json.loads(body)["newPassword"]
    except (ValueError, TypeError, KeyError):
        password = None
    if not isinstance(password, str) or not password:
        raise GraphRefusal(400, "badRequest", "A new password is required for a synchronized user.")
    return password
