"""The place where a person signs in, in a real kernel: what it tells the browser, and that no state of it ever holds the code."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from queue import Empty
from typing import Any

import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import start_new_kernel

CODE = "BCDF23456"
PAGE = "https://login.example/device"

START = """
import threading
from datetime import UTC, datetime, timedelta
import ipywidgets
from runbook_lib.notebook.sign_in_widget import SignInSlot

def later(seconds):
    return datetime.now(UTC) + timedelta(seconds=seconds)

def from_a_worker(task, *arguments):
    thread = threading.Thread(target=task, args=arguments)
    thread.start()
    thread.join()

slot = ipywidgets.VBox([])
shown = SignInSlot(slot, "{language}")
"""


@dataclass
class Front:
    """What JupyterLab does: it runs cells, keeps the state of the widgets, and hears their messages."""

    kernel: BlockingKernelClient
    state: dict[str, dict[str, Any]] = field(default_factory=dict)
    heard: list[tuple[str, Any]] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    printed: str = ""

    def run(self, code: str) -> str:
        self.heard, self.printed = [], ""
        self._until_idle(self.kernel.execute(code, store_history=False))
        return self.printed.strip()

    def tell(self, comm: str, content: Any) -> None:
        """Send a message from the browser's side of a widget, as `model.send` does."""
        self.heard = []
        data = {"method": "custom", "content": content}
        message = self.kernel.session.msg("comm_msg", {"comm_id": comm, "data": data})
        self.kernel.shell_channel.send(message)
        self._until_idle(message["header"]["msg_id"])

    @property
    def said(self) -> Any:
        """The last message to the browser that is no state."""
        return self.heard[-1][1]

    def _until_idle(self, asked: str) -> None:
        while True:
            message = self.kernel.get_iopub_msg(timeout=30)
            self._take(message["msg_type"], message["content"])
            own = message["parent_header"].get("msg_id") == asked
            if own and message["content"].get("execution_state") == "idle":
                return

    def _take(self, kind: str, content: Any) -> None:
        data = content.get("data", {})
        if kind == "stream":
            self.printed += content["text"]
        elif kind == "error":
            raise AssertionError(content)
        elif kind == "comm_msg" and data["method"] == "custom":
            self.heard.append((content["comm_id"], data["content"]))
        elif kind in ("comm_open", "comm_msg"):
            self.state.setdefault(content["comm_id"], {}).update(data["state"])
            self.kept.append(json.dumps(data))
        else:
            self.kept.append(json.dumps(content, default=str))


@pytest.fixture(scope="module")
def kernel() -> Iterator[BlockingKernelClient]:
    manager, client = start_new_kernel()
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


@pytest.fixture
def front(kernel: BlockingKernelClient) -> Front:
    with pytest.raises(Empty):
        kernel.get_iopub_msg(timeout=0)
    made = Front(kernel)
    made.run(START.replace("{language}", "fr"))
    return made


def test_the_browser_is_told_page_code_and_seconds_and_no_time_of_day(front: Front) -> None:
    """The clock of the browser's machine may be another than the kernel's."""
    front.run(f"from_a_worker(shown.show, {CODE!r}, {PAGE!r}, later(600), False)")

    seconds = front.said.pop("seconds")
    assert 590 < seconds <= 600
    assert front.said == {"state": "waiting", "code": CODE, "page": PAGE, "again": False}


def test_a_view_that_comes_later_is_told_when_it_asks(front: Front) -> None:
    """After a reload of the page, or in a second tab."""
    front.run(f"shown.show({CODE!r}, {PAGE!r}, later(600), True)")
    ((comm, _),) = front.heard

    front.tell(comm, "ask")

    assert (front.said["code"], front.said["again"]) == (CODE, True)


def test_what_the_browser_sends_otherwise_is_not_answered(front: Front) -> None:
    front.run(f"shown.show({CODE!r}, {PAGE!r}, later(600), False)")
    ((comm, _),) = front.heard

    for strange in ("", "code", {"ask": 1}, ["ask"], None):
        front.tell(comm, strange)
        assert front.heard == []


