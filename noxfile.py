"""The same names as the Makefile, for Windows and for several Pythons. `nox` alone is the gate.

Sessions other than `tests` share two environments under .nox, made with the Python that runs nox. Everything is installed
from the pinned and hashed files only, and only when these changed.
"""

import os
import shutil
import sys
from pathlib import Path

import nox

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "venv"
nox.options.reuse_existing_virtualenvs = True
nox.options.sessions = ["lint", "types", "imports", "tests"]

PYTHONS = ["3.11", "3.12", "3.13"]
COMMANDS = "Scripts" if os.name == "nt" else "bin"


def refresh(session: nox.Session, environment: Path, pins: str) -> None:
    """Install the pins and the kit, unless this environment already has exactly these."""
    stamp = environment / "installed.txt"
    wanted = "".join(Path(file).read_text(encoding="utf-8") for file in (f"requirements/{pins}.txt", "pyproject.toml"))
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    pip = [str(environment / COMMANDS / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    session.run(*pip, "--require-hashes", "--requirement", f"requirements/{pins}.txt", external=True)
    session.run(*pip, "--no-deps", "--no-build-isolation", "--editable", ".", external=True)
    stamp.write_text(wanted, encoding="utf-8")


def run(session: nox.Session, pins: str, command: str, *arguments: str) -> None:
    """Run a command of the shared environment that holds these pins."""
    environment = Path(".nox", f"shared-{pins}").resolve()
    if not environment.exists():
        session.run(sys.executable, "-m", "venv", str(environment), external=True)
    refresh(session, environment, pins)
    session.run(str(environment / COMMANDS / command), *arguments, external=True)


def build_kerberos(session: nox.Session) -> None:
    """Build what the Kerberos tests need, unless it is there. Windows has no KDC to test with: there these tests fail."""
    python = str(Path(session.virtualenv.location) / COMMANDS / "python")
    stamp = Path(session.virtualenv.location) / "kerberos.txt"
    wanted = Path("requirements/kerberos.txt").read_text(encoding="utf-8")
    if os.name == "nt" or (stamp.exists() and stamp.read_text(encoding="utf-8") == wanted):
        return
    session.run("requirements/kerberos.sh", python, external=True)
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-build-isolation"]
    options = {"env": {"CFLAGS": "-O0 -g0"}, "external": True}
    session.run(*pip, "--require-hashes", "--requirement", "requirements/kerberos.txt", **options)
    stamp.write_text(wanted, encoding="utf-8")


def see_to_programs(session: nox.Session) -> None:
    """See that Chromium, SoftHSM and Azurite are there. On Windows nobody can install them from here: the tests say what is missing."""
    if os.name != "nt":
        session.run("requirements/browser.sh", external=True)
        session.run("requirements/softhsm.sh", external=True)
        session.run("requirements/azurite.sh", session.virtualenv.location, external=True)


def install_kernels(session: nox.Session) -> None:
    """Install the kernels that notebooks are tried on, each in a folder of its own, unless they are there."""
    environment = Path(session.virtualenv.location)
    for pins in sorted(Path("requirements").glob("kernel-*.txt")):
        folder = environment / "kernels" / pins.stem.removeprefix("kernel-")
        stamp = folder.with_suffix(".stamp")
        if stamp.exists() and stamp.read_text(encoding="utf-8") == pins.read_text(encoding="utf-8"):
            continue
        shutil.rmtree(folder, ignore_errors=True)
        pip = [str(environment / COMMANDS / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        into = ["--require-hashes", "--no-deps", "--target", str(folder), "--requirement", str(pins)]
        session.run(*pip, *into, external=True)
        stamp.write_text(pins.read_text(encoding="utf-8"), encoding="utf-8")


@nox.session(venv_backend="none")
def lint(session: nox.Session) -> None:
    run(session, "test", "ruff", "check")
    run(session, "test", "ruff", "format", "--check")


@nox.session(venv_backend="none")
def types(session: nox.Session) -> None:
    run(session, "test", "mypy")


@nox.session(venv_backend="none")
def imports(session: nox.Session) -> None:
    run(session, "test", "lint-imports", "--no-cache")


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    refresh(session, Path(session.virtualenv.location), "test")
    build_kerberos(session)
    see_to_programs(session)
    install_kernels(session)
    at_once = ["--numprocesses=2", "--dist=worksteal"]
    session.run("python", "-m", "pytest", *at_once, "--cov", "--cov-report=", *session.posargs)
    session.run("coverage", "report", "--fail-under=100")


@nox.session(venv_backend="none")
def demo(session: nox.Session) -> None:
    run(session, "run", "runbook", "demo", *session.posargs)


@nox.session(venv_backend="none")
def lab(session: nox.Session) -> None:
    run(session, "run", "runbook", "lab", "--notebook", *session.posargs)


@nox.session(venv_backend="none")
def notebook(session: nox.Session) -> None:
    run(session, "run", "runbook", "notebook", *session.posargs)


@nox.session(venv_backend="none")
def notebooks(session: nox.Session) -> None:
    run(session, "run", "python", "-m", "runbook_lib.notebook.generate")


@nox.session(venv_backend="none")
def pictures(session: nox.Session) -> None:
    run(session, "test", "python", "-m", "tests.browser.pictures")


@nox.session(venv_backend="none")
def bench(session: nox.Session) -> None:
    run(session, "test", "python", "-m", "benchmarks", *session.posargs)
