"""The examples an operator starts from are right, explained, and the same as what the kit checks against."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from runbook_lib.fleet.waves import parse_waves, sizes
from runbook_lib.lab.lab import FIRST_SERVER_PORT, Lab
from runbook_lib.lab.tenants import TENANTS
from runbook_lib.parameters import parameter_names, read_attestation, read_fleet, read_parameters, resolve
from runbook_lib.parameters.schema import schema_text

TOP = Path(__file__).resolve().parents[2] / "parameters"
TENANT_FILES = sorted(path for path in TOP.rglob("*.yml") if path.parent.name not in {"attestations", "fleets"})
LAB_FILES = [path for path in TENANT_FILES if path.parent.name == "lab"]


def test_there_is_an_example_for_every_tenant_of_the_lab_and_one_for_live_use() -> None:
    assert [path.stem for path in LAB_FILES] == sorted(tenant.name for tenant in TENANTS)
    assert (TOP / "live" / "example.yml") in TENANT_FILES


@pytest.mark.parametrize("path", TENANT_FILES, ids=lambda path: path.stem)
def test_every_example_passes_the_check_in_the_profile_of_its_folder(path: Path) -> None:
    assert read_parameters(path).profile == path.parent.name


def test_the_example_of_a_fleet_holds_the_tenants_of_the_lab() -> None:
    fleet = read_fleet(TOP / "fleets" / "lab.yml")

    assert [each.parameters.tenant.name for each in fleet.tenants] == sorted(tenant.name for tenant in TENANTS)
    assert sizes(parse_waves(fleet.run.waves), len(fleet.tenants)) == (1, 2)


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    """The lab, on free ports of this machine."""
    with Lab() as served:
        yield served


@pytest.mark.parametrize("path", LAB_FILES, ids=lambda path: path.stem)
def test_an_example_of_the_lab_fits_the_lab(path: Path, lab: Lab) -> None:
    """Tenant, account, application and the names of the secrets."""
    read = read_parameters(path)
    served = lab.tenants[read.tenant.name].describe()
    references = [read.sync_server.password, *([read.sign_in.secret] if read.sign_in.secret else [])]

    assert (read.tenant.id, read.sync_server.username) == (served["tenant_id"], served["server_user"])
    assert read.sign_in.client_id in {served["client_id"], served["application_id"], served["portal_client_id"]}
    for reference in references:
        assert reference is not None
        assert resolve(reference, environ={}, lab_secrets=lab.secrets).reveal() != ""


def test_the_examples_of_the_lab_use_its_fixed_ports(lab: Lab) -> None:
    """Sync servers are numbered through: the active one of a tenant, its others, then the next tenant."""
    port = FIRST_SERVER_PORT
    for name, served in lab.tenants.items():
        read = read_parameters(TOP / "lab" / f"{name}.yml")

        assert read.sync_server.endpoint == f"https://localhost:{port}/wsman"
        port += 1 + len(served.other_server_urls)


@pytest.mark.parametrize("path", TENANT_FILES, ids=lambda path: path.stem)
def test_every_example_is_commented_and_names_the_schema_for_editors(path: Path) -> None:
    first, *lines = path.read_text(encoding="utf-8").splitlines()

    assert first == "# yaml-language-server: $schema=../schema.json"
    assert sum("# " in line for line in lines) >= 2


def test_the_live_example_shows_every_parameter_that_an_operator_sets() -> None:
    """What a run adds by itself, and what belongs to one attestation or run, is not part of a tenant's file."""
    text = (TOP / "live" / "example.yml").read_text(encoding="utf-8")
    shown = {line.lstrip("# ").partition(":")[0] for line in text.splitlines()}

    assert set(parameter_names()) - shown == {"attestation", "rollback_of", "run_id"}


def test_the_example_of_an_attestation_is_complete() -> None:
    assert read_attestation(TOP / "attestations" / "example.yml").steps == ("p3", "p4", "p5")
    assert read_attestation(TOP / "attestations" / "wizard.yml").values == {"connect_writeback": True}


def test_the_schema_is_the_one_that_the_kit_checks_against() -> None:
    """Write it again with: python -m runbook_lib.parameters.schema > parameters/schema.json."""
    assert (TOP / "schema.json").read_text(encoding="utf-8") == schema_text()
