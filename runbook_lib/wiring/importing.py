"""Imports that are spared what they would bring along for nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

# jsonschema would check the format `iri` by a grammar that it compiles while it is imported, for longer than everything else
# takes. No field of a notebook has that format, and without the package jsonschema leaves it unchecked.
IRI_GRAMMAR = "rfc3987_syntax"

# papermill would bring the clients of every cloud that is installed, to read and write notebooks there. Ours are on the disk, and
# without them papermill refuses such addresses only.
CLOUDS_OF_PAPERMILL = ("papermill.abs", "papermill.adl", "papermill.s3", "pyarrow.fs", "gcsfs", "github")


@contextmanager
def without(*names: str) -> Iterator[None]:
    """Import in this block as if these modules were not installed. Those that were imported before stay.

    Whoever needs them afterwards can still import them; another thread meanwhile cannot.
    """
    modules = cast("dict[str, Any]", sys.modules)
    left_out = [name for name in names if name not in modules]
    modules.update(dict.fromkeys(left_out))  # None is how Python is told that a module cannot be imported
    try:
        yield
    finally:
        for name in left_out:
            modules.pop(name, None)
