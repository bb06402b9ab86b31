"""The log of a case (記録): each entry sealed over the one before, so that tampering shows.

An auditor recomputes it from the case file. With `canonical(x)` = JSON in ASCII, keys sorted, no spaces:

- `digest` = SHA-256 of `salt + canonical(data)`
- `hash` = SHA-256 of `canonical([previous, number, seq, at, actor, kind, digest])`, where `at` is ISO 8601 in
  UTC, and `previous` is the hash of the entry before ("" for the first)

Both are hexadecimal. The chain covers `data` only through its salted digest, so personal data can be blanked
later (`data` = `BLANKED`) and the chain still verifies: a later entry of kind `blanked` names the entries
(`entries`, by `seq`) whose data went. Data that is gone without being named there was removed by hand.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import Text, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases.adding import add_rows
from bot.cases.columns import vault_of
from bot.cases.queries import add_case, case_row, hold
from bot.cases.rows import Row
from bot.cases.tables import Case, LogEntry
from bot.errors import ConfigurationError, NotFound
from bot.vocabulary import LogKind

#: The actor of what no person did.
LEAKBOT: Final = "leakbot"

#: What stands in place of data that was removed on purpose, to keep personal data no longer than needed.
BLANKED: Final[Mapping[str, Any]] = {"blanked": True}


@dataclass(frozen=True, slots=True)
class Line:
    """What an entry is to say: what happened, who did it (a Slack user id, or "leakbot"), and JSON data."""

    kind: LogKind
    actor: str
    data: Mapping[str, Any]


async def append(
    db: AsyncSession, case: Case, kind: LogKind, actor: str, at: datetime, data: Mapping[str, Any]
) -> int:
    """Appends one sealed entry to the case's log and moves the case's `revision` and `log_head`.

    In: the case (a new one is added to `db` by this), who did it (a Slack user id, or "leakbot"), when
    (aware), and JSON data. Out: the entry's place in the log, `seq`. Holds the case's row until the
    transaction ends, so that entries never fork.
    """
    if at.utcoffset() is None:
        raise ValueError(f"{at!r} has no zone; pass an aware datetime.")
    if case.id is None:
        await add_case(db, case)
    await hold(db, case)
    case_id = case.id
    assert case_id is not None  # noqa: S101 - it was added above
    row = sealed(case_id, case.number, case.revision, case.log_head, at, [Line(kind, actor, data)])[0]
    await db.run_sync(add_rows, LogEntry, [row])
    case.revision, case.log_head = row["seq"], row["hash"]
    return case.revision


def sealed(
    case_id: int, number: str, revision: int, head: str, at: datetime, lines: Sequence[Line]
) -> list[Row]:
    """The rows of entries that follow on a log of `revision` entries; in: `head`, the newest one's hash."""
    rows: list[Row] = []
    for seq, line in enumerate(lines, revision + 1):
        # What is hashed is what will be read back: enums become words, tuples become lists.
        text = canonical(line.data)
        salt = secrets.token_hex(16)
        digest = _digest(salt, text)
        seal = hash_of(head, number, seq, at, line.actor, line.kind.value, digest)
        rows.append(
            {
                "case_id": case_id,
                "seq": seq,
                "at": at.astimezone(UTC),
                "actor": line.actor,
                "kind": line.kind.value,
                "data": json.loads(text),
                "salt": salt,
                "digest": digest,
                "previous": head,
                "hash": seal,
            }
        )
        head = seal
    return rows


async def verify(db: AsyncSession, number: str) -> list[str]:
    """Recomputes the chain of a case. Out: one sentence for each thing that is wrong; empty when sound.

    Finds entries changed, removed (at the end too), inserted or put in another order. `NotFound` where there
    is no such case; `ConfigurationError` where entries are encrypted and no key is set.
    """
    case = await case_row(db, number)
    if case is None:
        raise NotFound(f"There is no case {number}.", "`leakbot case list` shows them.")
    vault = vault_of((await db.connection()).dialect)
    rows = await db.execute(
        # The stored text, not the decoded value: whoever tampers need not leave valid JSON or times behind.
        select(
            LogEntry.seq,  # type: ignore[call-overload]
            type_coerce(LogEntry.at, Text),
            LogEntry.actor,
            LogEntry.kind,
            type_coerce(LogEntry.data, Text),
            LogEntry.salt,
            LogEntry.digest,
            LogEntry.previous,
            LogEntry.hash,
        )
        .where(LogEntry.case_id == case.id)
        .order_by(LogEntry.seq)
    )
    problems: list[str] = []
    expected, head = 1, ""
    gone: set[int] = set()  # entries without data
    blanked: set[int] = set()  # entries whose data was blanked by a step of ours
    for seq, at, actor, kind, stored, salt, digest, previous, sealed in rows:
        problems += [f"Entry {missing} is missing." for missing in range(expected, seq)]
        if previous != head and seq == expected:
            problems.append(f"Entry {seq} does not follow the entry before it.")
        moment = _moment(at)
        if moment is None or sealed != hash_of(previous, number, seq, moment, actor, kind, digest):
            problems.append(f"Entry {seq} does not match its seal: it was changed, moved or inserted.")
        try:
            data = json.loads(vault.unseal(stored))
        except ConfigurationError:
            if not vault.has_keys:
                raise
            problems.append(f"The data of entry {seq} cannot be decrypted.")
        except ValueError:
            problems.append(f"The data of entry {seq} is not readable.")
        else:
            if data == BLANKED:
                gone.add(seq)
            elif digest != digest_of(salt, data):
                problems.append(f"The data of entry {seq} was changed.")
            elif kind == LogKind.BLANKED:
                blanked |= {each for each in data["entries"] if each < seq}  # its digest fits: it is ours
        expected, head = seq + 1, sealed
    problems += [f"The data of entry {seq} was removed." for seq in sorted(gone - blanked)]
    problems += [f"Entry {missing} is missing." for missing in range(expected, case.revision + 1)]
    if expected > case.revision + 1:
        problems.append(f"The case counts {case.revision} entries, but the log has {expected - 1}.")
    elif expected == case.revision + 1 and head != case.log_head:
        problems.append(f"Entry {expected - 1} is not the newest one that the case was sealed with.")
    return problems


def canonical(value: Any) -> str:
    """The one JSON text of a value that is hashed: ASCII, keys sorted, no spaces."""
    if isinstance(value, Mapping):
        value = dict(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest_of(salt: str, data: Any) -> str:
    """The salted digest of an entry's data. The salt keeps short data from being guessed by it."""
    return _digest(salt, canonical(data))


def hash_of(previous: str, number: str, seq: int, at: datetime, actor: str, kind: str, digest: str) -> str:
    """The seal of an entry. `at` is any aware datetime; its UTC form is what is hashed."""
    moment = at.astimezone(UTC).isoformat()
    return sha256(canonical([previous, number, seq, moment, actor, kind, digest]).encode()).hexdigest()


def _digest(salt: str, text: str) -> str:
    return sha256((salt + text).encode()).hexdigest()


def _moment(stored: str | datetime) -> datetime | None:
    # SQLite hands out the text it stores (UTC, without saying so), PostgreSQL's driver a moment.
    try:
        at = datetime.fromisoformat(stored) if isinstance(stored, str) else stored
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
