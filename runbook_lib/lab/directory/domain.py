"""A domain: the access rules on its root and below, its accounts, users, units and policy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from runbook_lib.lab.directory.access import in_order
from runbook_lib.lab.directory.objects import DirectoryAccount, Group, Unit, User
from runbook_lib.lab.directory.passwords import PasswordPolicy
from runbook_lib.lab.directory.rules import CLASSES, CONTAINER, AccessRule, default_rules, passed_on
from runbook_lib.lab.refusal import identity_not_found


@dataclass
class Domain:
    """One domain, as the domain controller holds it that is the PDC emulator."""

    dns_name: str
    netbios_name: str
    sid: str
    rules: list[AccessRule] = field(default_factory=list)
    units: tuple[Unit, ...] = ()
    accounts: tuple[DirectoryAccount, ...] = ()
    policy: PasswordPolicy = field(default_factory=PasswordPolicy)
    users: list[User] = field(default_factory=list)
    groups: tuple[Group, ...] = ()
    _past: list[tuple[datetime, list[AccessRule], list[User]]] = field(default_factory=list, repr=False)

    def __post_init__(self) -> None:
        """Begin with what every domain root has by default."""
        self.rules = [*(rule for rule in default_rules(self.sid) if rule not in self.rules), *self.rules]

    @property
    def dn(self) -> str:
        """The distinguished name."""
        return ",".join(f"DC={label}" for label in self.dns_name.split("."))

    @property
    def primary_controller(self) -> str:
        """The host name of the domain controller that is the PDC emulator."""
        return f"dc01.{self.dns_name}"

    @property
    def names(self) -> frozenset[str]:
        """Every name the domain goes by, and that of its controllers, in lower case."""
        known = {self.dns_name, self.netbios_name.casefold(), self.dn.casefold()}
        return frozenset({*known, self.primary_controller, f"dc02.{self.dns_name}"})

    def as_of(self, moment: datetime) -> Domain:
        """Return the domain as it was at a time: what a domain controller has to which later changes did not come yet."""
        past = next(((rules, users) for at, rules, users in self._past if at > moment), None)
        return self if past is None else replace(self, rules=list(past[0]), users=list(past[1]))

    def units_below(self, container: str) -> list[Unit]:
        """Return the container itself, if it is a unit, and the units below it."""
        return [unit for unit in self.units if is_below(unit.dn, container)]

    def users_below(self, container: str) -> list[User]:
        """Return the users in a container and in those below it."""
        return [user for user in self.users if is_below(user.dn, container)]

    def user_of(self, upn: str) -> User | None:
        """Return a user by its user principal name, in any case; None when there is none."""
        wanted = upn.casefold()
        return next((user for user in self.users if user.upn is not None and user.upn.casefold() == wanted), None)

    def update(self, user: User, at: datetime) -> None:
        """Put a user in the place of the one with its SID."""
        self._remember(at)
        self.users = [user if known.sid == user.sid else known for known in self.users]

    def grant(self, rules: Iterable[AccessRule], at: datetime) -> None:
        """Add the rules that are not there yet on the root."""
        self._remember(at)
        self.rules += [rule for rule in rules if rule not in self.rules]

    def revoke(self, rules: Iterable[AccessRule], at: datetime) -> None:
        """Take rules off the root."""
        self._remember(at)
        self.rules = [rule for rule in self.rules if rule not in set(rules)]

    def _remember(self, at: datetime) -> None:
        self._past.append((at, list(self.rules), list(self.users)))

    def token_of(self, account: DirectoryAccount) -> DirectoryAccount:
        """Return an account with every group in its token: those it is in, and those that these are in."""
        above = {group.sid: group.groups for group in self.groups}
        found: dict[str, None] = {}
        waiting = list(account.groups)
        while waiting:
            sid = waiting.pop(0)
            waiting += [] if sid in found else above.get(sid, ())
            found[sid] = None
        return replace(account, groups=tuple(found))

    def user(self, identity: str) -> User:
        """Return a user by its distinguished name, SAM account name or SID. Raises Refusal when there is none."""
        wanted = identity.casefold()
        for user in self.users:
            if wanted in {user.dn.casefold(), user.sam_account_name.casefold(), user.sid.casefold()}:
                return user
        raise identity_not_found(identity)

    def rules_on(self, user: User, root: list[AccessRule]) -> tuple[AccessRule, ...]:
        """Return the rules on a user as a domain controller holds them: its own, then those it inherits.

        `root` are the rules on the domain root. Among the inherited ones the nearest come first.
        """
        inherited = () if user.is_protected else passed_on(self._within(user.parent, root), CLASSES[user.object_class])
        return in_order(user.rules, inherited)

    def _within(self, container: str, root: list[AccessRule]) -> tuple[AccessRule, ...]:
        if container.casefold() == self.dn.casefold():
            return in_order(root, ())
        unit = next((unit for unit in self.units if unit.dn.casefold() == container.casefold()), Unit(container))
        above = () if unit.is_protected else passed_on(self._within(container.partition(",")[2], root), CONTAINER)
        return in_order(unit.rules, above)


def is_below(dn: str, container: str) -> bool:
    """Tell whether an object is a container or lies below it."""
    return f",{dn}".casefold().endswith(f",{container}".casefold())
