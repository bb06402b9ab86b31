"""Many stored cases: one that was really lived through, copied row by row with numbers of their own.

They are reported one after the other over a year, as cases come in. Whatever looks for those of one day finds
few of them among all the others; were all of one minute, the first handful found would do.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Table, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel

from bot.cases.database import Database
from bot.workspace import Workspace

#: Tables whose rows are unique beyond their case in more than a key.
_LEFT_OUT = frozenset({"page_link"})
_COPIES = "2025-"
LATER = datetime(2099, 1, 1, tzinfo=UTC)  # when nothing that is measured happens any more
YEAR = 365 * 86400.0  # seconds


async def copy_case(
    database: Database, number: str, count: int, wake_at: datetime | None, as_now: int = 0
) -> None:
    """Adds `count` cases like this one, numbered `2025-1…`, each with a room `CBENCH1…` of its own.

    `wake_at`: when all of them next want to be asked. The first `as_now` were reported when this one was, so
    that its reminder is theirs too.
    """
    async with database.transaction() as db:
        await _copy(
            db,
            SQLModel.metadata.tables["case"],
            {
                "number": f"'{_COPIES}' || n.i",
                "view_id": "'VBENCH' || n.i",
                "channel": "'CBENCH' || n.i",
                "wake_at": _bound(database),
                "aware_at": _earlier(database, "x.aware_at"),
                "reported_at": _earlier(database, "x.reported_at"),
            },
            "(WITH RECURSIVE count(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM count WHERE i < :count)"
            " SELECT i FROM count) n WHERE x.number = :number",
            {
                "number": number,
                "count": count,
                "wake": _stored(database, wake_at),
                "apart": YEAR / count,
                "as_now": as_now,
            },
        )
        for table in SQLModel.metadata.sorted_tables:
            if "case_id" not in table.columns or table.name in _LEFT_OUT:
                continue
            mine = {
                name: f"replace(x.{name}, :number, c.number)"
                for name in ("key", "lane")
                if table.name == "delivery"
            }
            await _copy(
                db,
                table,
                {"case_id": "c.id", **mine},
                '"case" c WHERE c.number LIKE :copies'
                ' AND x.case_id = (SELECT id FROM "case" WHERE number = :number)',
                {"number": number, "copies": f"{_COPIES}%"},
            )


async def give_rooms(database: Database, local: Workspace, count: int) -> None:
    """Opens a room with a card for the first `count` copies; the others keep one that nobody has.

    The bot looks into the rooms of fifty cases a minute, and opens a new one where it finds none.
    """
    given = local.environment
    client = AsyncWebClient(token=given["SLACK_BOT_TOKEN"], base_url=given["SLACK_API_URL"])
    async with database.reading() as db:
        called = 'SELECT DISTINCT "user" FROM member WHERE invited_at IS NOT NULL'
        members = [str(user) for user in await db.scalars(text(called))]
    for n in range(1, count + 1):
        name = f"leak-{_COPIES}{n}"
        room = local.add_channel(name, members=members, private=True, with_bot=True)
        card = await client.chat_postMessage(channel=room, text="card")
        async with database.transaction() as db:
            await db.execute(
                text('UPDATE "case" SET channel = :room, card_ts = :card WHERE number = :number'),
                {"room": room, "card": card["ts"], "number": f"{_COPIES}{n}"},
            )


async def fall_due(database: Database, when: Mapping[str, datetime]) -> None:
    """Have the cases of these rooms asked at these moments."""
    async with database.transaction() as db:
        for room, moment in when.items():
            await db.execute(
                text(f'UPDATE "case" SET wake_at = {_bound(database)} WHERE channel = :room'),  # noqa: S608
                {"wake": _stored(database, moment), "room": room},
            )


async def rooms_of_copies(database: Database, count: int) -> list[str]:
    """The rooms of the first `count` copies, in their order."""
    async with database.reading() as db:
        found = await db.execute(
            text('SELECT number, channel FROM "case" WHERE number LIKE :copies'), {"copies": f"{_COPIES}%"}
        )
        rooms = {int(number.removeprefix(_COPIES)): str(channel) for number, channel in found}
    return [rooms[n] for n in range(1, count + 1)]


async def _copy(
    db: AsyncSession, table: Table, new: dict[str, str], among: str, known: dict[str, Any]
) -> None:
    """Copies rows `x` of a table, once for each of `among`; `new` says which columns differ, and how."""
    columns = [column.name for column in table.columns if column.name != "id"]
    named = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join(new.get(name) or f'x."{name}"' for name in columns)
    # Names of our own tables and columns alone; what varies is bound.
    statement = f'INSERT INTO "{table.name}" ({named}) SELECT {values} FROM "{table.name}" x, {among}'  # noqa: S608
    await db.execute(text(statement), known)


def _bound(database: Database) -> str:
    return ":wake" if database.is_sqlite else "CAST(:wake AS timestamptz)"


def _earlier(database: Database, moment: str) -> str:
    """A moment of the copied case, for the n-th copy after `:as_now` n times `:apart` seconds before."""
    if database.is_sqlite:
        earlier = f"strftime('%Y-%m-%d %H:%M:%f000', {moment}, (-n.i * :apart) || ' seconds')"
    else:
        earlier = f"{moment} - make_interval(secs => n.i * CAST(:apart AS double precision))"
    return f"CASE WHEN n.i <= :as_now THEN {moment} ELSE {earlier} END"


def _stored(database: Database, moment: datetime | None) -> Any:
    """As the column keeps it: text in SQLite."""
    if moment is None or not database.is_sqlite:
        return moment
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")
