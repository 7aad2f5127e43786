"""C1 to C3: is this the right server, is it healthy and idle, and which connector leads to the tenant."""

from __future__ import annotations

import re
from datetime import date

from runbook_lib.canonical import digest
from runbook_lib.facts.sync_server import (
    COMPANY_FEATURES,
    CONNECT_INSTALLATION,
    CONNECTORS,
    GLOBAL_SETTINGS,
    HOST,
    PASSWORD_WRITEBACK,
    SCHEDULER,
    ConnectInstallation,
    Connector,
    Host,
    other_scheduler,
)
from runbook_lib.model import Assessment, Fact, Finding, Json, Wanted
from runbook_lib.ports import View
from runbook_lib.runbooks.findings import blocker, observed, passing, unknown, warning
from runbook_lib.texts import Message, message

# What `configuration` looks at.
CONFIGURATION = (SCHEDULER, CONNECTORS, GLOBAL_SETTINGS, COMPANY_FEATURES)

CONFIGURED_VERSION = "Microsoft.Synchronize.ServerConfigurationVersion"

# Azure AD Connect 1.x has not been able to sync since 2023-10-01 (Microsoft, prerequisites page).
OLDEST_USABLE = (2, 0)
# Below this, synchronization services stop on that day (Microsoft, prerequisites page of 2025-09-29).
OLDEST_SUPPORTED, SUPPORT_ENDS = (2, 5, 79, 0), date(2026, 9, 30)
# Builds of Windows Server 2016, 2019 and 2022, which Connect supports (Microsoft, prerequisites; Windows Server release
# information). By build, for captions are translated. Not supported yet: 26100, which is Windows Server 2025. Windows 10 shares
# the builds 14393 and 17763, so the kind of installation counts too.
SUPPORTED_WINDOWS = frozenset({"10.0.14393", "10.0.17763", "10.0.20348"})
# .NET Framework 4.8, which the writeback troubleshooting article asks for.
DOTNET_48 = 528040


def assess_server(view: View, wanted: Wanted) -> Assessment:
    """C1: the server is reachable, supported, ours to configure, and nobody else is configuring it."""
    host, product = view.see(HOST), view.see(CONNECT_INSTALLATION)
    facts = (
        *observed(HOST, computer=host.computer_name, operating_system=host.os_caption, account=host.account),
        *observed(HOST, administrator=host.is_administrator, sync_administrator=host.is_sync_admin),
        *observed(HOST, registry=host.registry.model_dump()),
        *observed(CONNECT_INSTALLATION, connect_version=product.file_version, service=product.service_status),
        *observed(CONNECT_INSTALLATION, wizard_open=product.wizard_open),
    )
    stops = (*_account_stops(host), *_product_stops(product))
    if stops:
        return Assessment(facts, stops)
    configured = view.see(GLOBAL_SETTINGS).value(CONFIGURED_VERSION)
    facts += observed(GLOBAL_SETTINGS, configured_version=configured)
    return Assessment(facts, (*_version_findings(product, configured, host), *platform_warnings(host)))


def _account_stops(host: Host) -> tuple[Finding, ...]:
    if host.is_sync_admin:
        return () if host.is_administrator else (warning("not-local-administrator", account=host.account),)
    return (blocker("not-sync-administrator", account=host.account),)


def _product_stops(product: ConnectInstallation) -> tuple[Finding, ...]:
    if product.file_version is None or not product.module_available:
        return (blocker("connect-not-installed"),)
    if product.service_status != "Running":
        return (blocker("sync-service-not-running", status=product.service_status),)
    return (blocker("wizard-open"),) if product.wizard_open else ()


def _version_findings(product: ConnectInstallation, configured: str | None, host: Host) -> tuple[Finding, ...]:
    installed = product.file_version or ""
    version = version_parts(installed)
    if version is None:
        return (blocker("version-not-understood", version=installed),)
    if version < OLDEST_USABLE:
        return (blocker("connect-too-old", version=installed),)
    if configured and version_parts(configured) != version:
        return (blocker("upgrade-unfinished", installed=installed, configured=configured),)
    if version < OLDEST_SUPPORTED and host.now_utc[:10] >= SUPPORT_ENDS.isoformat():
        return (warning("connect-out-of-support", version=installed, date=SUPPORT_ENDS.isoformat()),)
    return ()


def version_parts(version: str) -> tuple[int, ...] | None:
    """Return a version as four numbers, for 2.10 is newer than 2.5 and 2.5.79 is 2.5.79.0; None when it is not one."""
    if not re.fullmatch("[0-9]{1,9}([.][0-9]{1,9}){0,3}", version):
        return None
    parts = [int(part) for part in version.split(".")]
    return *parts, *[0] * (4 - len(parts))


