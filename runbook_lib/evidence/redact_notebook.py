"""What a notebook holds, without secrets. Only what people and programs put there is looked at: the format's own words must stay."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from runbook_lib.evidence.redact import Found, Redactor
from runbook_lib.model import Json

# Colours of a terminal, as in tracebacks: they may stand in the middle of a value.
_ESCAPES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")

# What of an output, or of the message that brings it, was written by somebody; the rest are words of the format.
_WRITTEN = ("text", "data", "evalue", "ename", "traceback", "metadata", "payload", "user_expressions", "parameters")


@dataclass(frozen=True)
class NotebookRedactor:
    """Redacts notebooks and what kernels send. `found` counts what was replaced; the rules in `spare` replace nothing."""

    redactor: Redactor
    found: Found
    spare: Collection[str] = ()

    def notebook(self, notebook: dict[str, Json]) -> dict[str, Json]:
        """Return a notebook, as JSON of nbformat 4."""
        cells = [self._cell(cell, f"/cells/{number}") for number, cell in enumerate(notebook.get("cells", []))]
        metadata = self._metadata(notebook.get("metadata", {}))
        return {**notebook, "cells": cells, "metadata": metadata}

    def output(self, output: dict[str, Json], where: str = "") -> dict[str, Json]:
        """Return an output of a cell, or the content of the message that brings it or ends a cell."""
        return {
            name: self._values(_joined(value) if name == "text" else value, f"{where}/{name}")
            if name in _WRITTEN
            else value
            for name, value in output.items()
        }

    def _cell(self, cell: dict[str, Json], where: str) -> dict[str, Json]:
        clean = {**cell, "metadata": self._values(cell.get("metadata", {}), f"{where}/metadata")}
        clean["source"] = self._values(_joined(cell.get("source", "")), f"{where}/source")
        if "outputs" in cell:
            clean["outputs"] = [
                self.output(output, f"{where}/outputs/{number}") for number, output in enumerate(cell["outputs"])
            ]
        return clean

    def _metadata(self, metadata: dict[str, Json]) -> dict[str, Json]:
        fixed = {name: metadata[name] for name in ("kernelspec", "language_info") if name in metadata}
        return {**self._values(metadata, "/metadata"), **fixed}

    def _values(self, data: Json, where: str) -> Json:
        if isinstance(data, str):
            return self._text(data, where)
        if isinstance(data, dict):
            return {name: self._of_name(name, value, f"{where}/{name}") for name, value in data.items()}
        if isinstance(data, list | tuple):
            return [self._values(item, f"{where}/{number}") for number, item in enumerate(data)]
        return data

    def _of_name(self, name: str, value: Json, where: str) -> Json:
        """Return what stands under a name. Of MIME data, text may be split into its lines, and a secret with it."""
        if "/" in name and isinstance(value, list) and all(isinstance(line, str) for line in value):
            return self._text("".join(value), where)
        if "json" in name and isinstance(value, dict | list):
            return self.redactor.data(value, self.found, where, spare=self.spare)
        return self._values(value, where)

    def _text(self, text: str, where: str) -> str:
        clean = self.redactor.text(text, self.found, where, spare=self.spare)
        if "\x1b[" not in clean:
            return clean
        plain = _ESCAPES.sub("", clean)
        bare = self.redactor.text(plain, self.found, where, spare=self.spare)
        return clean if bare == plain else bare


def _joined(value: Json) -> Json:
    """Return text that may be split into its lines as one."""
    return "".join(value) if isinstance(value, list) and all(isinstance(line, str) for line in value) else value
