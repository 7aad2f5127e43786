"""The process of JupyterLab. It is set up through standard input, so that no secret stands on a command line, and it ends when
standard input closes: however its parent ended, no server and no kernel stays behind.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading

from jupyter_server.serverapp import ServerApp
from traitlets.config import Config


class _Server(ServerApp):
    """A server that reads no configuration of this machine: that could open it to others, or load what we did not choose."""

    @property
    def config_file_paths(self) -> list[str]:
        """Return where configuration is looked for: nowhere."""
        return []


def main() -> None:
    """Serve until standard input closes or somebody shuts the server down in the browser."""
    given = json.loads(sys.stdin.readline())
    try:
        server = _Server.instance(config=Config(given["config"]))
        server.initialize(argv=[], find_extensions=False)
        threading.Thread(target=_end_with_parent, args=(server,), daemon=True).start()
        server.start()
    finally:
        shutil.rmtree(given["private"], ignore_errors=True)


def _end_with_parent(server: ServerApp) -> None:
    """Wait for the end of standard input. Not through `sys.stdin`: Python cannot end while a thread reads from that."""
    while os.read(0, 1):
        pass
    server.io_loop.add_callback(server.stop)


if __name__ == "__main__":
    main()
