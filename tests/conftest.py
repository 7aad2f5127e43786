"""Guards around every test: it talks to this machine only, and starts from a clean environment and an empty home.

The network guard is an audit hook, so it needs no patch: the interpreter itself asks it before each connection, bind and
name look-up. A refused call also fails the test at its end, in case the code under test swallowed the refusal.
Processes that a test starts are outside the hook; they inherit the clean environment.

Coverage is what the unit tests of what decides come to. Nothing else is traced: tracing takes longer than the tests do.
"""

import importlib
import ipaddress
import os
import pkgutil
import signal
import socket
import sys
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

import runbook_lib

ASKS_FOR_AN_ADDRESS = frozenset({"socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"})
ASKS_FOR_A_NAME = frozenset({"socket.getaddrinfo", "socket.gethostbyname"})

# What a developer's or a build machine's settings could change about a test: where traffic goes, whom it trusts, what a run reads.
FOREIGN_NAMES = frozenset(
    {"ALL_PROXY", "CURL_CA_BUNDLE", "FTP_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "NETRC", "NO_PROXY"}
    | {"REQUESTS_CA_BUNDLE", "SSLKEYLOGFILE", "SSL_CERT_DIR", "SSL_CERT_FILE"}
)
FOREIGN_PREFIXES = ("AZURE_", "IPYTHON", "JUPYTER", "KRB5", "LC_", "PAPERMILL_", "RUNBOOK_")
FOREIGN_LANGUAGES = frozenset({"LANG", "LANGUAGE"})

HOMES = ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA")
XDG = ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR", "XDG_STATE_HOME")

TRACED = frozenset(Path(__file__).parent / "unit" / name for name in ("engine", "errors", "facts", "model", "runbooks"))

# A busy machine is no failure; pytest reports what is slow.
settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")

_refused: list[str] = []
_home = pytest.StashKey[tempfile.TemporaryDirectory[str]]()
_before = pytest.StashKey[dict[str, str]]()


class NetworkRefusedError(AssertionError):
    """A test tried to leave this machine."""


def is_this_machine(host: object) -> bool:
    """Tell whether a host, by name or number, is the loopback interface. None: no host was named."""
    if isinstance(host, bytes | bytearray):
        host = bytes(host).decode("ascii", "replace")
    if host in (None, "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(host).partition("%")[0]).is_loopback
    except ValueError:
        return False


def _refuse_the_network(event: str, arguments: tuple[object, ...]) -> None:
    if event in ASKS_FOR_AN_ADDRESS:
        sock, address = arguments[0], arguments[1]
        if not isinstance(sock, socket.socket) or sock.family not in (socket.AF_INET, socket.AF_INET6):
            return
        host = address[0] if isinstance(address, tuple) else address
    elif event in ASKS_FOR_A_NAME:
        host = arguments[0]
        if host == socket.gethostname():  # tools ask for their own machine's name; the answer stays here
            return
    else:
        return
    if not is_this_machine(host):
        _refused.append(f"{event} {host!r}")
        message = f"tests stay on this machine, but asked for {host!r} ({event})"
        raise NetworkRefusedError(message)


def is_foreign(name: str) -> bool:
    """Tell whether an environment variable comes from the surroundings and could change a result."""
    upper = name.upper()
    return upper in FOREIGN_NAMES | FOREIGN_LANGUAGES or upper.startswith(FOREIGN_PREFIXES)


def pytest_configure(config: pytest.Config) -> None:
    """Clean the environment before the first import of the product, then close the network."""
    config.stash[_before] = dict(os.environ)
    config.stash[_home] = tempfile.TemporaryDirectory(prefix="runbook-tests-", ignore_cleanup_errors=True)
    home = Path(config.stash[_home].name)
    for name in filter(is_foreign, list(os.environ)):
        del os.environ[name]
    os.environ.update(dict.fromkeys(HOMES, str(home)))
    for name in XDG:
        folder = home / name.lower()
        folder.mkdir(mode=0o700)
        os.environ[name] = str(folder)
    os.environ["JUPYTER_PLATFORM_DIRS"] = "1"  # otherwise jupyter_core warns that it will become the default
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"  # never the keyring of who runs the tests
    sys.addaudithook(_refuse_the_network)
    if (
        signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    ):  # so in what a shell starts in the background, and all that it starts
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Put the environment back and remove the home directory."""
    os.environ.clear()
    os.environ.update(config.stash[_before])
    config.stash[_home].cleanup()


def _tracing(config: pytest.Config) -> Any:
    """What pytest-cov starts and stops, if coverage is asked for."""
    plugin = config.pluginmanager.getplugin("_cov")
    return plugin and plugin.cov_controller


def pytest_collection_finish(session: pytest.Session) -> None:
    """Import what is imported late while that is traced, whichever test would have been the first to need it."""
    if _tracing(session.config):
        for module in pkgutil.walk_packages(runbook_lib.__path__, f"{runbook_lib.__name__}."):
            if not module.name.endswith(".__main__"):
                importlib.import_module(module.name)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Trace the unit tests of what decides, with their fixtures."""
    tracing = _tracing(item.config)
    if tracing and tracing.started == TRACED.isdisjoint(item.path.parents):
        tracing.pause() if tracing.started else tracing.resume()
    return (yield)


@pytest.fixture(scope="session", autouse=True)
def warm_process() -> None:
    """Have runs that tests order in this process fork their kernels from one process, as those of a notebook do, that starts with the first.

    What is ordered from a process of its own is run as an operator's: one tenant in a kernel that is started.
    """
    from runbook_lib.fleet.forkserver import shared  # noqa: PLC0415  # the environment is clean only now

    shared()


@pytest.fixture(autouse=True)
def own_environment() -> Iterator[None]:
    """Undo whatever a test did to the environment, however it did it."""
    before = dict(os.environ)
    yield
    if dict(os.environ) != before:
        os.environ.clear()
        os.environ.update(before)


@pytest.fixture(autouse=True)
def own_machine() -> Iterator[None]:
    """Fail the test that tried to leave this machine, even when the refusal was swallowed."""
    _refused.clear()
    yield
    assert not _refused
