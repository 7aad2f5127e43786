"""Which kind of kernels the runs of this process have."""

from __future__ import annotations

from collections.abc import Callable

from runbook_lib.adapters.storage import packages_of
from runbook_lib.fleet.forkserver import CannotFork, ForkServer, is_offered, is_shared, shared
from runbook_lib.fleet.listening import News
from runbook_lib.fleet.options import ORDINARY

# What is heard when kernels cannot be forked.
NOT_FORKED = "not-forked"


def fork_server(kernels: str, storage: str, hear: Callable[[News], None], *, pays: bool) -> ForkServer | None:
    """Return what forks kernels: where it is asked for, or where it pays or is there already. None: programs are started.

    It stays warm for what this process runs next: another wave, another order in a notebook, another task of a cluster. `hear` is told
    when no kernel can be forked.
    """
    packages = packages_of(storage)
    pays = is_offered() and (pays or is_shared(*packages))
    if kernels == ORDINARY or not (kernels or pays):
        return None
    try:
        return shared(*packages).started()
    except CannotFork as error:
        hear({"run": "", "event": NOT_FORKED, "detail": str(error)})
        return None
