"""The bodies of successful answers, as elements to send."""

from __future__ import annotations

import base64

from runbook_lib.lab.wsman import envelope
from runbook_lib.lab.wsman.envelope import Node
from runbook_lib.lab.wsman.shell import Output, Shell

RESOURCE_URI = f"{envelope.SHELL}/cmd"
_STATE = f"{envelope.SHELL}/CommandState"


def received(command_id: str, output: Output) -> Node:
    """Describe what a Receive took; with the exit code, both streams are marked ended."""
    nodes = [
        Node("rsp:Stream", base64.b64encode(data).decode(), {"Name": name, "CommandId": command_id})
        for name, data in output.streams.items()
    ]
    if output.exit_code is None:
        state = Node("rsp:CommandState", attributes={"CommandId": command_id, "State": f"{_STATE}/Running"})
    else:
        ended = {"CommandId": command_id, "End": "true"}
        nodes += [Node("rsp:Stream", attributes={"Name": name} | ended) for name in ("stdout", "stderr")]
        state = Node(
            "rsp:CommandState",
            attributes={"CommandId": command_id, "State": f"{_STATE}/Done"},
            children=(Node("rsp:ExitCode", str(output.exit_code)),),
        )
    return Node("rsp:ReceiveResponse", children=(*nodes, state))


def identity() -> Node:
    """Describe the service, as an Identify answer does; the vendor says that this is a lab."""
    return Node(
        "wsmid:IdentifyResponse",
        children=(
            Node("wsmid:ProtocolVersion", envelope.WSMAN),
            Node("wsmid:ProductVendor", "LAB, simulating Microsoft Corporation"),
            Node("wsmid:ProductVersion", "OS: 0.0.0 SP: 0.0 Stack: 3.0"),
        ),
    )


def resource_created(shell: Shell) -> Node:
    """Point to a new shell by its selector, as every later request must."""
    selector = Node("w:SelectorSet", children=(Node("w:Selector", shell.shell_id, {"Name": "ShellId"}),))
    reference = Node("a:ReferenceParameters", children=(Node("w:ResourceURI", RESOURCE_URI), selector))
    return Node("x:ResourceCreated", children=(Node("a:Address", envelope.ANONYMOUS), reference))


def description(shell: Shell) -> Node:
    """Describe a new shell."""
    values = {
        "ShellId": shell.shell_id,
        "ResourceUri": RESOURCE_URI,
        "Owner": shell.settings.user,
        "ClientIP": "127.0.0.1",
        "IdleTimeOut": f"PT{shell.settings.idle_timeout:.3f}S",
        "InputStreams": "stdin",
        "OutputStreams": "stdout stderr",
        "ShellRunTime": "P0DT0H0M0S",
        "ShellInactivity": "P0DT0H0M0S",
    }
    return Node("rsp:Shell", children=tuple(Node(f"rsp:{name}", value) for name, value in values.items()))
