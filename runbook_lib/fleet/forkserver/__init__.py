"""Kernels forked from a warm process: what a kernel imports is imported once, and each run still has a kernel of its own.

`server.py` is that process, `child.py` what a process forked from it does; both run there. `warm.py` and `provisioner.py` are
the side of whoever runs notebooks. Linux only: on macOS a process that has used the system's own libraries must not fork.
"""

from __future__ import annotations

from runbook_lib.fleet.forkserver.warm import CannotFork, ForkedKernel, ForkServer, is_offered, is_shared, shared

__all__ = ["CannotFork", "ForkServer", "ForkedKernel", "is_offered", "is_shared", "shared"]
