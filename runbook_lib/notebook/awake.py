"""Keeps a kernel of ipykernel 7.0 to 7.3 reading what it is sent.

These send replies past the stream that reads requests, on the same socket, and so now and then take away the signal that a request
has come: it then lies there until the next page connects. A click is lost, or a cell never ends, while the kernel is idle
(ipython/ipykernel#1554, mended in 7.4).
"""

from __future__ import annotations

from typing import Any

LOOK_SECONDS = 0.2

_MENDED = (7, 4)

# By which a kernel is known that is kept awake already.
_AWAKE = "_runbook_awake"


def keep_awake(kernel: Any) -> None:
    """Have a kernel look again and again whether it was sent something; one that needs none of it is left alone."""
    thread = getattr(kernel, "shell_channel_thread", None)
    if thread is None or hasattr(kernel, _AWAKE):
        return
    from ipykernel._version import version_info  # noqa: PLC0415  # there is a kernel: it is imported already, as elsewhere it is not

    if version_info[:2] >= _MENDED:
        return
    setattr(kernel, _AWAKE, True)
    look_again_and_again(kernel.shell_stream, thread.io_loop)


def look_again_and_again(stream: Any, loop: Any) -> None:
    """Take in what lies at a stream, as long as it is open, in the loop that it belongs to. May be called in any thread."""
    import zmq  # noqa: PLC0415  # as above

    def look() -> None:
        if not stream.closed():
            stream.flush(zmq.POLLIN)
            loop.call_later(LOOK_SECONDS, look)

    loop.add_callback(look)
