"""`leakbot keys …`: making keys, and giving everything at rest the newest one."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

import typer

from bot.cli.surroundings import organisation, with_database

if TYPE_CHECKING:
    from bot.cases.database import Database

app = typer.Typer(no_args_is_help=True, help="Care for the encryption keys.")


@app.command("new")
def keys_new() -> None:
    """Print a new key for LEAKBOT_ENCRYPTION_KEYS; it is stored nowhere."""
    from cryptography.fernet import Fernet

    print(Fernet.generate_key().decode())


@app.command("rotate")
def keys_rotate() -> None:
    """Seal everything at rest anew with the first of LEAKBOT_ENCRYPTION_KEYS, while the bot works on.

    Broken off, it is simply run again. At the end the record of every case is verified.
    """
    from bot.cases.encryption import Vault
    from bot.cases.evidence import EvidenceStore
    from bot.cases.rekeying import rekey
    from bot.settings import Settings

    vault = Vault(Settings.read().encryption_keys)
    company = organisation()

    def progress(table: str, rows: int, renewed: int) -> None:
        print(f"{table}: {rows} rows looked at, {renewed} sealed anew.", file=sys.stderr)

    async def work(database: Database) -> None:
        done = await rekey(database, vault, progress)
        print(
            f"{database}: {done.renewed} of {done.rows} rows sealed anew, {done.verified} records verified."
        )
        if company is None:
            print("No organisation file was read: files of evidence, where any are kept, stay as they are.")
        elif company.evidence.store is not None:
            store = EvidenceStore(company.evidence.store, company.evidence.largest, vault)
            files, renewed = await asyncio.to_thread(store.rekey)
            print(f"{company.evidence.store}: {renewed} of {files} files sealed anew.")

    with_database(work)
