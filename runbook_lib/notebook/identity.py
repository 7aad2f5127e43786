"""Who is signed in to the tenant, from what a step saw: an operator must never have to guess as whom they act."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from runbook_lib.model import Fact, StepResult
from runbook_lib.texts import Language
from runbook_lib.texts.panels.sign_in import IDENTITY, ROLE_NAMES

USER = "user"


@dataclass(frozen=True)
class Identity:
    """`name`: a user principal name, or an application's name; `kind`: `user` or `application`.

    `roles` are the roles that may do this procedure, as recorded: Microsoft's English names. Those held through a group are not
    among them.
    """

    name: str
    kind: str
    roles: tuple[str, ...]


def signed_in(results: Mapping[str, StepResult]) -> Identity | None:
    """Return who was signed in when a step last looked, None when none did. `results` are in the order of the steps."""
    seen = [found for result in results.values() if (found := _seen(result.facts))]
    return seen[-1] if seen else None


def identity_line(results: Mapping[str, StepResult], language: Language) -> str:
    """Return who is signed in, with which roles, as one plain sentence that is not escaped; empty when nobody knows."""
    identity = signed_in(results)
    return _said(identity, language) if identity else ""


def _said(identity: Identity, language: Language) -> str:
    is_user = identity.kind == USER
    who = IDENTITY["user" if is_user else "application"].say(language, name=identity.name)
    roles = ", ".join(ROLE_NAMES[role].say(language) if role in ROLE_NAMES else role for role in identity.roles)
    # An application acts by its permissions, so that having no role says nothing about it.
    held = roles or (IDENTITY["no-role"].say(language) if is_user else "")
    return f"{who} — {held}" if held else who


def _seen(facts: Iterable[Fact]) -> Identity | None:
    values = {fact.name: fact.value for fact in facts}
    name, kind, roles = (values.get(each) for each in ("account", "account-kind", "roles"))
    if (
        not isinstance(name, str) or not name or not kind
    ):  # an account without a kind is that of the sync server's Windows
        return None
    held = tuple(str(role) for role in roles) if isinstance(roles, list | tuple) else ()
    return Identity(name, str(kind), held)
