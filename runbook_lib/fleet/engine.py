"""papermill's engine for our runs: an event loop of each run's own, an environment of each kernel's own, and no fixed waits.

What is executed and what is written is papermill's and nbclient's; a test compares the notebooks with those of plain papermill.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from collections.abc import Mapping
from queue import Empty
from typing import Any

import zmq
from nbclient.exceptions import CellExecutionError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, NotebookExecutionManager, papermill_engines
from papermill.log import logger

from runbook_lib.fleet.drafts import Draft
from runbook_lib.fleet.forkserver import ForkServer
from runbook_lib.fleet.kernels import PrivateKernelManager
from runbook_lib.fleet.stopping import Stopping

NAME = "runbook"

START_SECONDS = 60
# A kernel that has said nothing for so long is looked at, and asked again.
ASK_AGAIN_SECONDS = 1.0
# The first word of a kernel's output channel gets lost when we subscribed too late for it.
HEARD_SECONDS = 0.1


class _Saved(NotebookExecutionManager):  # type: ignore[misc]
    """Saves the notebook after each cell of code that ended, at the cost of that cell: the others are kept as text.

    The file is replaced as a whole, so a run that is killed leaves what was executed. Papermill itself writes the last word, in
    its own form, when the run ends.
    """

    def __init__(self, nb: Any, output_path: str, draft: Draft) -> None:
        super().__init__(nb, output_path, progress_bar=False, autosave_cell_every=0)
        self._draft = draft
        self._texts: dict[int, str] = {}

    def notebook_start(self, **given: Any) -> None:
        super().notebook_start(**given)
        self._write()

    def cell_start(self, cell: Any, cell_index: int | None = None, **more: Any) -> None:
        self.changed(cell_index or 0)
        super().cell_start(cell, cell_index, **more)

    def cell_complete(self, cell: Any, cell_index: int | None = None, **more: Any) -> None:
        self.changed(cell_index or 0)
        super().cell_complete(cell, cell_index, **more)
        if cell.cell_type == "code":
            self._write()

    def changed(self, cell_index: int) -> None:
        """Take note that a cell is not what it was."""
        self._texts.pop(cell_index, None)

    def save(self, **_given: Any) -> None:
        """Papermill asks for this oftener than anything has changed."""

    def broke_off(self) -> None:
        """Write the last word: papermill itself does so only when the notebook came to its end, or to an error of a cell."""
        super().save()

    def _write(self) -> None:
        for index, cell in enumerate(self.nb.cells):
            if index not in self._texts:
                (clean,) = self._draft.clean({"cells": [cell], "metadata": {}})["cells"]
                self._texts[index] = json.dumps(clean, ensure_ascii=False)
        clean = self._draft.clean({**self.nb, "cells": []})
        rest = json.dumps({name: value for name, value in clean.items() if name != "cells"}, ensure_ascii=False)
        cells = ",\n".join(self._texts[index] for index in range(len(self.nb.cells)))
        path = self._draft.path
        unfinished = path.with_name(f".{path.name}.unfinished")
        with contextlib.suppress(OSError):  # the last word will fail as well then, and the draft keeps why
            with open(unfinished, "w", encoding="utf-8", opener=_private) as stream:
                stream.write(f'{rest[:-1]}, "cells": [\n{cells}\n]}}\n')
            unfinished.replace(path)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


class _Client(PapermillNotebookClient):  # type: ignore[misc]
    """Executes the cells as papermill does, in one go on an event loop of its own."""

    def __init__(
        self,
        saved: _Saved,
        *,
        environment: Mapping[str, str],
        fork_server: ForkServer | None,
        stopping: Stopping,
        **settings: Any,
    ) -> None:
        super().__init__(saved, **settings)
        self._environment = environment
        self._fork_server = fork_server
        self._stopping = stopping
        self._language: Any = {}

    def create_kernel_manager(self) -> Any:
        self.km = PrivateKernelManager(kernel_name=self.kernel_name, config=self.config, fork_server=self._fork_server)
        return self.km

    def execute(self, **_given: Any) -> Any:
        """Execute the notebook. Raises `CancelledError` when it was stopped from another thread."""
        # The kind of loop that ZMQ needs on every system; each run has its own, so any thread may run one.
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            return runner.run(self._execute())

    async def _execute(self) -> Any:
        self._stopping.begins()
        self.reset_execution_trackers()
        self.create_kernel_manager()
        try:
            await self._start()
            await self._execute_cells()
            self.nb.metadata["language_info"] = self._language
            self.set_widgets_metadata()
        except DeadKernelError:
            task = asyncio.current_task()
            if task and task.cancelling():  # nbclient takes being stopped for the kernel's death
                raise asyncio.CancelledError from None
            raise
        finally:
            self._stopping.ended()
            await self._async_cleanup_kernel()
        return self.nb

    async def _start(self) -> None:
        await self.async_start_new_kernel(env=dict(self._environment))
        self.kc = self.km.client()
        self.kc.start_channels(hb=False)  # whether the kernel lives is asked of its process
        async with asyncio.timeout(self.startup_timeout):
            while not await self._has_answered():
                if not await self.km.is_alive():
                    raise DeadKernelError("Kernel died before it answered")
        self.kc.allow_stdin = False

    async def _has_answered(self) -> bool:
        """Ask the kernel what it is. True once both the answer and its end on the output channel have come."""
        asked = self.kc.kernel_info()
        try:
            while (reply := await self.kc.shell_channel.get_msg(timeout=ASK_AGAIN_SECONDS)) and not _is_to(
                reply, asked
            ):
                pass
            while not _is_idle(await self.kc.iopub_channel.get_msg(timeout=HEARD_SECONDS), asked):
                pass
        except Empty:
            return False
        self._language = reply["content"]["language_info"]
        return True

    async def _execute_cells(self) -> None:
        for index, cell in enumerate(self.nb.cells):
            try:
                self.nb_man.cell_start(cell, index)
                await self.async_execute_cell(cell, index)
            except CellExecutionError as error:
                self.nb_man.cell_exception(self.nb.cells[index], cell_index=index, exception=error)
                break
            finally:
                self.nb_man.cell_complete(self.nb.cells[index], cell_index=index)

    def process_message(self, msg: Any, cell: Any, cell_index: int) -> Any:
        output = super().process_message(msg, cell, cell_index)
        if self.comm_objects:
            # nbclient answers a widget past the loop, on the socket on which the end of the cell is waited for. ZMQ says only once
            # that a message has come, and that may have been then: to read the events makes whoever waits look again. (To poll
            # would not do: a poll that times out takes in what ZMQ says and tells nobody.)
            self.kc.shell_channel.socket.get(zmq.EVENTS)
        return output

    def _update_display_id(self, display_id: str, msg: Any) -> None:
        super()._update_display_id(display_id, msg)
        for index in self._display_id_map.get(display_id, {}):
            self.nb_man.changed(index)


def _is_to(message: Any, asked: str) -> bool:
    return bool(message["parent_header"].get("msg_id") == asked)


def _is_idle(message: Any, asked: str) -> bool:
    return _is_to(message, asked) and message["content"].get("execution_state") == "idle"


class RunbookEngine(Engine):  # type: ignore[misc]
    """The engine by the name of `NAME`. Takes `draft`, `environment`, `fork_server` and `stopping` beside papermill's own arguments."""

    @classmethod
    def execute_notebook(cls, nb: Any, kernel_name: str, output_path: str, **settings: Any) -> Any:
        """Execute a notebook into a file."""
        saved = _Saved(nb, output_path, settings["draft"])
        saved.notebook_start()
        try:
            ours = {name: settings[name] for name in ("environment", "fork_server", "stopping", "extra_arguments")}
            _Client(saved, kernel_name=kernel_name, startup_timeout=START_SECONDS, log=logger, **ours).execute()
        except BaseException:
            saved.notebook_complete()
            saved.broke_off()
            raise
        saved.notebook_complete()
        return saved.nb


papermill_engines.register(NAME, RunbookEngine)
