"""The vault: facts and free text at rest, sealed with Fernet where the organisation has set keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.errors import ConfigurationError

#: Every Fernet token begins so (version byte 0x80, then a 64-bit time), and no JSON text does.
TOKEN_PREFIX: Final = "gAAAA"  # noqa: S105 - what a token looks like, not a secret

VARIABLE: Final = "LEAKBOT_ENCRYPTION_KEYS"


class Vault:
    """Seals with the newest key and opens with any of them. Without keys it seals nothing.

    In: Fernet keys, newest first. A key that is not one raises `ConfigurationError` (which never shows it).
    """

    def __init__(self, keys: Sequence[str] = ()) -> None:
        fernets = [_fernet(key, place) for place, key in enumerate(keys, 1)]
        self._newest = fernets[0] if fernets else None
        self._fernet = MultiFernet(fernets) if fernets else None

    @property
    def has_keys(self) -> bool:
        """Whether this vault seals at all."""
        return self._fernet is not None

    def seal(self, text: str) -> str:
        """The text as it is stored: a Fernet token, or the text itself where no key is set."""
        return text if self._fernet is None else self._fernet.encrypt(text.encode()).decode("ascii")

    def unseal(self, stored: str) -> str:
        """The text behind a stored value. Rows written before keys were set are read as they are.

        A sealed value without the right key raises `ConfigurationError`.
        """
        if not stored.startswith(TOKEN_PREFIX):
            return stored
        return self._opened(stored.encode("ascii"), "The database", "row").decode()

    def seal_bytes(self, content: bytes) -> bytes:
        """The same for the bytes of a file; whether they are sealed the caller writes down by itself."""
        return content if self._fernet is None else self._fernet.encrypt(content)

    def unseal_bytes(self, sealed: bytes) -> bytes:
        """The bytes behind a sealed file. Raises `ConfigurationError` without the right key."""
        return self._opened(sealed, "The folder of evidence", "file")

    def renewed(self, stored: str) -> str | None:
        """The stored value sealed anew with the newest key; None where it is so already, or no key is set.

        What was written before keys were set is sealed too. Without the right key `ConfigurationError`.
        """
        if self._newest is None or (
            stored.startswith(TOKEN_PREFIX) and self._is_newest(stored.encode("ascii"))
        ):
            return None
        return self.seal(self.unseal(stored))

    def renewed_bytes(self, content: bytes, *, sealed: bool) -> bytes | None:
        """The same for the bytes of a file that is sealed, or was kept before keys were set."""
        if self._newest is None or (sealed and self._is_newest(content)):
            return None
        return self.seal_bytes(self.unseal_bytes(content) if sealed else content)

    def _is_newest(self, token: bytes) -> bool:
        assert self._newest is not None  # noqa: S101 - asked by the callers
        try:
            self._newest.decrypt(token)
        except InvalidToken:
            return False
        return True

    def _opened(self, token: bytes, where: str, what: str) -> bytes:
        if self._fernet is None:
            raise ConfigurationError(
                f"{where} holds encrypted {what}s, but {VARIABLE} is not set.",
                f"Set {VARIABLE} to the keys they were written with, newest first.",
            )
        try:
            return self._fernet.decrypt(token)
        except InvalidToken:
            raise ConfigurationError(
                f"{where} holds a {what} that no key in {VARIABLE} can decrypt.",
                "Add the key it was written with after the newest one.",
            ) from None


def _fernet(key: str, place: int) -> Fernet:
    try:
        return Fernet(key.strip())
    except (ValueError, TypeError):
        raise ConfigurationError(
            f"{VARIABLE}: key number {place} is not a Fernet key.",
            "Make one with `leakbot keys new`.",
        ) from None
