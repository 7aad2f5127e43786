"""What the sync server answers, one shape a script. Field names are those the scripts write."""

from __future__ import annotations

from pydantic import Field

from runbook_lib.facts.shape import Moment, Shape, reading
from runbook_lib.ports import Reading

# The same in every installation (Microsoft, reference-connect-adsync).
CLOUD_CONNECTOR = "b891884f-051e-4a83-95af-2544101c9083"

# The scheduler runs every half hour by default, so two days of events show what is usual on this server.
EVENT_MINUTES = 2 * 24 * 60


class Registry(Shape):
    """Registry values as text; None when absent. Absent TLS values mean the operating system's default."""

    installation_type: str | None
    dotnet_release: str | None = Field(pattern="^[0-9]{1,9}$")
    tls_default_64: str | None
    tls_strong_64: str | None
    tls_default_32: str | None
    tls_strong_32: str | None
    tls12_client_enabled: str | None
    tls12_client_disabled_by_default: str | None


class Host(Shape):
    """The computer and our rights on it. Times are UTC by the server's own clock."""

    computer_name: str = Field(min_length=1)
    os_caption: str
    os_version: str
    account: str
    is_administrator: bool
    is_sync_admin: bool
    now_utc: Moment
    registry: Registry


class ConnectInstallation(Shape):
    """The installed product. `file_version` and `service_status` are None when there is none."""

    file_version: str | None
    service_status: str | None
    module_available: bool
    wizard_open: bool


class Scheduler(Shape):
    """The sync scheduler. Intervals are .NET time spans as text; `next_start_utc` is ISO 8601."""

    allowed_interval: str
    effective_interval: str
    next_policy_type: str
    next_start_utc: str
    sync_cycle_enabled: bool
    maintenance_enabled: bool
    staging_mode: bool
    suspended: bool
    running_connectors: list[str]


class Partition(Shape):
    """A naming context of a connector, with its included and excluded containers (distinguished names)."""

    dn: str
    is_domain: bool
    selected: bool
    included: list[str]
    excluded: list[str]


class Connector(Shape):
    """A connector; `parameters` holds only the account and forest names."""

    name: str
    identifier: str
    type_name: str
    sub_type: str
    parameters: dict[str, str]
    partitions: list[Partition]


class Connectors(Shape):
    """All connectors of the server."""

    connectors: list[Connector]

    @property
    def cloud(self) -> list[Connector]:
        """Return the connectors to the tenant: exactly one on a supported server."""
        return [connector for connector in self.connectors if connector.identifier.lower() == CLOUD_CONNECTOR]

    @property
    def directories(self) -> list[Connector]:
        """Return the connectors to Active Directory forests."""
        return [connector for connector in self.connectors if connector.type_name == "AD"]


class Setting(Shape):
    """A global setting of the engine."""

    name: str
    value: str


class GlobalSettings(Shape):
    """All global settings."""

    parameters: list[Setting]

    def value(self, name: str) -> str | None:
        """Return one setting, or None when the server has no such setting."""
        return next((setting.value for setting in self.parameters if setting.name == name), None)


class CompanyFeatures(Shape):
    """Tenant features as the engine knows them."""

    password_hash_sync: bool
    force_password_change_on_log_on: bool
    user_writeback: bool
    device_writeback: bool


class PasswordWriteback(Shape):
    """The setting this kit is about. `asks_credential` tells that the changing cmdlet of this build may want a credential.

    `modified_utc` is when the configuration was last changed, as the server says; None when it does not.
    """

    connector: str
    enabled: bool
    service_status: str
    onboarding_status: str
    modified_utc: Moment | None
    asks_credential: bool


class Event(Shape):
    """An event of the Application log. `record` grows with every event of the log."""

    id: int
    source: str
    record: int
    at_utc: Moment
    message: str


class Events(Shape):
    """Recent events in the order they were logged, and the server's clock when asked."""

    now_utc: Moment
    events: list[Event]

    @property
    def newest_record(self) -> int:
        """Return the record number of the newest event, 0 when there is none."""
        return max((event.record for event in self.events), default=0)

    def of(self, *ids: int, after_record: int = 0) -> list[Event]:
        """Return the events with one of these ids that are newer than a record."""
        return [event for event in self.events if event.id in ids and event.record > after_record]


class AccessRule(Shape):
    """An access rule. `rights` is the bit mask of System.DirectoryServices.ActiveDirectoryRights; types are GUIDs."""

    sid: str
    access: str
    rights: int
    object_type: str
    inheritance: str
    inherited_object_type: str


class DomainRights(Shape):
    """The rules on one domain root that name the connector account or a group it is in."""

    dn: str
    account_name: str
    account_domain: str
    account_sid: str
    rules: list[AccessRule]


class DirectoryRights(Shape):
    """The rules of every domain in scope."""

    domains: list[DomainRights]


class DomainPolicy(Shape):
    """The password policy of one domain, as far as writeback depends on it."""

    dn: str
    minimum_age_seconds: int


class DomainPolicies(Shape):
    """The policies of every domain in scope."""

    policies: list[DomainPolicy]


class InheritanceBreaks(Shape):
    """Organizational units in scope that stop inherited rights."""

    units: list[str]


SYNC_SERVER = "sync-server"

HOST = reading("host", SYNC_SERVER, Host)
CONNECT_INSTALLATION = reading("connect_installation", SYNC_SERVER, ConnectInstallation)
SCHEDULER = reading("scheduler", SYNC_SERVER, Scheduler)
CONNECTORS = reading("connectors", SYNC_SERVER, Connectors)
GLOBAL_SETTINGS = reading("global_settings", SYNC_SERVER, GlobalSettings)
COMPANY_FEATURES = reading("company_features", SYNC_SERVER, CompanyFeatures)
PASSWORD_WRITEBACK = reading("password_writeback", SYNC_SERVER, PasswordWriteback)
WRITEBACK_EVENTS = reading("writeback_events", SYNC_SERVER, Events, minutes=EVENT_MINUTES)
DIRECTORY_RIGHTS = reading("directory_rights", SYNC_SERVER, DirectoryRights, group="directory")
DOMAIN_POLICIES = reading("domain_policies", SYNC_SERVER, DomainPolicies, group="directory")
INHERITANCE_BREAKS = reading("inheritance_breaks", SYNC_SERVER, InheritanceBreaks, group="directory")


def other_scheduler(number: int) -> Reading[Scheduler]:
    """Return the reading of the scheduler of another sync server of the tenant; numbers begin at 1."""
    return reading("scheduler", f"other-server-{number}", Scheduler)
