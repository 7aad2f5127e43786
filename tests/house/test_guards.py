"""The guards around every test hold: no network, no settings of the surroundings, no real home."""

import os
import socket
import tempfile
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

LEAVES = """
    import socket
    import pytest

    @pytest.mark.parametrize("host", ["192.0.2.1", "::ffff:192.0.2.1", "runbook.invalid"])
    def test_leaves_and_hides_it(host):
        with pytest.raises(AssertionError, match="stay on this machine"):
            socket.create_connection((host, 443), timeout=1)

    def test_datagram_leaves():
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            with pytest.raises(AssertionError, match="stay on this machine"):
                sock.sendto(b"x", ("192.0.2.1", 53))

    def test_listens_to_everybody():
        with socket.socket() as sock, pytest.raises(AssertionError, match="stay on this machine"):
            sock.bind(("0.0.0.0", 0))
"""

SETS = """
    import os

    def test_sets():
        os.environ["RUNBOOK_LANGUAGE"] = "fr"

    def test_does_not_see_it():
        assert "RUNBOOK_LANGUAGE" not in os.environ
"""


def _run(pytester: pytest.Pytester, root: Path, test: str) -> pytest.RunResult:
    """Run a test module under the real guards, in a process of its own."""
    pytester.makeconftest((root / "tests" / "conftest.py").read_text(encoding="utf-8"))
    pytester.makepyfile(test)
    return pytester.runpytest_subprocess()


def test_leaving_the_machine_fails_even_if_the_test_swallows_it(pytester: pytest.Pytester, root: Path) -> None:
    _run(pytester, root, LEAVES).assert_outcomes(passed=5, errors=5)


def test_what_a_test_sets_is_gone_in_the_next(pytester: pytest.Pytester, root: Path) -> None:
    _run(pytester, root, SETS).assert_outcomes(passed=2)


def test_settings_of_the_surroundings_do_not_reach_a_test(
    pytester: pytest.Pytester, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("https_proxy", "REQUESTS_CA_BUNDLE", "RUNBOOK_PROFILE", "AZURE_CLIENT_SECRET", "LANG"):
        monkeypatch.setenv(name, "surroundings")
    test = "import os\n\ndef test_clean():\n    assert 'surroundings' not in os.environ.values()"

    _run(pytester, root, test).assert_outcomes(passed=1)


def test_home_is_an_empty_place_of_this_run() -> None:
    assert Path.home().is_relative_to(tempfile.gettempdir())
    assert Path(os.environ["XDG_CONFIG_HOME"]).is_relative_to(Path.home())


def test_loopback_itself_stays_open() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname(), timeout=5) as client,
    ):
        assert client.getpeername() == server.getsockname()
