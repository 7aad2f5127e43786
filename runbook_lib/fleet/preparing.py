"""What all runs of a fleet need, made once and while the warm process starts: threads that begin together would each make their own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from runbook_lib.wiring.importing import CLOUDS_OF_PAPERMILL, IRI_GRAMMAR, without

# The format of our notebooks.
FORMAT = (4, 5)


@contextmanager
def meanwhile_prepared() -> Iterator[None]:
    """Prepare in a thread while the block is carried out, and have it done at the end of the block."""
    preparing = threading.Thread(target=_prepare, name="preparing")
    preparing.start()
    try:
        yield
    finally:
        preparing.join()


def _prepare() -> None:
    with without(IRI_GRAMMAR, *CLOUDS_OF_PAPERMILL):
        from jupyter_client.provisioning.factory import KernelProvisionerFactory  # noqa: PLC0415  # long, and for runs only
        from nbformat.validator import get_validator  # noqa: PLC0415

        from runbook_lib.fleet import engine  # noqa: F401, PLC0415  # papermill, for one
    get_validator(*FORMAT)  # type: ignore[no-untyped-call]
    KernelProvisionerFactory.instance()
