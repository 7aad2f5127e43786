"""How a command of the simulated server is made: the world's refusals become PowerShell errors in the server's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from runbook_lib.lab.powershell import Call, Cmdlet, CmdletError, Parameter
from runbook_lib.lab.powershell.errors import Cancelled
from runbook_lib.lab.refusal import ConnectionLost, Refusal
from runbook_lib.lab.sync_server import SyncServer

Run = Callable[[Call], Iterable[object]]

TEXT = Parameter("string")
NEEDED = Parameter("string", mandatory=True)
FIRST = Parameter("string", mandatory=True, position=0)


@dataclass(frozen=True)
class Computer:
    """A server as one process of one user sees it."""

    server: SyncServer
    user: str
    connection_lost: Callable[[], None]

    def command(
        self,
        class_name: str,
        name: str,
        run: Run,
        parameters: Mapping[str, Parameter] | None = None,
        *,
        complete: bool = False,
    ) -> Cmdlet:
        """Return a command. `class_name` is the .NET class that ends its error ids; `complete` as in `Cmdlet`."""

        def guarded(call: Call) -> Iterable[object]:
            try:
                return list(run(call))
            except Refusal as refusal:
                raise CmdletError(
                    refusal.say(self.server.language),
                    f"{refusal.error_id},{class_name}",
                    refusal.category,
                    refusal.exception_type,
                ) from None
            except ConnectionLost:
                self.connection_lost()
                raise Cancelled from None

        return Cmdlet(name, guarded, parameters or {}, complete=complete, class_name=class_name)
