"""A fleet of made-up tenants as an operator has it: a served lab, ready parameter files, and the command line as a process of its own."""

import os
import pty
import select
import struct
import subprocess
import termios
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from fcntl import ioctl
from pathlib import Path
from tempfile import TemporaryDirectory

from runbook_lib.cli.lab_files import write_files
from runbook_lib.lab.lab import Lab
from runbook_lib.lab.made_up import made_up
from runbook_lib.lab.world import World
from runbook_lib.wiring.places import LAB, OTHER_PORTS, OUTPUTS
from tests.notebooks.served import BIN, LONGEST


class MadeUpFleet:
    """A served lab of made-up tenants, with one parameter file each."""

    def __init__(self, lab: Lab, folder: Path) -> None:
        self.world = lab.world
        self.outputs = folder / "outputs"
        self._lab = folder / "lab"
        lab.write_descriptor(self._lab)
        before = os.environ.get(LAB)
        os.environ[LAB] = str(self._lab)
        try:
            write_files(lab, "en")
        finally:
            if before is None:
                del os.environ[LAB]
            else:
                os.environ[LAB] = before

    @property
    def files(self) -> list[Path]:
        return sorted((self._lab / OTHER_PORTS).glob("*.yml"))

    @property
    def tenants(self) -> list[str]:
        return [file.stem for file in self.files]

    def environment(self, **more: str) -> dict[str, str]:
        return {**os.environ, LAB: str(self._lab), OUTPUTS: str(self.outputs), **more}

    def piped(self, *arguments: object, **environment: str) -> "subprocess.CompletedProcess[str]":
        """Call the command line with pipes, as a scheduler does."""
        return subprocess.run(
            self._command(arguments),
            env=self.environment(**environment),
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=LONGEST,
            check=False,
        )

    def on_a_terminal(
        self, *arguments: object, to: Path | None = None, columns: int = 80, lines: int = 24, **environment: str
    ) -> tuple[int, str]:
        """Call the command line on a terminal of its own, with standard output there or to a file. Return its exit code and everything
        that the terminal was sent.
        """
        ours, theirs = pty.openpty()
        ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        known = {"TERM": "xterm-256color", "LC_ALL": "C.UTF-8"} | environment
        with (
            to.open("wb") if to else nullcontext(theirs) as out,
            subprocess.Popen(
                self._command(arguments), env=self.environment(**known), stdin=theirs, stdout=out, stderr=theirs
            ) as running,
        ):
            os.close(theirs)
            sent = b"".join(_sent(ours))
            os.close(ours)
            return running.wait(LONGEST), sent.decode("utf-8")

    def _command(self, arguments: Sequence[object]) -> list[str]:
        return [str(BIN / "runbook"), *map(str, arguments)]


@contextmanager
def made_up_fleet(count: int, seed: int = 7) -> Iterator[MadeUpFleet]:
    """Serve made-up tenants on free ports."""
    with (
        TemporaryDirectory(prefix="fleet-") as folder,
        Lab(World(tenants=made_up(count, seed))) as lab,
    ):
        yield MadeUpFleet(lab, Path(folder))


def _sent(terminal: int) -> Iterator[bytes]:
    with suppress(OSError):  # on Linux, reading a terminal whose other end is closed is an error
        while select.select([terminal], [], [], LONGEST)[0] and (chunk := os.read(terminal, 65536)):
            yield chunk
