"""What the portal's internal endpoint answers. Undocumented and unsupported: read only when the operator chose it."""

from __future__ import annotations

from runbook_lib.facts.shape import ForeignShape, reading


class OnPremisesPolicy(ForeignShape):
    """The page *On-premises integration*.

    Which field is the first toggle is not documented; public tools read `passwordWritebackSupported` and take it to mean
    something only when `enablementForTenant` is true and `objectId` is set. We follow the stricter of them.
    """

    objectId: str | None = None
    passwordWritebackSupported: bool
    accountUnlockEnabled: bool
    enablementForTenant: bool

    @property
    def write_back(self) -> bool | None:
        """Return the first toggle; None when the fields do not agree on what it is."""
        if not self.passwordWritebackSupported:
            return False
        return True if self.enablementForTenant and self.objectId else None

    @property
    def unlock(self) -> bool:
        """Return the unlock toggle."""
        return self.accountUnlockEnabled


PORTAL = "portal"

ON_PREMISES_POLICY = reading("on_premises_policy", PORTAL, OnPremisesPolicy)
