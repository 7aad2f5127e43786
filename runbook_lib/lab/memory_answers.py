"""The sync server's answers by name, straight from the world: one function a reading, one an action."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from types import MappingProxyType

from runbook_lib.facts.sync_server import CLOUD_CONNECTOR
from runbook_lib.lab import installation as installed
from runbook_lib.lab.directory import AccessRule
from runbook_lib.lab.directory_answers import DIRECTORY_READINGS, round_trip
from runbook_lib.lab.installation import LabConnector
from runbook_lib.lab.refusal import Refusal
from runbook_lib.lab.sync_server import INTERVAL, SyncServer
from runbook_lib.model import Json

EVENTS_PER_SOURCE = 400

_KEPT_PARAMETERS = ("UserName", "forest-name", "forest-login-domain", "forest-login-user")
_REGISTRY = {
    "installation_type": (installed.WINDOWS, "InstallationType"),
    "dotnet_release": (installed.DOTNET, "Release"),
    "tls_default_64": (installed.DOTNET_64, "SystemDefaultTlsVersions"),
    "tls_strong_64": (installed.DOTNET_64, "SchUseStrongCrypto"),
    "tls_default_32": (installed.DOTNET_32, "SystemDefaultTlsVersions"),
    "tls_strong_32": (installed.DOTNET_32, "SchUseStrongCrypto"),
    "tls12_client_enabled": (installed.TLS12_CLIENT, "Enabled"),
    "tls12_client_disabled_by_default": (installed.TLS12_CLIENT, "DisabledByDefault"),
}


def _host(server: SyncServer, _: Mapping[str, Json]) -> Json:
    registry = server.installation.registry
    values = {name: registry.get(place) for name, place in _REGISTRY.items()}
    return {
        "computer_name": server.computer_name,
        "os_caption": server.os_caption,
        "os_version": server.installation.os_version,
        "account": server.installation.account,
        "is_administrator": True,
        "is_sync_admin": server.is_sync_admin,
        "now_utc": round_trip(server.clock()),
        "registry": {name: None if value is None else str(value) for name, value in values.items()},
    }


def _connect_installation(server: SyncServer, _: Mapping[str, Json]) -> Json:
    return {
        "file_version": server.file_version,
        "service_status": "Running",
        "module_available": True,
        "wizard_open": server.is_wizard_open,
    }


def _scheduler(server: SyncServer, _: Mapping[str, Json]) -> Json:
    state = server.scheduler()
    interval = f"{INTERVAL.seconds // 3600:02d}:{INTERVAL.seconds // 60 % 60:02d}:00"
    return {
        "allowed_interval": interval,
        "effective_interval": interval,
        "next_policy_type": "Delta",
        "next_start_utc": round_trip(state.next_start),
        "sync_cycle_enabled": True,
        "maintenance_enabled": True,
        "staging_mode": state.is_staging,
        "suspended": state.is_suspended,
        "running_connectors": list(state.running),
    }


def _connectors(server: SyncServer, _: Mapping[str, Json]) -> Json:
    return {"connectors": [_connector(connector) for connector in server.connectors]}


def _connector(connector: LabConnector) -> Json:
    return {
        "name": connector.name,
        "identifier": connector.identifier,
        "type_name": connector.type_name,
        "sub_type": connector.sub_type,
        "parameters": {name: value for name, value in connector.parameters.items() if name in _KEPT_PARAMETERS},
        "partitions": [
            {
                "dn": partition.dn,
                "is_domain": partition.is_domain,
                "selected": partition.is_selected,
                "included": list(partition.included),
                "excluded": list(partition.excluded),
            }
            for partition in connector.partitions
        ],
    }


def _global_settings(server: SyncServer, _: Mapping[str, Json]) -> Json:
    return {"parameters": [{"name": name, "value": value} for name, value in server.global_settings.items()]}


def _company_features(server: SyncServer, _: Mapping[str, Json]) -> Json:
    features = server.installation.features
    return {
        "password_hash_sync": features["PasswordHashSync"],
        "force_password_change_on_log_on": features["ForcePasswordChangeOnLogOn"],
        "user_writeback": features["UserWriteback"],
        "device_writeback": features["DeviceWriteback"],
    }


def _password_writeback(server: SyncServer, _: Mapping[str, Json]) -> Json:
    clouds = [connector for connector in server.connectors if connector.identifier == CLOUD_CONNECTOR]
    if len(clouds) != 1:
        problem = f"Expected one cloud connector, found {len(clouds)}."
        raise Refusal(problem, problem, "OperationStopped", "System.Management.Automation.RuntimeException")
    now = server.writeback()
    return {
        "connector": clouds[0].name,
        "enabled": now.enabled,
        "service_status": now.service_status,
        "onboarding_status": now.onboarding_status,
        "modified_utc": round_trip(now.modified_at),
        "asks_credential": server.asks_credential,
    }


def _writeback_events(server: SyncServer, arguments: Mapping[str, Json]) -> Json:
    since = server.clock() - timedelta(minutes=arguments["minutes"])
    recent = [event for event in server.events() if event.at >= since]
    sources = {event.source for event in recent}
    kept = [event for source in sources for event in [e for e in recent if e.source == source][-EVENTS_PER_SOURCE:]]
    events = [
        {
            "id": event.id,
            "source": event.source,
            "record": event.record,
            "at_utc": round_trip(event.at),
            "message": event.text.say(server.language),
        }
        for event in sorted(kept, key=lambda event: event.record)
    ]
    return {"now_utc": round_trip(server.clock()), "events": events}


def _directory_module(server: SyncServer, _: Mapping[str, Json]) -> Json:
    return {"available": "no_rsat" not in server.faults}


def _remote_sam_policy(server: SyncServer, _: Mapping[str, Json]) -> Json:
    return {"descriptor": server.installation.registry.get((installed.LSA, "RestrictRemoteSam"))}


def _service_bus_egress(server: SyncServer, arguments: Mapping[str, Json]) -> Json:
    return {"relays": [_relay(server, relay["host"], relay["path"]) for relay in arguments["relays"]]}


def _relay(server: SyncServer, host: str, path: str) -> Json:
    reply = server.asks(host, path)
    return {
        "host": host,
        "connected": server.reaches(host),
        "answer": reply.answer,
        "status": reply.status,
        "problem": reply.problem,
        "issuer": reply.issuer,
    }


def _set_password_writeback(server: SyncServer, arguments: Mapping[str, Json]) -> list[str]:
    return [server.set_writeback(arguments["connector"], enabled=arguments["enabled"])]


def _grant_writeback_rights(server: SyncServer, arguments: Mapping[str, Json]) -> list[str]:
    return [server.grant_writeback_rights(arguments["account_name"], arguments["account_domain"])]


def _revoke_writeback_rights(server: SyncServer, arguments: Mapping[str, Json]) -> list[str]:
    wanted = {domain["dn"]: [AccessRule(**rule) for rule in domain["rules"]] for domain in arguments["domains"]}
    server.require_directory_module()
    for dn, rules in wanted.items():
        if not set(rules) <= set(server.rules(server.reach_directory().domain(dn))):
            problem = f"A rule to remove is not on {dn}."
            raise Refusal(problem, problem, "OperationStopped", "System.Management.Automation.RuntimeException")
    for dn, rules in wanted.items():
        server.remove_rules(dn, rules)
    return list(wanted)


def _restart_sync_service(server: SyncServer, _: Mapping[str, Json]) -> list[str]:
    server.restart_service()
    return ["Running"]


def _start_delta_cycle(server: SyncServer, _: Mapping[str, Json]) -> list[str]:
    server.start_cycle()
    return ["Success"]


READINGS: Mapping[str, Callable[[SyncServer, Mapping[str, Json]], Json]] = MappingProxyType(
    {
        "host": _host,
        "connect_installation": _connect_installation,
        "scheduler": _scheduler,
        "connectors": _connectors,
        "global_settings": _global_settings,
        "company_features": _company_features,
        "password_writeback": _password_writeback,
        "writeback_events": _writeback_events,
        **DIRECTORY_READINGS,
        "directory_module": _directory_module,
        "remote_sam_policy": _remote_sam_policy,
        "service_bus_egress": _service_bus_egress,
    }
)
ACTIONS: Mapping[str, Callable[[SyncServer, Mapping[str, Json]], list[str]]] = MappingProxyType(
    {
        "set_password_writeback": _set_password_writeback,
        "grant_writeback_rights": _grant_writeback_rights,
        "revoke_writeback_rights": _revoke_writeback_rights,
        "restart_sync_service": _restart_sync_service,
        "start_delta_cycle": _start_delta_cycle,
    }
)
