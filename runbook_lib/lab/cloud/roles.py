"""Directory roles, the same in every tenant (Microsoft, Entra built-in roles)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Role:
    """A directory role: its name and its template id, the same in every tenant."""

    display_name: str
    template_id: str


GLOBAL_ADMINISTRATOR = Role("Global Administrator", "62e90394-69f5-4237-9190-012177145e10")
HYBRID_IDENTITY_ADMINISTRATOR = Role("Hybrid Identity Administrator", "8ac3fc64-6eca-42ea-9e69-59f4c7b60eb2")
REPORTS_READER = Role("Reports Reader", "4a5d8f65-41da-4de4-8968-e035b65339cf")
SECURITY_READER = Role("Security Reader", "5d6b6bb7-de71-4623-b4af-96380a352509")
AUTHENTICATION_ADMINISTRATOR = Role("Authentication Administrator", "c4e39bd9-1100-46d3-8c65-fb160da0071f")
PRIVILEGED_AUTHENTICATION_ADMINISTRATOR = Role(
    "Privileged Authentication Administrator", "7be44c8a-adaf-4e2a-84d6-ab2649e08a13"
)
PASSWORD_ADMINISTRATOR = Role("Password Administrator", "966707d0-3269-4727-9be2-8c3a10f19b9d")
HELPDESK_ADMINISTRATOR = Role("Helpdesk Administrator", "729827e3-9c14-49f7-bb1b-9608f156bbb8")
USER_ADMINISTRATOR = Role("User Administrator", "fe930be7-5e62-47db-91af-98c3a49a38b1")

# Who may read reports and logs. That the hybrid administrator may follows from "can monitor logs" (built-in roles).
REPORT_ROLES = frozenset({GLOBAL_ADMINISTRATOR, HYBRID_IDENTITY_ADMINISTRATOR, REPORTS_READER, SECURITY_READER})
# Who may reset the password of somebody without a role, and who that of anybody (graph-docs, authenticationmethod-resetpassword).
RESETS_USERS = frozenset(
    {AUTHENTICATION_ADMINISTRATOR, PASSWORD_ADMINISTRATOR, HELPDESK_ADMINISTRATOR, USER_ADMINISTRATOR}
)
RESETS_ANYBODY = frozenset({GLOBAL_ADMINISTRATOR, PRIVILEGED_AUTHENTICATION_ADMINISTRATOR})
