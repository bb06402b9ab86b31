"""Imported by the server from which every bot is forked: it lives through a first report once."""

from __future__ import annotations

import asyncio
import gc
import io

from bot import logs
from bot.cases.database import Database
from tests.warming import a_first_report

Database.open("postgresql://localhost/driver_and_dialect_are_read_in_by_this")  # nothing connects
logs.configure("json", io.StringIO())
asyncio.run(a_first_report())
gc.collect()
gc.freeze()  # what is here stays: a bot that walked over it would have to copy all of it
