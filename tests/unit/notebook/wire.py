"""A widget's connection to the browser, without a browser: what the widget sends is kept, and what a browser may send arrives."""

from typing import Any

from comm.base_comm import BaseComm


class Wire(BaseComm):
    """Connects one widget. `sent` holds what the widget said to the browser in messages of its own, `states` the state it sent."""

    def __init__(self, widget: Any) -> None:
        self.sent: list[Any] = []
        self.states: list[Any] = []
        super().__init__(target_name="test")
        self._widget = widget
        widget.comm = self

    def publish_msg(self, msg_type: str, data: Any = None, **_: Any) -> None:
        if data and data.get("method") == "custom":
            self.sent.append(data["content"])
        if data and data.get("method") == "update":
            self.states.append(data["state"])

    def arrives(self, content: Any, *buffers: Any) -> Any:
        """Let a message of the browser arrive; return the widget's last answer."""
        data = {"method": "custom", "content": content}
        views = [memoryview(each) for each in buffers]
        self._widget._handle_msg({"content": {"data": data}, "buffers": views})  # noqa: SLF001  # what a real one calls
        return self.sent[-1] if self.sent else None
