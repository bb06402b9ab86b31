"""The case file (事案ファイル) for auditors: one ZIP with everything known of a case, and its hashes."""

from __future__ import annotations

import io
import json
import os
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases.backup import beside
from bot.cases.casefile import case_json
from bot.cases.document_rows import ref_of, versions_in
from bot.cases.queries import case_row, documents_of, log_of, members_of
from bot.cases.tables import Case, Document
from bot.cases.timeline import timeline_csv
from bot.errors import CheckFailed, NotFound
from bot.policy.approval import APPROVED, Version
from bot.vocabulary import Locale

MANIFEST: Final = "manifest.sha256"

#: Names that `sha256sum` writes as they are, and that no unpacking leads out of its folder.
_NAME: Final = re.compile(r"(?:[\w-][\w.-]*/)*[\w-][\w.-]*")


@dataclass(frozen=True, slots=True)
class KeptDocument:
    """One version of a document, whose words are still there; `content` as `bot.documents` wrote it."""

    kind: str
    locale: str
    version: int
    state: str
    at: datetime
    content: Mapping[str, Any]
    approved: Version | None = None  # how it was approved, where it was
    people: Mapping[str, str] = field(default_factory=dict)  # how the organisation file names them

    @property
    def path(self) -> str:
        """What it is called in the case file, without the ending: `documents/apology_ja_v1`."""
        return f"documents/{self.kind}_{self.locale}_v{self.version}"


@dataclass(frozen=True, slots=True)
class CaseFile:
    """The members of a case file, name → content, and `at`: when its newest entry was made, in its zone."""

    number: str
    at: datetime
    members: Mapping[str, bytes]
    documents: tuple[KeptDocument, ...] = ()

    def holding(self, more: Mapping[str, bytes]) -> CaseFile:
        """The same with further members."""
        return replace(self, members={**self.members, **more})

    def zip(self) -> bytes:
        """The ZIP with its manifest. The same case in the same state gives the same bytes."""
        for name in self.members:
            if not _NAME.fullmatch(name) or name == MANIFEST:
                raise ValueError(f"{name!r} cannot be the name of a member")
        whole = {**self.members, MANIFEST: manifest(self.members)}
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w") as archive:
            for name in sorted(whole):
                entry = zipfile.ZipInfo(name, self.at.timetuple()[:6])
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.create_system = (
                    3  # Unix on every system, so that the mode counts and the bytes are equal
                )
                entry.external_attr = 0o100600 << 16
                archive.writestr(entry, whole[name])
        return written.getvalue()

    def write(self, path: Path) -> None:
        """Write the ZIP to `path`, readable by its owner only; it appears there complete or not at all.

        ConfigurationError where the file exists already or may not be written; CheckFailed where it fails.
        """
        part = beside(path)
        try:
            with part.open("wb") as file:
                file.write(self.zip())
                file.flush()
                os.fsync(file.fileno())
            part.rename(path)
        except OSError as error:
            raise CheckFailed(f"{path} cannot be written: {error.strerror}.", "Is the disk full?") from None
        finally:
            part.unlink(missing_ok=True)


def manifest(members: Mapping[str, bytes]) -> bytes:
    """What `sha256sum --check` reads: one line for each member, by name."""
    lines = (f"{sha256(content).hexdigest()}  {name}\n" for name, content in sorted(members.items()))
    return "".join(lines).encode()


async def case_file(
    db: AsyncSession, number: str, assessment: Mapping[str, Any], locale: Locale, zone: ZoneInfo
) -> CaseFile:
    """Gather the case file. Changes nothing; `NotFound` where there is no such case.

    In: the duty for `case.json` (see `case_json`), and the language and zone of the timeline.
    """
    case = await case_row(db, number)
    if case is None or case.id is None:
        raise NotFound(f"There is no case {number}.", "`leakbot case list` shows those there are.")
    entries = await log_of(db, case.id)
    value = await case_json(db, number, assessment)
    known, people = versions_in(entries), _named(case)
    rows = [row for row in await documents_of(db, case.id) if row.content is not None]
    documents = [_kept(row, known.get(ref_of(row)), people) for row in rows]
    members = {
        "case.json": json_text(value),
        "timeline.csv": timeline_csv(case, entries, await members_of(db, case.id), locale, zone),
        # The very bytes whose SHA-256 the record names as the version's hash.
        **{f"{each.path}.json": _canonical(each.content) for each in documents},
    }
    newest = entries[-1].at if entries else case.reported_at
    return CaseFile(number, newest.astimezone(zone), members, tuple(documents))


def _kept(row: Document, version: Version | None, people: Mapping[str, str]) -> KeptDocument:
    approved = version if version is not None and version.state in APPROVED else None
    return KeptDocument(
        row.kind, row.locale, row.version, row.state, row.at, row.content or {}, approved, people
    )


def _named(case: Case) -> dict[str, str]:
    """The people of the chain as the organisation file names them."""
    people = [person for level in case.chain for person in level["people"]]
    return {str(person["user"]): str(person["reference"]) for person in people if person["user"]}


def _canonical(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def json_text(value: Mapping[str, Any]) -> bytes:
    """A JSON value as `case show --json` prints it."""
    text = json.dumps(value, ensure_ascii=False, indent=2) + "\n"
    # Half a character, which UTF-8 cannot hold, stands there as the escape that it came in.
    return text.encode(errors="backslashreplace")
