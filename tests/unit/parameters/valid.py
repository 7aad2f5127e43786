"""Values that make valid parameters, as a tenant's file would hold them: every key, and every way of signing in."""

from typing import Any

from hypothesis import strategies as st

HEX = "0123456789abcdef"
GUIDS = st.uuids().map(str)
HOSTS = st.from_regex(r"[a-z][a-z0-9]{0,8}(\.[a-z]{2,5}){0,2}", fullmatch=True)
ENDPOINTS = st.builds("https://{}:{}/wsman".format, HOSTS, st.integers(1, 65535))
# Texts that YAML could take for something else stand here on purpose.
FILES = st.sampled_from(
    [
        "ca.pem",
        "C:\\certs\\a b.pem",
        "007",
        "yes",
        "~",
        "null",
        "2026-11-22",
        "1e3",
        "a: b",
        "# a",
        "'",
        '"',
        " é😀 ",
        "- a",
    ]
) | st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=20)
REFERENCES = st.sampled_from(
    ["env:NAME", "keyring:a b/c", "file:~/x: y", "prompt:", "prompt:who's #1", "keyvault:my-vault/name"]
)
USERS = st.sampled_from(["CONTOSO\\svc", "svc@contoso.com", "svc", "on", "007"])


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def _signing_in(ways: dict[str, dict[str, st.SearchStrategy[Any]]], choice: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.one_of(*(st.fixed_dictionaries({choice: st.just(name), **usable}) for name, usable in ways.items()))


def _joined(*parts: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.tuples(*parts).map(lambda found: {key: value for part in found for key, value in part.items()})


ACCOUNT = {"username": USERS, "password": REFERENCES}
SYNC_SERVERS = _joined(
    st.fixed_dictionaries({"endpoint": ENDPOINTS}),
    _signing_in(
        {
            "ntlm": ACCOUNT,
            "basic": ACCOUNT,
            "credssp": ACCOUNT,
            "certificate": {"certificate_file": FILES, "key_file": FILES},
            "kerberos": {
                "username": maybe(st.just("svc@CONTOSO.COM")),
                "kerberos_hostname": maybe(st.just("sync1.contoso.com")),
                "kerberos_delegation": st.booleans(),
            },
        },
        "transport",
    ),
    st.fixed_dictionaries(
        {},
        optional={
            "ca_file": maybe(FILES),
            "deadline_seconds": st.integers(10, 3600),
            "other_endpoints": st.just([]) | st.just(["https://other-1:5986/wsman", "http://other-2:5985/wsman"]),
            "use_environment_proxy": st.booleans(),
        },
    ),
)
SIGN_INS = _signing_in(
    {
        "device-code": {"client_id": GUIDS, "token_cache": st.sampled_from(["memory", "encrypted", "plain-file"])},
        "interactive": {"client_id": GUIDS},
        "certificate": {
            "client_id": GUIDS,
            "certificate_file": FILES,
            "key_file": maybe(FILES),
            "key_password": maybe(REFERENCES),
        },
        "secret": {"client_id": GUIDS, "secret": REFERENCES},
        "managed-identity": {"client_id": maybe(GUIDS)},
    },
    "method",
)
CHANGES = st.just({}) | st.fixed_dictionaries(
    {
        "system": st.sampled_from(["servicenow", "jira-cloud", "jira-data-center"]),
        "number": st.sampled_from(["CHG0030042", "1234", "2026-11-22"]),
    }
)
OF_THE_OPERATOR = st.fixed_dictionaries(
    {
        "profile": st.just("live"),
        "tenant": st.fixed_dictionaries(
            {"id": GUIDS, "name": st.sampled_from(["contoso", "007", "on", "a.b-c", "1e3"])},
            optional={"cloud": st.sampled_from(["global", "us-gov-l4", "china"])},
        ),
        "sync_server": SYNC_SERVERS,
        "sign_in": SIGN_INS,
    },
    optional={
        "language": st.sampled_from(["fr", "en"]),
        "sspr": st.fixed_dictionaries({}, optional={"write_back": st.booleans(), "unlock": st.booleans()}),
        "connect": st.fixed_dictionaries(
            {}, optional={"restart_service": st.booleans(), "wait_seconds": st.integers(0, 3600)}
        ),
        "grant_permissions": st.booleans(),
        "pilot_user": maybe(st.just("pilot@contoso.com")),
        "change": CHANGES,
    },
)
OF_THE_KIT = st.fixed_dictionaries(
    {},
    optional={
        "mode": st.sampled_from(["plan", "apply"]),
        "approved_plan": st.text(HEX, min_size=64, max_size=64),
        "attestation": FILES,
        "rollback_of": st.just("contoso/20261122-101500"),
        "run_id": st.just("20261122-101500"),
    },
)
ALL_KEYS = _joined(OF_THE_OPERATOR, OF_THE_KIT)
