"""A fleet on several machines: the same jobs, each carried out by a worker of an existing Dask cluster.

`client.py` is the side of the command, `worker.py` what runs on a worker; `kit.py` says what either runs with, `in_common.py` where
they look the same things up, and `claims.py` sees to it that no run is begun twice, and judges one whose worker was lost. The only
place that knows Dask.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from runbook_lib.errors import ParameterError
from runbook_lib.fleet.cluster.address import Address
from runbook_lib.fleet.listening import News
from runbook_lib.fleet.options import FleetOptions

EXTRA = "cluster"

# What is heard of a cluster before anything is run, beside the news of the runs.
ON_CLUSTER, READABLE = "on-cluster", "scheduler-readable"


@contextmanager
def on_cluster(
    address: str, options: FleetOptions, outputs: Path, hear: Callable[[News], None], storage: str
) -> Iterator[FleetOptions]:
    """Return the options with which a fleet is run by the workers behind a scheduler; as they are where none is named.

    `hear` is told what is reached, and what others could read. Never more tenants at once than the workers have threads: one
    that waited for a worker might be begun after the window has closed.

    Raises `ParameterError`, before anything is sent: no such address, nobody there, no workers, no package, or a worker that does
    not run exactly what runs here or does not see the outputs; with `storage`, the address of one, that storage in their place.
    """
    if not address:
        yield options
        return
    named = Address.read(address)
    try:
        import_module("distributed")
    except ImportError:
        raise ParameterError("cluster-package-missing", extra=EXTRA) from None
    from runbook_lib.fleet.cluster.client import Cluster  # noqa: PLC0415  # an extra, and slow to import

    if named.is_readable:
        hear({"run": "", "event": READABLE, "scheduler": str(named)})
    with Cluster(named, options, outputs, storage) as cluster:
        at_once = min(options.at_once, cluster.threads)
        counted = {"workers": str(cluster.workers), "tenants": str(at_once), "scheduler": str(named)}
        hear({"run": "", "event": ON_CLUSTER, **counted})
        yield replace(options, at_once=at_once, elsewhere=cluster.carrying_out)
