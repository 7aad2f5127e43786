"""Where there is no change system: a folder that somebody else collects from, or a mail that somebody sends."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path

from runbook_lib.errors import RecordRefused
from runbook_lib.facts.change_records import CHANGE
from runbook_lib.model import Json
from runbook_lib.ports import Clock, Parcel, Stored
from runbook_lib.texts import Message


class Folder:
    """A folder that is there. Implements `ports.Place`. The file gets the rights that the folder's own users expect (umask)."""

    def __init__(self, folder: Path) -> None:
        self.target = f"folder:{folder}"
        self._folder = folder

    def record(self) -> Mapping[str, Json]:
        """Return where it is. Raises `RecordRefused` when it is no folder: a mistyped path must not make one."""
        if not self._folder.is_dir():
            raise RecordRefused("change-no-folder", target=CHANGE, path=str(self._folder))
        return {"system": "folder", "address": str(self._folder), "number": "", "record_id": ""}

    def find(self, name: str) -> Sequence[Stored]:
        """Return the file of that name, if there is one."""
        file = self._folder / name
        return [Stored(name, name, file.stat().st_size)] if file.is_file() else []

    def fetch(self, stored: Stored) -> bytes:
        """Return the content of a file."""
        return _read(self._folder / stored.name)

    def upload(self, parcel: Parcel) -> bool:
        """Write the file as a whole. What is there under its name is not ours, and is never replaced."""
        _write_new(self._folder / parcel.name, parcel.content)
        return True

    def annotate(self, _parcel: Parcel, _stored: Stored) -> tuple[Message, ...]:
        """There is nobody to tell."""
        return ()


class Mail:
    """A file `.eml` with the bundle attached, as a draft without addressee (`X-Unsent`). Implements `ports.Place`."""

    def __init__(self, file: Path, subject: str, clock: Clock) -> None:
        self.target = f"eml:{file}"
        self._file = file
        self._subject = subject
        self._clock = clock

    def record(self) -> Mapping[str, Json]:
        """Return where it is. Raises `RecordRefused` when its folder is none, or another mail is there."""
        if not self._file.parent.is_dir():
            raise RecordRefused("change-no-folder", target=CHANGE, path=str(self._file.parent))
        return {"system": "eml", "address": str(self._file), "number": "", "record_id": ""}

    def find(self, name: str) -> Sequence[Stored]:
        """Return the attachments of that name in the mail, if there is one."""
        return [
            Stored(f"{number}", name, len(content))
            for number, (called, content) in enumerate(self._attachments())
            if called == name
        ]

    def fetch(self, stored: Stored) -> bytes:
        """Return the content of an attachment."""
        return self._attachments()[int(stored.id)][1]

    def upload(self, parcel: Parcel) -> bool:
        """Write the mail as a whole. Another file under its name is never replaced."""
        mail = EmailMessage(policy=policy.SMTP)
        mail["Subject"] = self._subject
        mail["Date"] = format_datetime(self._clock.now().astimezone(UTC))
        mail["Message-ID"] = make_msgid(domain="runbook-kit.invalid")
        mail["X-Unsent"] = "1"
        mail.set_content(f"{parcel.note}\n")
        mail.add_attachment(parcel.content, maintype="application", subtype="zip", filename=parcel.name)
        _write_new(self._file, mail.as_bytes())
        return True

    def annotate(self, _parcel: Parcel, _stored: Stored) -> tuple[Message, ...]:
        """The note is the text of the mail."""
        return ()

    def _attachments(self) -> list[tuple[str, bytes]]:
        if not self._file.is_file():
            return []
        mail = message_from_bytes(_read(self._file), policy=policy.default)
        return [(part.get_filename() or "", _content(part)) for part in mail.iter_attachments()]


def _content(part: EmailMessage) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise _refused(file, error) from error


def _write_new(file: Path, content: bytes) -> None:
    """Write a file that is not there yet, whole or not at all."""
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        try:
            with os.fdopen(
                os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666), "wb"
            ) as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            if file.exists():
                raise RecordRefused("change-name-taken", target=CHANGE, path=str(file))
            draft.rename(file)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise _refused(file, error) from error


def _refused(file: Path, error: OSError) -> RecordRefused:
    return RecordRefused(
        "change-file-refused", target=CHANGE, path=str(file), detail=error.strerror or type(error).__name__
    )
