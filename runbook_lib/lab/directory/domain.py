"""A domain: the access rules on its root and below, its accounts, users, units and policy."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from runbook_lib.lab.directory.objects import DirectoryAccount, Unit, User
from runbook_lib.lab.directory.rules import CLASSES, CONTAINER, AccessRule, default_rules, passed_on
from runbook_lib.lab.refusal import identity_not_found


@dataclass
class Domain:
    """One domain; `minimum_password_age` is of its default policy."""

    dns_name: str
    netbios_name: str
    sid: str
    rules: list[AccessRule] = field(default_factory=list)
    units: tuple[Unit, ...] = ()
    accounts: tuple[DirectoryAccount, ...] = ()
    minimum_password_age: timedelta = timedelta(0)
    users: list[User] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin with what every domain root has by default."""
        self.rules = [*default_rules(self.sid), *self.rules]

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
        return frozenset({self.dns_name, self.netbios_name.casefold(), self.dn.casefold(), self.primary_controller})

    def units_below(self, container: str) -> list[Unit]:
        """Return the container itself, if it is a unit, and the units below it."""
        return [unit for unit in self.units if is_below(unit.dn, container)]

    def users_below(self, container: str) -> list[User]:
        """Return the users in a container and in those below it."""
        return [user for user in self.users if is_below(user.dn, container)]

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
        return (*user.rules, *inherited)

    def _within(self, container: str, root: list[AccessRule]) -> tuple[AccessRule, ...]:
        if container.casefold() == self.dn.casefold():
            return tuple(root)
        unit = next((unit for unit in self.units if unit.dn.casefold() == container.casefold()), Unit(container))
        above = () if unit.is_protected else passed_on(self._within(container.partition(",")[2], root), CONTAINER)
        return (*unit.rules, *above)


def is_below(dn: str, container: str) -> bool:
    """Tell whether an object is a container or lies below it."""
    return f",{dn}".casefold().endswith(f",{container}".casefold())
