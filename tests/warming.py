"""A first report lived through once, so that no test is the first of its process.

What Python, the templates and SQLAlchemy make at their first use takes as long as the report itself, and on a
busy machine longer than Slack waits for a form.
"""

from __future__ import annotations

import tempfile

from bot.app import running
from bot.resources import resource
from bot.settings import Settings
from bot.workspace import Workspace
from tests.world import LOST_USB, the_company


async def a_first_report() -> None:
    """From start to rest and stop, on a database of its own."""
    with tempfile.TemporaryDirectory() as folder:
        async with Workspace(manifest=resource("app_manifest.yml")) as local:
            given = {"LEAKBOT_DATABASE_URL": f"sqlite:///{folder}/warm.db", "LEAKBOT_PORT": "0"}
            settings = Settings.read({**local.environment, **given})
            async with running(settings, the_company(), local.clock) as bot:
                reporter = local.person("reporter")
                await reporter.command("/leak", "")
                await reporter.submit(dict(LOST_USB))
                await bot.settled()
