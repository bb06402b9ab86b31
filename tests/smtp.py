"""A real SMTP server for the tests: what arrives is kept, whole and as a mail reader shows it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Mailbox:
    """The mails that arrived, oldest first, and where the server listens."""

    port: int = 0
    raw: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    refuses: bool = False

    async def handle_DATA(  # noqa: N802 - aiosmtpd calls it so
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Take a mail, or refuse it."""
        if self.refuses:
            return "554 not today"
        content = envelope.content or b""
        self.raw.append(content.encode() if isinstance(content, str) else content)
        self.recipients += envelope.rcpt_tos
        return "250 taken"

    @property
    def mails(self) -> list[EmailMessage]:
        """Each mail, read."""
        return [message_from_bytes(each, _class=EmailMessage, policy=policy.default) for each in self.raw]

    def texts(self) -> list[str]:
        """Subject and words of each mail."""
        return [f"{mail['Subject']}\n{mail.get_body(('plain',)).get_content()}" for mail in self.mails]  # type: ignore[union-attr]

    @property
    def url(self) -> str:
        """The channel that sends here, as the organisation file writes it."""
        return f"mailto://127.0.0.1:{self.port}?to={{email}}&from=leakbot@sample.example"


@asynccontextmanager
async def listening() -> AsyncIterator[Mailbox]:
    """A mail server on a free port."""
    box = Mailbox()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(box, hostname="mail.sample.example", enable_SMTPUTF8=True), host="127.0.0.1", port=0
    )
    box.port = server.sockets[0].getsockname()[1]
    try:
        yield box
    finally:
        server.close()


def nobody_listens() -> int:
    """A port at which nothing answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port
