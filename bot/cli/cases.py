"""`leakbot case …`: cases on the terminal, their file for auditors, their record."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.surroundings import TOKYO, AsJson, Number, organisation, with_database
from bot.errors import CheckFailed, NotFound

if TYPE_CHECKING:
    from bot.cases.database import Database

app = typer.Typer(no_args_is_help=True, help="Look at cases on the terminal.")


@app.command("list")
def case_list(as_json: AsJson = False) -> None:
    """Every case, oldest first."""
    from bot.cases import queries
    from bot.terminal import list_value, print_json, print_list

    async def work(database: Database) -> None:
        async with database.reading() as db:
            cases = await queries.all_cases(db)
        if as_json:
            print_json(list_value(cases, TOKYO))
        else:
            company = organisation()
            print_list(cases, company.timezone if company else TOKYO)

    with_database(work)


@app.command("show")
def case_show(number: Number, as_json: AsJson = False) -> None:
    """One case with its obligations, pages and record."""
    from bot.cases import queries
    from bot.cases.casefile import case_json
    from bot.terminal import print_case, print_json
    from bot.workflow.assessing import assessment_json

    async def work(database: Database) -> None:
        async with database.reading() as db:
            case = await queries.case_row(db, number)
            if case is None:
                raise _no_such_case(number)
            value = await case_json(db, number, assessment_json(case))
        if as_json:
            print_json(value)
        else:
            print_case(value)

    with_database(work)


@app.command("export")
def case_export(
    number: Number,
    out: Annotated[Path, typer.Option("--out", help="The ZIP file to write; it must not exist yet.")],
) -> None:
    """The case file for auditors: case.json, timeline.csv, documents, and a manifest of their hashes."""
    from bot.cases import log, queries
    from bot.cases.encryption import Vault
    from bot.cases.evidence import EvidenceStore
    from bot.cases.export import case_file
    from bot.documents.kept import word_files
    from bot.settings import Settings
    from bot.workflow.assessing import assessment_json

    company = organisation()
    locale, zone = (company.locale, company.timezone) if company else ("ja", TOKYO)

    async def work(database: Database) -> None:
        async with database.reading() as db:
            case = await queries.case_row(db, number)
            if case is None:
                raise _no_such_case(number)
            problems = await log.verify(db, number)
            changed = CheckFailed(
                f"The record of {number} is not as it was written.",
                f"`leakbot case verify {number}` says where.",
            )
            try:
                file = await case_file(db, number, assessment_json(case), locale, zone)
            except ValueError:
                if not problems:
                    raise
                raise changed from None
        if company:
            keys = Settings.read().encryption_keys
            evidence = EvidenceStore(company.evidence.store, company.evidence.largest, Vault(keys))
            file = file.holding(word_files(file.documents, company)).holding(evidence.members(number))
        file.write(out)
        print(f"The case file of {number} is written to {out}.")
        if problems:
            raise changed

    with_database(work)


@app.command("verify")
def case_verify(
    number: Annotated[str | None, typer.Argument(help="One case; without it all of them.")] = None,
    as_json: AsJson = False,
) -> None:
    """Recompute the hash chain of the case log: whether the record is as it was written."""
    from bot.cases import log, queries
    from bot.terminal import print_json

    async def work(database: Database) -> None:
        async with database.reading() as db:
            if number is not None and await queries.case_row(db, number) is None:
                raise _no_such_case(number)
            numbers = [number] if number else [case.number for case in await queries.all_cases(db)]
            problems = {each: await log.verify(db, each) for each in numbers}
        if as_json:
            print_json([{"number": each, "problems": found} for each, found in problems.items()])
        else:
            for each, found in problems.items():
                for problem in found:
                    print(f"{each}: {problem}")
        if unsound := [each for each, found in problems.items() if found]:
            raise CheckFailed(
                f"{len(unsound)} of {len(numbers)} records are not as they were written.",
                "Compare with a backup; nobody edits this database by hand.",
            )
        if not as_json:
            print(f"{len(numbers)} of {len(numbers)} records verified.")

    with_database(work)


def _no_such_case(number: str) -> NotFound:
    return NotFound(f"There is no case {number}.", "`leakbot case list` shows those there are.")
