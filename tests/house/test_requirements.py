"""The pinned files under requirements/ are complete, hashed, free of places, and agree with pyproject.toml."""

import re
from collections.abc import Iterator
from importlib.metadata import requires
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.browser.jupyter import KERNELS

HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")
# How pip may build: nothing, or just these three, which have no wheels for Linux.
BUILDING = {"--only-binary :all:", *(f"--no-binary {name}" for name in ("gssapi", "krb5", "pykerberos"))}
PYTHONS = ("3.11", "3.12", "3.13")
SYSTEMS = {"linux": "posix", "darwin": "posix", "win32": "nt"}
MACHINES = [(python, system) for python in PYTHONS for system in SYSTEMS]


class Pin(NamedTuple):
    """One pinned requirement and how many hashes allow it."""

    requirement: Requirement
    hashes: int

    @property
    def name(self) -> str:
        """The normalised name."""
        return canonicalize_name(self.requirement.name)

    @property
    def version(self) -> str:
        """The one version allowed."""
        (specifier,) = self.requirement.specifier
        return specifier.version

    def applies(self, python: str, system: str) -> bool:
        """Tell whether this pin is for such a machine."""
        machine = {"python_version": python, "python_full_version": f"{python}.9", "implementation_name": "cpython"}
        machine |= {"sys_platform": system, "os_name": SYSTEMS[system], "platform_python_implementation": "CPython"}
        return self.requirement.marker is None or self.requirement.marker.evaluate(machine)


def parse(text: str) -> Iterator[Pin]:
    """Read a pinned file; anything that is not a comment, a hashed pin or a known way to build is an error."""
    for line in text.replace("\\\n", "").splitlines():
        if not line.strip() or line.startswith("#") or line in BUILDING:
            continue
        stated, *hashes = re.split(r"\s+(?=--hash)", line.strip())
        requirement = Requirement(stated)
        if requirement.url or not re.fullmatch(r"==[\w.!+]+", str(requirement.specifier)):
            message = f"not one exact version: {stated}"
            raise ValueError(message)
        if not hashes or not all(map(HASH.fullmatch, hashes)):
            message = f"without a SHA-256: {stated}"
            raise ValueError(message)
        yield Pin(requirement, len(hashes))


def group(pyproject: dict[str, Any], name: str) -> Iterator[Requirement]:
    """List one dependency group of pyproject.toml, with the groups it includes."""
    for entry in pyproject["dependency-groups"][name]:
        if isinstance(entry, str):
            yield Requirement(entry)
        else:
            yield from group(pyproject, entry["include-group"])


