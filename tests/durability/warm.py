"""Imported by the server from which every bot is forked: it lives through a first report once."""

from __future__ import annotations

import asyncio
import io

from bot import logs
from tests.warming import a_first_report

logs.configure("json", io.StringIO())
asyncio.run(a_first_report())
