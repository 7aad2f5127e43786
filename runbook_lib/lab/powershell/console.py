"""The standard streams of one powershell.exe: text in a code page on output, CLIXML records on error."""

from __future__ import annotations

from collections.abc import Callable

from runbook_lib.lab.powershell import clixml
from runbook_lib.lab.powershell.errors import ErrorRecord

NEW_LINE = "\r\n"


class Console:
    """Encodes what the process writes; characters that the code page lacks become `?`.

    Standard error is one CLIXML document, opened by the first record and closed by `close`.
    """

    def __init__(
        self,
        read_stdin: Callable[[], bytes],
        write_stdout: Callable[[bytes], None],
        write_stderr: Callable[[bytes], None],
        encoding: str,
    ) -> None:
        self._read_stdin = read_stdin
        self._write_stdout = write_stdout
        self._write_stderr = write_stderr
        self._encoding = encoding
        self._open = False
        self._records = 0
        self._remaining: str | None = None

    def read(self) -> str:
        """What is left of standard input; waits for its end."""
        if self._remaining is None:
            self._remaining = self._read_stdin().decode(self._encoding, "replace").removeprefix("\ufeff")
        text, self._remaining = self._remaining, ""
        return text

    def read_lines(self) -> list[str]:
        """What is left of standard input, line by line."""
        text = self.read().replace("\r\n", "\n")
        return text.removesuffix("\n").split("\n") if text else []

    def write(self, text: str) -> None:
        """Write text to standard output as it is."""
        self._write_stdout(text.encode(self._encoding, "replace"))

    def write_line(self, text: str) -> None:
        """Write text and a line break to standard output."""
        self.write(text + NEW_LINE)

    def write_raw_error(self, text: str) -> None:
        """Write text to standard error without CLIXML, as [Console]::Error does."""
        self._write_stderr(text.encode(self._encoding, "replace"))

    def error(self, record: ErrorRecord) -> None:
        """Write an error record in its normal view."""
        self._record(clixml.lines("Error", clixml.error_text(record)))

    def failure(self, text: str) -> None:
        """Write text that is no error record of PowerShell's to the error stream."""
        self._record(clixml.lines("Error", text))

    def warning(self, text: str) -> None:
        """Write a warning record."""
        self._record(f'<S S="warning">{clixml.text(text)}</S>')

    def progress(self, activity: str, status: str = "") -> None:
        """Write a completed progress record."""
        self._record(clixml.progress(activity, status, self._records))
        self._records += 1

    def _record(self, xml: str) -> None:
        start = "" if self._open else clixml.HEADER + clixml.OPENING
        self._open = True
        self.write_raw_error(start + xml)

    def close(self) -> None:
        """End the CLIXML document, if one was begun."""
        if self._open:
            self.write_raw_error(clixml.CLOSING)
        self._open = False
