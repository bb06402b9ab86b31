"""`leakbot db …`: the schema, and copies of the database."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.surroundings import with_database

if TYPE_CHECKING:
    from bot.cases.database import Database

app = typer.Typer(no_args_is_help=True, help="Care for the database.")


@app.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to the newest schema."""

    async def work(database: Database) -> None:
        await database.upgrade()
        print(f"{database}: the schema is the newest.")

    with_database(work, ready=False)


@app.command("backup")
def db_backup(
    file: Annotated[Path, typer.Argument(help="The SQLite file to write; it must not exist yet.")],
) -> None:
    """Copy the database while the bot works on."""
    from bot.cases.backup import back_up

    async def work(database: Database) -> None:
        await back_up(database, file)
        print(f"{database} is copied to {file}.")

    with_database(work, ready=False)


@app.command("restore")
def db_restore(
    file: Annotated[Path, typer.Argument(help="A file that `leakbot db backup` wrote.")],
) -> None:
    """Fill an empty database from a copy, and verify the record of every case."""
    from bot.cases import log, queries
    from bot.cases.backup import restore
    from bot.errors import CheckFailed

    async def work(database: Database) -> None:
        await restore(database, file)
        async with database.reading() as db:
            numbers = [case.number for case in await queries.all_cases(db)]
            unsound = [number for number in numbers if await log.verify(db, number)]
        if unsound:
            raise CheckFailed(
                f"Restored, but {len(unsound)} of {len(numbers)} records are not as they were written.",
                "`leakbot case verify` says where.",
            )
        print(f"{database} is restored from {file}: {len(numbers)} records verified.")

    with_database(work, ready=False)
