"""Where each Microsoft cloud answers. Only addresses with a source are here; what has none is None, and asking for it is an error."""

from __future__ import annotations

from dataclasses import dataclass

from runbook_lib.errors import ParameterError

# Public tools and support articles link to this page of the admin center; no Microsoft page documents the address.
ON_PREMISES_PAGE = "#view/Microsoft_AAD_IAM/PasswordResetMenuBlade/~/OnPremisesIntegration/fromNav/Identity"


@dataclass(frozen=True)
class PortalEndpoint:
    """The portal's internal endpoint: its origin, and the application id that a token for it is asked for."""

    root: str
    resource: str


@dataclass(frozen=True)
class Cloud:
    """The addresses of one cloud. Each is an origin without a final slash.

    Attributes:
        login: Where tokens come from.
        graph: Microsoft Graph.
        graph_resource: What a token for Graph is asked for; empty where that is its address, as in every cloud of Microsoft's.
        portal: Where an administrator signs in.
        page: The page *Password reset* > *On-premises integration*, or None when no address is known.
        portal_host, portal_resource: The portal's internal endpoint, which is undocumented everywhere.
        vault_suffix: What follows the name of a key vault in its host name; empty where there is none.
        not_offered: The readings that Microsoft says this cloud does not have.
    """

    name: str
    login: str
    graph: str
    portal: str
    graph_resource: str = ""
    page: str | None = None
    portal_host: str | None = None
    portal_resource: str | None = None
    vault_suffix: str = ""
    not_offered: frozenset[str] = frozenset()

    @property
    def portal_endpoint(self) -> PortalEndpoint:
        """Return the portal's internal endpoint. Raises `ParameterError` where none is known for certain."""
        if self.portal_host is None or self.portal_resource is None:
            raise ParameterError("cloud-portal-endpoint-unknown", cloud=self.name)
        return PortalEndpoint(self.portal_host, self.portal_resource)

    @property
    def on_premises_page(self) -> str:
        """Return the deep link to the settings page. Raises `ParameterError` where none is known for certain."""
        if self.page is None:
            raise ParameterError("cloud-page-unknown", cloud=self.name, portal=self.portal)
        return self.page


# Sign-in, Graph and portal: Microsoft Graph documentation, "National cloud deployments". They are written out because msal's
# own constants were renamed between releases. Key vaults: Microsoft, "About Azure Key Vault secrets, keys and certificates". The portal's internal endpoint: public tools that read and write it.
_CLOUDS = (
    Cloud(
        name="global",
        login="https://login.microsoftonline.com",
        graph="https://graph.microsoft.com",
        vault_suffix="vault.azure.net",
        portal="https://entra.microsoft.com",
        page=f"https://entra.microsoft.com/{ON_PREMISES_PAGE}",
        portal_host="https://main.iam.ad.ext.azure.com",
        portal_resource="74658136-14ec-4630-ad9b-26e160ff0fc6",
    ),
    Cloud(
        name="us-gov-l4",
        login="https://login.microsoftonline.us",
        graph="https://graph.microsoft.us",
        vault_suffix="vault.usgovcloudapi.net",
        portal="https://portal.azure.us",
        portal_host="https://main.iam.ad.ext.azure.us",
        portal_resource="ee62de39-b9b0-4886-aa58-08b89c4e3db3",
    ),
    Cloud(
        name="us-gov-l5",
        login="https://login.microsoftonline.us",
        graph="https://dod-graph.microsoft.us",
        vault_suffix="vault.usgovcloudapi.net",
        portal="https://portal.azure.us",
        portal_host="https://main.iam.ad.ext.azure.us",
        portal_resource="ee62de39-b9b0-4886-aa58-08b89c4e3db3",
    ),
    Cloud(
        name="china",
        login="https://login.chinacloudapi.cn",
        graph="https://microsoftgraph.chinacloudapi.cn",
        vault_suffix="vault.azure.cn",
        portal="https://portal.azure.cn",
        portal_host="https://main.iam.ad.ext.azure.cn",
        # Microsoft Graph documentation, "List directoryAudits": global service and US Government only.
        not_offered=frozenset({"directory_audits"}),
    ),
)

CLOUDS: dict[str, Cloud] = {cloud.name: cloud for cloud in _CLOUDS}


def cloud_named(name: str) -> Cloud:
    """Return the cloud of that name. Raises `ParameterError` for any other name."""
    if name not in CLOUDS:
        raise ParameterError("cloud-unknown", cloud=name, known=tuple(CLOUDS))
    return CLOUDS[name]
