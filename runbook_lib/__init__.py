"""A runbook kit: documented steps as notebook cells, planned, approved, applied and verified."""

__all__ = ["__version__"]

__version__ = "0.1.0"
