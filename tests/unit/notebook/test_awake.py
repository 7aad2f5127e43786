"""A kernel whose own replies take the signal away that a request has come reads it nevertheless."""

import asyncio
import threading
import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
import zmq
from tornado.ioloop import IOLoop
from zmq.eventloop.zmqstream import ZMQStream

from runbook_lib.notebook.awake import keep_awake, look_again_and_again


class Channel:
    """A socket as a kernel has it, read by a stream in a loop of its own thread, and somebody who sends to it."""

    def __init__(self) -> None:
        self.heard = threading.Event()
        self._ready = threading.Event()
        self._context = zmq.Context()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))
        self._thread.start()
        self._ready.wait()

    async def _serve(self) -> None:
        self.loop = IOLoop.current()
        self._ended = asyncio.Event()
        self._socket = self._context.socket(zmq.ROUTER)
        port = self._socket.bind_to_random_port("tcp://127.0.0.1")
        self.stream = ZMQStream(self._socket)
        self.stream.on_recv(lambda _parts: self.heard.set())
        self.client = self._context.socket(zmq.DEALER)
        self.client.connect(f"tcp://127.0.0.1:{port}")
        self._ready.set()
        await self._ended.wait()
        self.stream.close(linger=0)

    def lose_a_signal(self) -> None:
        """Have a request come while the loop is at something else, which then replies to somebody past the stream."""
        begun, is_sent = threading.Event(), threading.Event()

        def reply() -> None:
            begun.set()
            is_sent.wait()
            time.sleep(0.2)  # the request is at the socket now
            self._socket.send_multipart([b"somebody who is gone", b"reply"])

        self.loop.add_callback(reply)
        begun.wait()
        self.client.send(b"request")
        is_sent.set()

    def close(self) -> None:
        self.loop.add_callback(self._ended.set)
        self._thread.join()
        self.client.close(linger=0)
        self._context.term()


@pytest.fixture
def channel() -> Iterator[Channel]:
    channel = Channel()
    channel.client.send(b"hello")
    assert channel.heard.wait(10)
    channel.heard.clear()
    yield channel
    channel.close()


def test_a_request_whose_signal_was_lost_is_read(channel: Channel) -> None:
    channel.lose_a_signal()
    look_again_and_again(channel.stream, channel.loop)

    assert channel.heard.wait(10)


def test_looking_ends_with_the_stream(channel: Channel) -> None:
    look_again_and_again(channel.stream, channel.loop)
    channel.client.send(b"request")

    assert channel.heard.wait(10)


def test_a_kernel_that_has_no_such_thread_or_reads_by_itself_is_left_alone() -> None:
    """The one that is installed here is of a version that does."""
    kernels = (SimpleNamespace(), SimpleNamespace(shell_channel_thread=None), SimpleNamespace(shell_channel_thread=1))
    for kernel in (None, *kernels):
        keep_awake(kernel)

    assert [set(vars(kernel)) - {"shell_channel_thread"} for kernel in kernels] == [set()] * 3
