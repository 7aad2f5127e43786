"""A fleet of made-up tenants for rehearsals with hundreds of them: as many as are asked for, the same ones for the same seed."""

from __future__ import annotations

import random
import uuid
from datetime import timedelta
from functools import partial

from runbook_lib.lab.directory import Directory, Domain, Unit, writeback_rules
from runbook_lib.lab.people import people
from runbook_lib.lab.tenants import TenantSpec, account_in

# Each tenant has a port of its own for its sync server, from the lab's first one on.
MOST = 9_999

# With four digits behind, a server's name stays within the 15 characters that NetBIOS allows.
_PLACES = (
    *("acre", "bark", "cove", "dale", "fern", "glen", "hill", "iris"),
    *("lake", "mill", "nook", "oaks", "pine", "reef", "sage", "vale"),
)

# Of a hundred tenants: so many are on already, so many are in trouble, so many are throttled, so many speak French.
DONE, TROUBLED, THROTTLED, FRENCH = 12, 3, 10, 30

# What a service provider meets most: each stops a runbook, or is settled by looking again, and none needs more than one tenant's care.
TROUBLES = (
    "staging_mode",
    "missing_right",
    "no_licence",
    "expired_secret",
    "access_denied",
    "not_sync_admin",
    "lost_reply",
    "scheduler_suspended",
    "connection_drops",
    "onboarding_fails",
)


def made_up(count: int, seed: int) -> tuple[TenantSpec, ...]:
    """Return `count` tenants (1 to `MOST`), numbered from 1. The same count and seed give the same tenants with the same troubles.

    Of every hundred, `DONE` are on already, `TROUBLED` have one of `TROUBLES`, `THROTTLED` are told by Graph to come back later, and
    `FRENCH` have a Windows in French. One that is in trouble is not on already.
    """
    draw = random.Random(seed)  # noqa: S311  # a rehearsal is to come out the same again; nothing here is a secret
    numbers = list(range(1, count + 1))
    mixed = draw.sample(numbers, count)
    troubled = {number: draw.choice(TROUBLES) for number in mixed[: _share(TROUBLED, count)]}
    done = set(mixed[len(troubled) : len(troubled) + _share(DONE, count)])
    throttled, french = (set(draw.sample(numbers, _share(share, count))) for share in (THROTTLED, FRENCH))
    more = (("throttled", throttled), ("french_windows", french))
    return tuple(
        _tenant(
            number,
            draw,
            hours=draw.randint(2, 48) if number in done else 0,
            faults=(
                *([troubled[number]] if number in troubled else []),
                *(fault for fault, those in more if number in those),
            ),
        )
        for number in numbers
    )


def _share(percent: int, count: int) -> int:
    return round(count * percent / 100)


def _tenant(number: int, draw: random.Random, *, hours: int, faults: tuple[str, ...]) -> TenantSpec:
    place = draw.choice(_PLACES)
    name = f"{place}{number:04d}"
    identity, connector = (str(uuid.UUID(int=draw.getrandbits(128), version=4)) for _ in range(2))
    domain_sid = "S-1-5-21-" + "-".join(str(draw.randint(10**8, 2**32 - 1)) for _ in range(3))
    account = f"MSOL_{draw.getrandbits(48):012x}"
    return TenantSpec(
        name,
        f"{place.capitalize()} {number:04d}",
        identity,
        partial(_directory, name, domain_sid, account),
        connector,
        account,
        timedelta(hours=hours) if hours else None,
        faults,
        portal=(bool(hours), bool(hours)),
        has_standby=False,
    )


def _directory(name: str, domain_sid: str, account_name: str) -> Directory:
    account = account_in(domain_sid, account_name)
    dns_name = f"{name}.example"
    staff = f"OU=Staff,DC={name},DC=example"
    units = (Unit(staff), Unit(f"OU=Sales,{staff}"))
    users = people(domain_sid, dns_name, staff, units[1].dn)
    rules = [*writeback_rules(account.sid)]
    return Directory(Domain(dns_name, name.upper(), domain_sid, rules, units, (account,), users=users))
