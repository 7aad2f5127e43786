"""Imports that are spared what they would bring along for nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

IRI_GRAMMAR = "rfc3987_syntax"


@contextmanager
def without_iri_grammar() -> Iterator[None]:
    """Import in this block what imports jsonschema, as nbformat and papermill do.

    jsonschema would check the format `iri` by a grammar that it compiles while it is imported, for longer than everything else
    takes. No field of a notebook has that format, and without the package jsonschema leaves it unchecked. Whoever needs the
    grammar afterwards can still import it.
    """
    modules = cast("dict[str, Any]", sys.modules)
    if IRI_GRAMMAR in modules:
        yield
        return
    modules[IRI_GRAMMAR] = None  # how Python is told that a module cannot be imported
    try:
        yield
    finally:
        modules.pop(IRI_GRAMMAR, None)