@pytest.fixture(scope="module")
def run(root: Path) -> list[Pin]:
    return list(parse((root / "requirements" / "run.txt").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def test(root: Path) -> list[Pin]:
    return list(parse((root / "requirements" / "test.txt").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def kerberos(root: Path) -> list[Pin]:
    return list(parse((root / "requirements" / "kerberos.txt").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def needed_to_run(pyproject: dict[str, Any]) -> list[Requirement]:
    return [*map(Requirement, pyproject["project"]["dependencies"]), *group(pyproject, "build")]


@pytest.fixture(scope="module")
def needed_to_test(pyproject: dict[str, Any], needed_to_run: list[Requirement]) -> list[Requirement]:
    return [*needed_to_run, *group(pyproject, "dev")]


def unmet(needed: list[Requirement], pins: list[Pin], python: str, system: str) -> list[str]:
    """List what is needed on a machine and has no pin, two pins, or a pin outside its range."""
    found = {
        r.name: [p for p in pins if p.name == canonicalize_name(r.name) and p.applies(python, system)] for r in needed
    }
    return [str(r) for r in needed if len(found[r.name]) != 1 or not r.specifier.contains(found[r.name][0].version)]


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://packages.example/simple",
        "--extra-index-url https://packages.example/simple",
        "--find-links wheels",
        "--trusted-host packages.example",
        "-i https://packages.example/simple",
        "-e .",
        "-r other.txt",
        "rich",
        "rich==15.0.0",
        "rich==15.0.0 --hash=md5:0123456789abcdef0123456789abcdef",
        "rich>=15 --hash=sha256:" + "0" * 64,
        "rich @ https://packages.example/rich.whl --hash=sha256:" + "0" * 64,
    ],
)
def test_a_place_or_an_unhashed_or_loose_line_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        list(parse(line))


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("run.txt", 100),
        ("test.txt", 100),
        ("kerberos.txt", 4),
        ("samba.txt", 2),
        *((f"kernel-{kernel}.txt", 1) for kernel in KERNELS),
    ],
)
def test_every_line_is_one_hashed_version_and_names_no_place(root: Path, name: str, least: int) -> None:
    text = (root / "requirements" / name).read_text(encoding="utf-8")

    assert len(list(parse(text))) >= least
    assert "://" not in text


@pytest.mark.parametrize(("python", "system"), MACHINES)
def test_pins_satisfy_pyproject_on_every_machine(
    python: str,
    system: str,
    run: list[Pin],
    test: list[Pin],
    needed_to_run: list[Requirement],
    needed_to_test: list[Requirement],
) -> None:
    assert unmet(needed_to_run, run, python, system) == []
    assert unmet(needed_to_test, test, python, system) == []


@pytest.mark.parametrize("python", PYTHONS)
def test_what_kerberos_needs_is_pinned_and_pinned_only_there(
    python: str, kerberos: list[Pin], test: list[Pin], pyproject: dict[str, Any]
) -> None:
    """So that nothing but the Kerberos tests needs a compiler, and whoever runs the kit needs none."""
    assert unmet(list(group(pyproject, "kerberos")), kerberos, python, "linux") == []
    assert {pin.name for pin in kerberos} & {pin.name for pin in test} == set()


@pytest.mark.parametrize("kernel", KERNELS)
def test_a_kernel_is_pinned_with_what_the_environment_of_the_tests_lacks(
    kernel: str, root: Path, test: list[Pin], pyproject: dict[str, Any]
) -> None:
    """It is laid over that environment, without what it depends on."""
    pins = list(parse((root / "requirements" / f"kernel-{kernel}.txt").read_text(encoding="utf-8")))

    assert unmet(list(group(pyproject, f"kernel-{kernel}")), pins, "3.12", "linux") == []
    assert {pin.name for pin in pins} & {pin.name for pin in test} == {"ipykernel"}


def test_kernels_are_the_same_in_all_places(root: Path, pyproject: dict[str, Any]) -> None:
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    groups = [name.removeprefix("kernel-") for name in pyproject["dependency-groups"] if name.startswith("kernel-")]
    files = {path.stem.removeprefix("kernel-") for path in (root / "requirements").glob("kernel-*.txt")}

    assert groups == re.findall(r"^KERNELS := (.+)$", makefile, re.MULTILINE)[0].split() == list(KERNELS)
    assert files == set(KERNELS)


def test_a_missing_or_old_pin_is_noticed(run: list[Pin]) -> None:
    needed = [Requirement("rich>=999"), Requirement("not-a-dependency"), Requirement("rich>=1")]

    assert unmet(needed, run, "3.12", "linux") == ["rich>=999", "not-a-dependency"]


def test_the_test_set_is_the_run_set_and_more(run: list[Pin], test: list[Pin]) -> None:
    """Both may be installed into one environment, in either order. What more is tested may need a pin on more systems."""
    running, testing = (
        {(pin.name, pin.version, pin.hashes): pin.requirement.marker for pin in pins} for pins in (run, test)
    )

    assert running.keys() < testing.keys()
    assert {pin for pin, marker in running.items() if testing[pin] and str(testing[pin]) != str(marker)} == set()


def test_a_pin_names_the_extras_that_others_ask_for(test: list[Pin]) -> None:
    """Without them, older pips look for the newest version beside the pinned one, and refuse it as not pinned."""
    pinned = {pin.name: {canonicalize_name(each) for each in pin.requirement.extras} for pin in test}
    asked = [
        needed
        for pin in test
        if pin.applies("3.11", "linux")
        for needed in map(Requirement, requires(pin.name) or ())
        if needed.extras and needed.marker is None
    ]

    missing = [
        (needed.name, extra)
        for needed in asked
        for extra in needed.extras
        if canonicalize_name(extra) not in pinned[canonicalize_name(needed.name)]
    ]
    assert len(asked) > 3
    assert missing == []


def test_pins_cover_exactly_the_pythons_that_the_project_claims(pyproject: dict[str, Any]) -> None:
    claimed = pyproject["project"]["requires-python"]
    listed = [c.rpartition(" ")[2] for c in pyproject["project"]["classifiers"] if "Python :: 3." in c]

    assert listed == list(PYTHONS)
    assert claimed == f">={PYTHONS[0]},<3.{int(PYTHONS[-1].rpartition('.')[2]) + 1}"
