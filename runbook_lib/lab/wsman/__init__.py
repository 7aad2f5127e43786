"""A WS-Management endpoint on loopback that behaves towards real clients as Windows Remote Management does.

A ``Service`` holds the shells and runs commands through an ``Executor``; one or more ``Listener`` objects put it on HTTPS or HTTP.
"""

from runbook_lib.lab.wsman.acceptor import Acceptor
from runbook_lib.lab.wsman.accounts import Account, Accounts
from runbook_lib.lab.wsman.authentication import Binding, Scheme
from runbook_lib.lab.wsman.disturbance import Disturbance, Exchange, Undisturbed, Verdict
from runbook_lib.lab.wsman.endpoint import Listener
from runbook_lib.lab.wsman.faults import WsmanFault
from runbook_lib.lab.wsman.process import Executor, Process
from runbook_lib.lab.wsman.service import Limits, Service

__all__ = [
    "Acceptor",
    "Account",
    "Accounts",
    "Binding",
    "Disturbance",
    "Exchange",
    "Executor",
    "Limits",
    "Listener",
    "Process",
    "Scheme",
    "Service",
    "Undisturbed",
    "Verdict",
    "WsmanFault",
]
