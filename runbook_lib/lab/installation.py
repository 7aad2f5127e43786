"""What is installed and configured on a simulated sync server and does not change by itself: names, versions, connectors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta, timezone, tzinfo
from types import MappingProxyType

from runbook_lib.facts.sync_server import CLOUD_CONNECTOR

CURRENT_CONNECT = "2.6.84.0"
PREVIOUS_CONNECT = "2.5.190.0"
OLD_CONNECT = "1.6.16.0"

WINDOWS = r"HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion"
DOTNET = r"HKLM:\SOFTWARE\Microsoft\NET Framework Setup\NDP\v4\Full"
DOTNET_64 = r"HKLM:\SOFTWARE\Microsoft\.NETFramework\v4.0.30319"
DOTNET_32 = r"HKLM:\SOFTWARE\WOW6432Node\Microsoft\.NETFramework\v4.0.30319"
TLS12_CLIENT = r"HKLM:\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.2\Client"
LSA = r"HKLM:\SYSTEM\CurrentControlSet\Control\Lsa"

PROGRAM_FILES = r"C:\Program Files"
ENGINE_FILE = PROGRAM_FILES + r"\Microsoft Azure AD Sync\Bin\miiserver.exe"
ADSYNC_MODULE = PROGRAM_FILES + r"\Microsoft Azure AD Sync\Bin\ADSync\ADSync.psd1"
CONFIG_MODULE = PROGRAM_FILES + r"\Microsoft Azure Active Directory Connect\AdSyncConfig\AdSyncConfig.psm1"

RegistryKey = tuple[str, str]
# 528449 is .NET 4.8 as Windows Server 2022 ships it (Microsoft, how to determine which versions are installed).
USUAL_REGISTRY: Mapping[RegistryKey, str | int] = MappingProxyType(
    {
        (WINDOWS, "InstallationType"): "Server",
        (DOTNET, "Release"): 528449,
        (DOTNET_64, "SystemDefaultTlsVersions"): 1,
        (DOTNET_64, "SchUseStrongCrypto"): 1,
        (DOTNET_32, "SystemDefaultTlsVersions"): 1,
        (DOTNET_32, "SchUseStrongCrypto"): 1,
    }
)


@dataclass(frozen=True)
class Partition:
    """A naming context of a connector, with its containers in and out of scope."""

    dn: str
    is_domain: bool = True
    is_selected: bool = True
    included: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True)
class LabConnector:
    """A connector of the engine. `parameters` also holds what must never leave the server: protected passwords."""

    name: str
    identifier: str
    type_name: str
    sub_type: str
    parameters: Mapping[str, str]
    partitions: tuple[Partition, ...]


def cloud_connector(initial_domain: str, computer_name: str, secret: str) -> LabConnector:
    """Return the connector to the tenant, with the name and the identifier that every installation gives it."""
    return LabConnector(
        f"{initial_domain} - AAD",
        CLOUD_CONNECTOR,
        "Extensible2",
        "Windows Azure Active Directory (Microsoft)",
        {"UserName": f"Sync_{computer_name}_0a1b2c3d4e5f@{initial_domain}", "Password": secret},
        (Partition("default", is_domain=False),),
    )


def directory_connector(
    identifier: str, forest: str, account: str, secret: str, partitions: tuple[Partition, ...]
) -> LabConnector:
    """Return the connector to a forest; it signs in with `account` of the forest's root domain."""
    parameters = {
        "forest-name": forest,
        "forest-login-domain": forest,
        "forest-login-user": account,
        "forest-login-password": secret,
    }
    return LabConnector(forest, identifier, "AD", "", parameters, partitions)


@dataclass(frozen=True)
class Installation:
    r"""One computer with Connect on it.

    `account` is who signs in to it, `DOMAIN\name`; `zone` is its time zone; `onboarding_delay` is how long onboarding takes
    under the fault `slow_onboarding`.
    """

    computer_name: str
    account: str
    connectors: tuple[LabConnector, ...]
    features: Mapping[str, bool]
    registry: Mapping[RegistryKey, str | int] = field(default_factory=lambda: USUAL_REGISTRY)
    os_version: str = "10.0.20348"
    zone: tzinfo = timezone(timedelta(hours=1))
    first_record: int = 184_211
    onboarding_delay: timedelta = timedelta(seconds=20)
