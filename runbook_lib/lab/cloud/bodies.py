"""What the tenants answer, as Graph writes it: one function for each type, for the endpoint and the in-memory target.

Property names and types are those of Graph v1.0; `tests/contract/test_graph_schema.py` holds every answer against
Microsoft's own metadata. `onPremisesLastPasswordSyncDateTime` is missing on purpose: only beta has it.
"""

from __future__ import annotations

import uuid
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from runbook_lib.lab.cloud.resets import Operation
from runbook_lib.lab.cloud.roles import Role
from runbook_lib.lab.cloud.state import (
    Account,
    Application,
    AuditRecord,
    CloudTenant,
    Registration,
    Sku,
)

Body = dict[str, Any]


def moment(when: datetime) -> str:
    """Return a time as Graph writes it: UTC, ISO 8601, to the second, with a Z."""
    return f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def organization(tenant: CloudTenant) -> Body:
    """Return the tenant itself, or the one the account really belongs to."""
    tenant_id, name = tenant.presented
    plans = [
        {
            "assignedDateTime": "2025-01-15T08:00:00Z",
            "capabilityStatus": sku.capability_status,
            "service": "AADPremiumService",
            "servicePlanId": plan.id,
        }
        for sku in tenant.skus_now()
        for plan in sku.plans
    ]
    domains = [
        {
            "capabilities": "Email, OfficeCommunicationsOnline",
            "isDefault": domain.is_default,
            "isInitial": domain.is_initial,
            "name": domain.name,
            "type": domain.type,
        }
        for domain in tenant.domains_now()
    ]
    return {
        "id": tenant_id,
        "displayName": name,
        "tenantType": "AAD",
        "onPremisesSyncEnabled": tenant.on_premises_sync_enabled,
        "onPremisesLastSyncDateTime": moment(tenant.last_sync) if tenant.last_sync else None,
        "assignedPlans": plans,
        "verifiedDomains": domains,
    }


def subscribed_sku(tenant: CloudTenant, sku: Sku) -> Body:
    """Return a product; its id is that of the tenant and of the product, joined."""
    plans = [
        {
            "servicePlanId": plan.id,
            "servicePlanName": plan.name,
            "provisioningStatus": plan.provisioning_status,
            "appliesTo": "User",
        }
        for plan in sku.plans
    ]
    return {
        "id": f"{tenant.id}_{sku.id}",
        "accountId": tenant.id,
        "appliesTo": "User",
        "skuId": sku.id,
        "skuPartNumber": sku.part_number,
        "capabilityStatus": sku.capability_status,
        "consumedUnits": sku.consumed,
        "prepaidUnits": {"enabled": sku.units, "suspended": 0, "warning": 0, "lockedOut": 0},
        "servicePlans": plans,
    }


def user(account: Account) -> Body:
    """Return a user with the properties Graph gives when none are selected."""
    return {
        "id": account.id,
        "businessPhones": [],
        "displayName": account.display_name,
        "givenName": None,
        "jobTitle": None,
        "mail": None,
        "mobilePhone": None,
        "officeLocation": None,
        "preferredLanguage": None,
        "surname": None,
        "userPrincipalName": account.upn,
    }


def synchronized_user(account: Account) -> Body:
    """Return a user with what tells where it comes from."""
    return user(account) | {
        "accountEnabled": account.is_enabled,
        "onPremisesSyncEnabled": True if account.directory_dn else None,
        "onPremisesDistinguishedName": account.directory_dn,
    }


def long_running_operation(operation: Operation, now: datetime) -> Body:
    """Return an operation on a user's authentication methods."""
    return {
        "id": operation.id,
        "createdDateTime": moment(operation.begun_at),
        "lastActionDateTime": moment(operation.ended_at or now),
        "resourceLocation": None,
        "status": operation.status(now),
        "statusDetail": operation.trouble or None,
    }


def service_principal(application: Application) -> Body:
    """Return the object that stands for an application in the tenant."""
    return {
        "id": application.object_id,
        "accountEnabled": True,
        "appDisplayName": application.display_name,
        "appId": application.client_id,
        "displayName": application.display_name,
        "servicePrincipalType": "Application",
    }


def directory_role(tenant: CloudTenant, role: Role, *, limited: bool = False) -> Body:
    """Return a directory role; `limited` is what a caller sees who may not read roles: an id and nothing else."""
    return {
        "id": str(uuid.uuid5(uuid.UUID(tenant.id), role.template_id)),
        "deletedDateTime": None,
        "description": None if limited else f"Lab: {role.display_name}",
        "displayName": None if limited else role.display_name,
        "roleTemplateId": None if limited else role.template_id,
    }


def registration(row: Registration) -> Body:
    """Return a row of the report on registered authentication methods."""
    return {
        "id": row.id,
        "userPrincipalName": row.upn,
        "userDisplayName": row.display_name,
        "userType": "member",
        "isAdmin": row.is_admin,
        "isSsprEnabled": row.enabled,
        "isSsprRegistered": row.registered,
        "isSsprCapable": row.enabled and row.registered,
        "isMfaRegistered": row.registered,
        "isMfaCapable": row.registered,
        "isPasswordlessCapable": False,
        "methodsRegistered": ["mobilePhone"] if row.registered else [],
        "lastUpdatedDateTime": moment(row.updated),
    }


def directory_audit(record: AuditRecord) -> Body:
    """Return an entry of the directory audit log."""
    return {
        "id": f"SSPR_{record.id}",
        "category": record.category,
        "correlationId": record.id,
        "result": record.result,
        "resultReason": "",
        "activityDisplayName": record.activity,
        "activityDateTime": moment(record.at),
        "loggedByService": record.service,
        "operationType": "Update",
        "initiatedBy": {"user": None, "app": None},
        "targetResources": [],
        "additionalDetails": [{"key": "OnPremisesAgent", "value": record.agent}] if record.agent else [],
    }


def portal_policy(tenant: CloudTenant) -> Body:
    """Return what the portal page *On-premises integration* reads.

    Field names are those of two independent public tools. That a page with nothing to show answers without an
    `objectId` is what one of them (azurenum) checks for; the other values of that case are not known.
    """
    body = asdict(tenant.policy)
    if not tenant.page_available():
        body |= {"objectId": None, "passwordWritebackSupported": False, "enablementForTenant": False}
    if "portal_disagrees" in tenant.faults:
        body |= {"enablementForTenant": False}
    if "portal_changed_shape" in tenant.faults:
        return {"policy": {"id": body["objectId"], "writeback": {"enabled": body["passwordWritebackSupported"]}}}
    return body