def test_once_used_the_code_is_forgotten_and_a_sentence_stands_in_its_place(front: Front) -> None:
    front.run(f"shown.show({CODE!r}, {PAGE!r}, later(600), False)")
    ((comm, _),) = front.heard

    front.run("from_a_worker(shown.clear, 'Connecté.')")
    assert front.said == {"state": "over", "said": "Connecté."}

    front.tell(comm, "ask")
    assert front.said == {"state": "over", "said": "Connecté."}
    assert front.run("print(len(slot.children))") == "1"


def test_without_a_sentence_the_place_is_empty_again_and_can_be_used_again(front: Front) -> None:
    front.run(f"shown.show({CODE!r}, {PAGE!r}, later(600), False)")

    front.run("shown.clear()\nshown.clear()")
    assert [said for _, said in front.heard] == [{"state": "over", "said": ""}]
    assert front.run("print(len(slot.children))") == "0"

    front.run(f"shown.show('GHJK78923', {PAGE!r}, later(600), True)")
    assert front.said["code"] == "GHJK78923"
    assert front.run("print(len(slot.children))") == "1"


def test_a_second_code_takes_the_place_of_the_first(front: Front) -> None:
    front.run(f"shown.show({CODE!r}, {PAGE!r}, later(600), False)")
    front.run(f"shown.show('GHJK78923', {PAGE!r}, later(600), True)")
    ((comm, said),) = front.heard

    assert (said["code"], said["again"]) == ("GHJK78923", True)
    front.tell(comm, "ask")
    assert CODE not in str(front.heard)


def test_a_code_whose_time_is_over_is_forgotten_and_that_is_said(front: Front) -> None:
    front.run(f"shown.show({CODE!r}, {PAGE!r}, later(-1), False)")
    ((comm, said),) = front.heard

    assert said["state"] == "over"
    assert said["said"].startswith("Le temps de cette connexion est écoulé.")
    front.tell(comm, "ask")
    assert front.said == said
    assert front.run(f"print({CODE!r} in str([w._content for w in slot.children]))") == "False"


def test_in_a_browser_that_was_opened_there_is_no_code_to_show(front: Front) -> None:
    front.run("shown.show('', '', later(300), False)")

    assert (front.said["code"], front.said["page"]) == ("", "")
    assert "navigateur a été ouvert" in front.state[front.heard[0][0]]["words"]["waiting-browser"]


def test_no_state_of_a_widget_and_no_output_ever_holds_the_code(front: Front) -> None:
    """JupyterLab can save widget state with the notebook, at any moment, also while the code counts."""
    front.kept.clear()
    front.run(f"shown.show({CODE!r}, {PAGE!r}, later(600), False)\ndisplay(slot)\nprint(repr(slot.children[0]))")
    saved = front.run("import ipywidgets.embed, json\nprint(json.dumps(ipywidgets.embed.dependency_state([slot])))")
    front.run("shown.clear('over')\nprint(repr(slot.children[0]))\ndisplay(slot)")

    # What the cells themselves say is echoed back by the kernel, and is this test's own.
    kept = [each for each in front.kept if "shown.show(" not in each]
    assert len(kept) > 5
    assert "rk-sign-in" in saved
    assert [each for each in (*kept, saved) if CODE in each] == []


@pytest.mark.parametrize(("language", "title"), [("fr", "Connexion"), ("en", "Sign in")])
def test_the_words_are_those_of_the_language(kernel: BlockingKernelClient, language: str, title: str) -> None:
    front = Front(kernel)
    front.run(START.replace("{language}", language))
    front.run(f"shown.show({CODE!r}, {PAGE!r}, later(600), False)")

    state = front.state[front.heard[0][0]]
    assert (state["words"]["title"], state["language"]) == (title, language)
    assert "{time}" in state["words"]["left"]
