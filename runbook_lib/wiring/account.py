"""Who runs this, as the operating system knows it. What a person can set, such as `LOGNAME`, says nothing."""

from __future__ import annotations

import os
import sys

if sys.platform == "win32":

    def account_name() -> str:
        """Return the name of the account that this process was started with."""
        return os.getlogin()

else:
    import pwd

    def account_name() -> str:
        """Return the name of the account that this process acts as; its number when it has no name, as in some containers."""
        number = os.geteuid()
        try:
            return pwd.getpwuid(number).pw_name
        except KeyError:
            return f"uid {number}"