def platform_warnings(host: Host) -> tuple[Finding, ...]:
    """Return what is wrong with Windows, .NET and TLS on the server, none of which stops the procedure."""
    found: list[Finding] = []
    if host.os_version not in SUPPORTED_WINDOWS or host.registry.installation_type == "Client":
        found.append(warning("windows-not-supported", system=host.os_caption, version=host.os_version))
    if host.registry.installation_type == "Server Core":
        found.append(warning("server-core"))
    if int(host.registry.dotnet_release or 0) < DOTNET_48:
        found.append(warning("dotnet-too-old", release=host.registry.dotnet_release))
    if host.registry.tls12_client_enabled == "0" or host.registry.tls12_client_disabled_by_default == "1":
        found.append(warning("tls12-off"))
    return tuple(found)


def assess_activity(view: View, wanted: Wanted) -> Assessment:
    """C2: this is the active server, it is idle, and its configuration is captured as a baseline."""
    scheduler = view.see(SCHEDULER)
    facts = (
        *observed(SCHEDULER, staging_mode=scheduler.staging_mode, sync_cycle_enabled=scheduler.sync_cycle_enabled),
        *observed(SCHEDULER, maintenance_enabled=scheduler.maintenance_enabled, suspended=scheduler.suspended),
        *passing(SCHEDULER, next_cycle=scheduler.next_start_utc, running=scheduler.running_connectors),
        Fact("configuration-digest", digest(configuration(view)), "configuration"),
    )
    others, other_stops = other_servers(view, wanted)
    findings: list[Finding] = [*other_stops]
    if scheduler.staging_mode:
        findings.append(blocker("staging-mode"))
    if scheduler.suspended:
        findings.append(blocker("scheduler-suspended"))
    if not scheduler.sync_cycle_enabled:
        findings.append(warning("sync-cycle-disabled"))
    if not scheduler.maintenance_enabled:
        findings.append(warning("maintenance-disabled"))
    waiting: tuple[Message, ...] = ()
    if scheduler.running_connectors:
        waiting = (message("sync-running", connectors=tuple(scheduler.running_connectors)),)
    return Assessment((*facts, *others), tuple(findings), waiting=waiting)


def other_servers(view: View, wanted: Wanted) -> tuple[tuple[Fact, ...], tuple[Finding, ...]]:
    """Only one active server may write back; which others exist is known only from the parameters."""
    if not wanted.other_servers:
        return (unknown("other-active-servers", "parameters"),), ()
    active: list[str] = []
    for number, endpoint in enumerate(wanted.other_servers, start=1):
        if not view.see(other_scheduler(number)).staging_mode:
            active.append(endpoint)
    stops = (blocker("second-active-server", servers=tuple(active)),) if active else ()
    return observed(SCHEDULER, other_active_servers=active), stops


def configuration(view: View) -> dict[str, Json]:
    """Return what must stay as found: the server's configuration without the writeback setting and without times.

    Sorted by names, for the server promises no order and another order is no other configuration.
    """
    scheduler = view.see(SCHEDULER).model_dump(exclude={"next_start_utc", "next_policy_type", "running_connectors"})
    return {
        "scheduler": scheduler,
        "connectors": _in_order([_connector(known) for known in view.see(CONNECTORS).connectors], "name", "identifier"),
        "global-settings": _in_order(view.see(GLOBAL_SETTINGS).model_dump()["parameters"], "name", "value"),
        "company-features": view.see(COMPANY_FEATURES).model_dump(),
    }


def _connector(connector: Connector) -> dict[str, Json]:
    partitions = [
        {**part.model_dump(), "included": sorted(part.included), "excluded": sorted(part.excluded)}
        for part in connector.partitions
    ]
    return {**connector.model_dump(), "partitions": _in_order(partitions, "dn")}


def _in_order(items: list[dict[str, Json]], *keys: str) -> list[Json]:
    return sorted(items, key=lambda item: [item[key] for key in keys])


def assess_connectors(view: View, wanted: Wanted) -> Assessment:
    """C3: the connector to the tenant is identified beyond doubt."""
    connectors = view.see(CONNECTORS)
    facts = observed(CONNECTORS, connectors=sorted(connector.name for connector in connectors.connectors))
    if len(connectors.cloud) != 1:
        return Assessment(facts, (blocker("cloud-connector-not-one", count=len(connectors.cloud)),))
    features, writeback = view.see(COMPANY_FEATURES), view.see(PASSWORD_WRITEBACK)
    facts += observed(CONNECTORS, cloud_connector=connectors.cloud[0].name)
    facts += observed(COMPANY_FEATURES, password_hash_sync=features.password_hash_sync)
    facts += observed(PASSWORD_WRITEBACK, writeback=writeback.enabled)
    return Assessment(facts)
