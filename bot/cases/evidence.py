"""Evidence (証拠): the bytes of files that were shared in rooms, kept where the organisation says so.

One folder for each case, one file for each content, named by its SHA-256; sealed where keys are set. Where no
folder is named nothing is kept: the record holds name, size and hash.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import uuid
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Final

from bot.cases.encryption import Vault
from bot.errors import CheckFailed

#: Files read at the same time. Each is in memory as a whole, and once more while it is sealed.
AT_ONCE: Final = 2
_SEALED: Final = ".sealed"


class EvidenceStore:
    """Where files are kept, and how large one may be (bytes), also where only its hash is wanted.

    Its methods are quick to call and slow to finish (disk, encryption): not for the event loop.
    """

    def __init__(self, folder: Path | None, largest: int, vault: Vault) -> None:
        self.largest = largest
        self.turns = asyncio.Semaphore(AT_ONCE)
        self._folder = folder
        self._vault = vault

    @property
    def keeps(self) -> bool:
        """Whether bytes are kept at all."""
        return self._folder is not None

    def keep(self, number: str, content: bytes) -> None:
        """Keep a file of this case; it is there completely or not at all. Raises OSError."""
        if self._folder is None:
            return
        folder = self._folder / number
        folder.mkdir(mode=0o700, exist_ok=True)
        sealed = self._vault.has_keys
        target = folder / (sha256(content).hexdigest() + (_SEALED if sealed else ""))
        _write(target, self._vault.seal_bytes(content))

    def of(self, number: str) -> dict[str, bytes]:
        """Every file kept of this case, by its SHA-256.

        Raises CheckFailed where one is not what its name says, ConfigurationError where its key is missing.
        """
        found = {}
        for path in self._files(number):
            stored = path.read_bytes()
            content = self._vault.unseal_bytes(stored) if path.suffix == _SEALED else stored
            digest = path.name.removesuffix(_SEALED)
            if sha256(content).hexdigest() != digest:
                raise CheckFailed(
                    f"{path} is not the file that was kept: its SHA-256 has changed.",
                    "Put back the file from a copy; until then the case file would hold false evidence.",
                )
            found[digest] = content
        return found

    def members(self, number: str) -> dict[str, bytes]:
        """The same as members of the case file: `evidence/SHA-256`."""
        return {f"evidence/{digest}": content for digest, content in self.of(number).items()}

    def rekey(self) -> tuple[int, int]:
        """Seal every kept file anew with the newest key, the unsealed ones too; done twice, it is harmless.

        Out: how many files there are, and how many of them were sealed anew. Raises OSError, and
        ConfigurationError where a file's key is missing.
        """
        seen = renewed = 0
        for folder in sorted(self._folder.iterdir()) if self._folder is not None else ():
            for path in self._files(folder.name):
                seen += 1
                try:
                    renewed += self._rekey(path)
                except FileNotFoundError:
                    continue  # its case was blanked meanwhile, and the folder with it
        return seen, renewed

    def _rekey(self, path: Path) -> bool:
        sealed = path.suffix == _SEALED
        content = self._vault.renewed_bytes(path.read_bytes(), sealed=sealed)
        if content is None:
            return False
        _write(path if sealed else path.with_name(path.name + _SEALED), content)
        if not sealed:
            path.unlink()
        return True

    def forget(self, number: str) -> None:
        """Remove every file kept of this case. Raises OSError."""
        if self._folder is not None and (self._folder / number).is_dir():
            shutil.rmtree(self._folder / number)

    def _files(self, number: str) -> Iterator[Path]:
        if self._folder is not None and (self._folder / number).is_dir():
            yield from sorted(p for p in (self._folder / number).iterdir() if not p.name.startswith("."))


def _write(target: Path, content: bytes) -> None:
    """Write a file of its owner's that is there completely or not at all. Raises OSError."""
    part = target.with_name(f".{uuid.uuid4().hex}")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.rename(target)
    finally:
        part.unlink(missing_ok=True)
