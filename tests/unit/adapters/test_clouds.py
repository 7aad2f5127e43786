"""Where each cloud answers, and that what nobody verified is refused."""

from urllib.parse import urlsplit

import msal.authority
import pytest

from runbook_lib.adapters.clouds import CLOUDS, Cloud, PortalEndpoint, cloud_named
from runbook_lib.errors import ParameterError


def test_there_are_the_four_clouds_of_the_parameters() -> None:
    assert list(CLOUDS) == ["global", "us-gov-l4", "us-gov-l5", "china"]


@pytest.mark.parametrize("cloud", CLOUDS.values(), ids=lambda cloud: cloud.name)
def test_every_address_is_an_https_origin(cloud: Cloud) -> None:
    for address in (cloud.login, cloud.graph, cloud.portal, cloud.portal_host):
        parts = urlsplit(address)
        assert (parts.scheme, parts.netloc != "", parts.path, parts.query) == ("https", True, "", "")


@pytest.mark.parametrize("cloud", CLOUDS.values(), ids=lambda cloud: cloud.name)
def test_msal_knows_every_sign_in_host(cloud: Cloud) -> None:
    """Otherwise msal would ask the global cloud about it first."""
    assert urlsplit(cloud.login).hostname in msal.authority.WELL_KNOWN_AUTHORITY_HOSTS


def test_no_two_clouds_share_a_graph() -> None:
    assert len({cloud.graph for cloud in CLOUDS.values()}) == len(CLOUDS)


def test_the_global_portal_endpoint_is_known() -> None:
    endpoint = PortalEndpoint("https://main.iam.ad.ext.azure.com", "74658136-14ec-4630-ad9b-26e160ff0fc6")

    assert cloud_named("global").portal_endpoint == endpoint
    assert cloud_named("global").on_premises_page.endswith("/OnPremisesIntegration/fromNav/Identity")


def test_an_unverified_portal_endpoint_is_refused() -> None:
    with pytest.raises(ParameterError, match="china"):
        _ = cloud_named("china").portal_endpoint


@pytest.mark.parametrize("name", ["us-gov-l4", "us-gov-l5", "china"])
def test_an_unverified_page_is_refused_with_the_way_to_it(name: str) -> None:
    with pytest.raises(ParameterError) as caught:
        _ = cloud_named(name).on_premises_page

    assert CLOUDS[name].portal in caught.value.say("en")


def test_an_unknown_cloud_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ParameterError) as caught:
        cloud_named("germany")

    assert "us-gov-l4" in caught.value.say("fr")
