"""One channel: an Apprise URL with the person's address filled in, and the words sent through it.

Apprise answers only whether it worked. Its own log lines name addresses and servers, so they are silenced.
"""

from __future__ import annotations

import asyncio
import logging
import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote

from apprise import Apprise, AppriseAsset, NotifyBase, NotifyFormat

logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)

PATIENCE: Final = 20.0  # seconds for one channel; whatever is slower counts as failed
CONNECTING: Final = 8.0  # seconds for a connection, unless the URL names its own (`cto`); a stop waits for it
MAIL: Final = "mail"  # what a channel of mail is called; the others by the name of their service
NO_ADDRESS, NOT_SENT = "no_address", "not_sent"

_ASSET: Final = AppriseAsset(app_id="leakbot", app_desc="leakbot", app_url="", async_mode=True)
_MAIL_SCHEMES: Final = ("mailto://", "mailtos://")
_MAIL_ADDRESS: Final = re.compile(r"[^\s@<>,;:\"]+@[^\s@<>,;:\"]+")
_COUNTRY: Final = "+81"  # of telephone numbers written with the leading 0 of Japan


class ChannelFailed(Exception):
    """Nobody was called. `reason` is `no_address` or `not_sent`; no address and no URL stand in it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody is reached, as far as Slack knows; shown nowhere."""

    email: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)

    @property
    def has_mail(self) -> bool:
        """Whether the e-mail address can be used."""
        return bool(self.email and _MAIL_ADDRESS.fullmatch(self.email))

    @property
    def number(self) -> str | None:
        """The telephone number with its country (`+81…`), None where it is none."""
        digits = re.sub(r"[\s()./‐-―−ー-]", "", (self.phone or "").translate(_HALF_WIDTH))
        digits = re.sub(r"^(?:\+810?|0)(?=[1-9])", _COUNTRY, digits)
        return digits if re.fullmatch(r"\+[1-9][0-9]{7,14}", digits) else None


_HALF_WIDTH: Final = str.maketrans("０１２３４５６７８９＋（）－　", "0123456789+()- ")
#: Somebody whom every channel could reach, to see whether a URL makes sense.
ANYBODY: Final = Address("somebody@example.com", "+819012345678")


@dataclass(frozen=True, slots=True)
class Line:
    """One channel, ready to be used: its URL with everything but the person's address filled in."""

    url: str = field(repr=False)

    @property
    def name(self) -> str:
        """`mail`, or the name of the service as Apprise has it; `?` where Apprise does not know it."""
        if self.url.startswith(_MAIL_SCHEMES):
            return MAIL
        plugin = self._plugin(ANYBODY)
        return str(plugin.service_name) if plugin else "?"

    @property
    def works(self) -> bool:
        """Whether Apprise knows the service and takes the URL."""
        return self._plugin(ANYBODY) is not None

    def reaches(self, address: Address) -> bool:
        """Whether what the URL asks for is known of this person."""
        lacks_mail = "{email}" in self.url and not address.has_mail
        return not lacks_mail and not ("{phone}" in self.url and address.number is None)

    async def send(self, address: Address, title: str, words: str) -> None:
        """Send it now. Raises ChannelFailed; whoever sends again may be heard twice."""
        if not self.reaches(address):
            raise ChannelFailed(NO_ADDRESS)
        plugin = self._plugin(address)
        if plugin is None:
            raise ChannelFailed(NOT_SENT)
        try:
            async with asyncio.timeout(PATIENCE):
                sent = await plugin.async_notify(body=words, title=title, body_format=NotifyFormat.TEXT)
        except Exception as error:  # whatever a plugin stumbles over, the next channel must not
            raise ChannelFailed(NOT_SENT) from error
        if not sent:
            raise ChannelFailed(NOT_SENT)

    def _plugin(self, address: Address) -> NotifyBase | None:
        url = self.url.replace("{email}", quote(address.email or "", safe=""))
        url = url.replace("{phone}", quote(address.number or "", safe=""))
        plugin = Apprise.instantiate(url, asset=_ASSET)
        if plugin is not None and "cto=" not in url:
            plugin.socket_connect_timeout = min(plugin.socket_connect_timeout, CONNECTING)
        if plugin is not None and self.url.startswith(_MAIL_SCHEMES):
            plugin.notify_format = NotifyFormat.TEXT  # a mail that every telephone shows as it is
        return plugin
