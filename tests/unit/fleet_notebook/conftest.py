"""The shell and the served lab of the tests of notebooks, and the tenants of the lab as a folder of files and as a fleet's file."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.notebooks.served import Served
from tests.unit.notebook.conftest import Cells, cells, in_the_lab, served

__all__ = ["Cells", "cells", "in_the_lab", "served"]

TENANTS = ("contoso", "fabrikam", "tailspin")


@pytest.fixture
def folder(in_the_lab: Served, tmp_path: Path) -> Path:
    """A folder with the files of the three tenants."""
    (place := tmp_path / "tenants").mkdir()
    for name in TENANTS:
        in_the_lab.file(name, language="en").rename(place / f"{name}.yml")
    return place


@pytest.fixture
def fleet(folder: Path) -> Path:
    """A fleet's file over them, with tags."""
    tags = {"contoso": ["eu", "pilot"], "fabrikam": ["eu"], "tailspin": ["us"]}
    data: dict[str, Any] = {"tenants": [{"file": f"tenants/{name}.yml", "tags": tags[name]} for name in TENANTS]}
    (file := folder.parent / "fleet.yml").write_text(yaml.safe_dump(data), encoding="utf-8")
    return file
