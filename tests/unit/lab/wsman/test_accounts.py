"""Who may sign in, and how briefly the NTLM acceptor sees it."""

from __future__ import annotations

import os
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from runbook_lib.lab.wsman import Account, Accounts

ONE = Account("one", "secret", upn="one@lab.example", certificate=b"der")
DOMAIN = Account("two", "secret", certificate=b"other", is_local=False)
ACCOUNTS = Accounts([ONE, DOMAIN])


@pytest.mark.parametrize(
    "login", ["one", "ONE", "lab\\One", ".\\one", f"{socket.gethostname()}\\one", "One@Lab.Example"]
)
def test_an_account_answers_to_every_form_of_its_name(login):
    """Case never matters, as on Windows."""
    assert ACCOUNTS.named(login) is ONE


@pytest.mark.parametrize("login", ["", "three", "other\\one", "one@other", "one@lab.example\\one"])
def test_an_account_answers_to_nothing_else(login):
    """Another domain's user of the same name is somebody else."""
    assert ACCOUNTS.named(login) is None


def test_passwords_and_certificates_sign_in_local_accounts_only():
    """Basic and certificate mapping do not work for domain accounts on Windows."""
    assert ACCOUNTS.with_password("one", "secret") is ONE
    assert ACCOUNTS.with_password("one", "Secret") is None
    assert ACCOUNTS.with_password("two", "secret") is None
    assert ACCOUNTS.with_certificate(b"der") is ONE
    assert ACCOUNTS.with_certificate(b"other") is None
    assert ACCOUNTS.with_certificate(b"") is None
    assert ACCOUNTS.with_certificate(None) is None


def test_an_account_never_prints_its_password():
    """A log line or a failing assertion must not leak it."""
    assert "secret" not in repr(ONE)


@pytest.mark.parametrize("value", ["a:b", "a\nb"])
def test_what_the_credential_file_cannot_hold_is_refused(value):
    """A colon or line break would silently give another account."""
    with pytest.raises(ValueError, match="no colon"):
        Account("one", value)


def test_two_labs_in_one_process_never_see_each_other_s_accounts():
    """The environment variable is the process's, so one thread at a time has it set."""

    def look(name):
        accounts = Accounts([Account(name, "secret")])
        for _ in range(30):
            with accounts.visible_to_ntlm():
                time.sleep(0)
                lines = Path(os.environ["NTLM_USER_FILE"]).read_text(encoding="utf-8").splitlines()
                assert {line.split(":")[1] for line in lines} == {name}

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(look, ["one", "two", "three", "four"])) == [None] * 4


def test_the_ntlm_file_exists_only_while_it_is_needed():
    """The environment variable and the file are gone afterwards, also after an error."""
    before = os.environ.get("NTLM_USER_FILE")

    with suppress(LookupError), ACCOUNTS.visible_to_ntlm():
        file = Path(os.environ["NTLM_USER_FILE"])
        assert "LAB:one:secret" in file.read_text(encoding="utf-8").splitlines()
        raise LookupError

    assert os.environ.get("NTLM_USER_FILE") == before
    assert not file.exists()
