"""The timeline (経過): a message is to be kept · kept, an entry is written, a file is shared · listed.

Nothing in it is changed or taken away: a correction is one more entry, and so is a message that was edited
and marked again.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import log, queries
from bot.cases.states import state_of
from bot.cases.tables import Case, LogEntry, key_of
from bot.policy.access import check_add_to_timeline
from bot.policy.confidential import ACTED_AS, is_in_the_room, is_unnamed_reporter
from bot.policy.personal_data import masked
from bot.policy.standing import Kind
from bot.vocabulary import FileTrouble, LogKind, Role
from bot.workflow.masking import words_masked
from bot.workflow.opening import case_for_change


@dataclass(frozen=True, slots=True)
class Words:
    """A message as Slack had it. `text` is readable and not masked yet; `sha256` is of Slack's own text."""

    text: str
    sha256: str
    author: str
    said_at: datetime  # UTC
    permalink: str | None


@dataclass(frozen=True, slots=True)
class Written:
    """An entry somebody writes: what happened and when (UTC); `corrects` is the log entry it puts right."""

    text: str
    happened_at: datetime
    form: str  # the view's id: sent twice, it is one entry
    corrects: int | None = None


@dataclass(frozen=True, slots=True)
class FileListed:
    """A file as it was read: size in bytes, SHA-256 in hexadecimal; `trouble` where it could not be."""

    name: str
    size: int | None
    mimetype: str | None
    permalink: str | None
    sha256: str | None
    stored: bool
    trouble: FileTrouble | None = None


async def mark(
    db: AsyncSession,
    number: str,
    *,
    ts: str,
    channel: str,
    act: str,
    person: str,
    kind: Kind,
    privacy_office: Collection[str],
    now: datetime,
) -> None:
    """Somebody wants this message of the room kept. It is read afterwards, outside of any transaction.

    In: the message's `ts` in its `channel`, for rooms change; and `act`, which names this very act (the
    event's time, the shortcut's): told again, it changes nothing. Raises Refused where the person may not.
    """
    case = await case_for_change(db, number, now)
    check_add_to_timeline(await state_of(db, case, ()), person, privacy_office, kind)
    wanted = await queries.log_of(db, key_of(case), [LogKind.TIMELINE_WANTED])
    if any(entry.data.get("act") == act and entry.actor == person for entry in wanted):
        return
    await _noted(db, case, LogKind.TIMELINE_WANTED, person, now, {"ts": ts, "channel": channel, "act": act})


async def keep(
    db: AsyncSession, number: str, *, ts: str, person: str, words: Words | None, now: datetime
) -> bool:
    """The message was read and stands in the timeline. Out: whether it is new: the same words stand once.

    In: `words`, None where it was deleted before it could be read; the timeline says so.
    """
    case = await case_for_change(db, number, now)
    kept = [e.data for e in await _entries(db, case) if e.data.get("ts") == ts]
    digest = words.sha256 if words else None
    if kept and (words is None or kept[-1].get("sha256") == digest):
        return False
    data: dict[str, Any] = {"source": "message", "ts": ts, "sha256": digest}
    if words is not None:
        data |= {
            "text": masked(words.text).text,
            "author": words.author,
            "happened_at": words.said_at.isoformat(),
            "permalink": words.permalink,
            "edited": bool(kept),
        }
    await _noted(db, case, LogKind.TIMELINE_ENTRY, person, now, data)
    if words is not None and masked(words.text).kinds:
        form = f"message:{ts}:{digest}"
        await words_masked(db, number, {"text": words.text}, person=person, form=form, now=now)
    return True


async def write(
    db: AsyncSession,
    number: str,
    entry: Written,
    *,
    person: str,
    kind: Kind,
    privacy_office: Collection[str],
    now: datetime,
) -> None:
    """Somebody writes what happened, or puts right what stands there. The same form sent twice is one entry.

    Raises Refused where the person may not, LookupError where there is no entry to correct.
    """
    case = await case_for_change(db, number, now)
    check_add_to_timeline(await state_of(db, case, ()), person, privacy_office, kind)
    if entry.corrects is not None and not 1 <= entry.corrects <= case.revision:
        raise LookupError(f"{number} has no entry {entry.corrects}")
    if any(e.data.get("form") == entry.form for e in await _entries(db, case)):
        return
    data = {
        "source": "written",
        "text": entry.text,
        "happened_at": entry.happened_at.isoformat(),
        "corrects": entry.corrects,
        "form": entry.form,
    }
    await _noted(db, case, LogKind.TIMELINE_ENTRY, person, now, data)


async def file_shared(db: AsyncSession, number: str, *, file: str, person: str, now: datetime) -> None:
    """A file was shared in the room. It is read afterwards; shared again, it is the same file."""
    case = await case_for_change(db, number, now)
    shared = await queries.log_of(db, key_of(case), [LogKind.FILE_SHARED])
    known = [*(case.report.get("files") or ()), *(entry.data.get("file") for entry in shared)]
    if file in known or case.blanked_at is not None:
        return
    await _noted(db, case, LogKind.FILE_SHARED, person, now, {"file": file})


async def file_listed(
    db: AsyncSession, number: str, *, file: str, person: str, listed: FileListed, now: datetime
) -> None:
    """A file was read: its name, size and hash stand in the record, whether or not its bytes are kept."""
    case = await case_for_change(db, number, now)
    known = await queries.log_of(db, key_of(case), [LogKind.FILE_LISTED])
    if any(entry.data.get("file") == file for entry in known):
        return
    # Slack's links to files name whoever uploaded them.
    named = not is_unnamed_reporter(await state_of(db, case, ()), person)
    data = {
        "file": file,
        "name": masked(listed.name).text,
        "size": listed.size,
        "mimetype": listed.mimetype,
        "permalink": listed.permalink if named else None,
        "sha256": listed.sha256,
        "stored": listed.stored,
        "trouble": listed.trouble,
    }
    await _noted(db, case, LogKind.FILE_LISTED, person, now, data)


async def _noted(
    db: AsyncSession, case: Case, kind: LogKind, person: str, now: datetime, data: dict[str, Any]
) -> None:
    """One entry of the log, which says so where a reporter did it who is not to be named.

    In the room people act under their own names; to hide one there would tell who it was that reported.
    """
    state = await state_of(db, case, ())
    reported = kind is LogKind.FILE_LISTED and data["file"] in state.report.files
    if is_unnamed_reporter(state, person) and (reported or not is_in_the_room(state, person)):
        data |= {ACTED_AS: Role.REPORTER}
    await log.append(db, case, kind, person, now, data)


async def _entries(db: AsyncSession, case: Case) -> list[LogEntry]:
    return await queries.log_of(db, key_of(case), [LogKind.TIMELINE_ENTRY])
