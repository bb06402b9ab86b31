"""Every check, one after the other, whatever the one before found."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from bot.cases.database import Database
from bot.channels import Channels
from bot.check.channels import channels_are_usable
from bot.check.finding import Examination, Finding, failed
from bot.check.machine import (
    database_is_usable,
    disk_has_room,
    encryption_is_on,
    evidence_is_usable,
    heartbeat_is_heard,
    organisation_is_read,
    templates_are_usable,
    zone_is_known,
)
from bot.check.slack import slack_is_usable
from bot.clock import Clock
from bot.errors import ConfigurationError
from bot.organisation import Organisation, read
from bot.settings import Settings


async def examine(clock: Clock, env: Mapping[str, str] | None = None) -> Examination:
    """Make every check that can be made. In: the environment, by default that of the process."""
    findings = []
    misconfigured = False
    try:
        settings = Settings.read(env)
    except ConfigurationError as error:
        return Examination((failed("settings", error),), misconfigured=True)
    try:
        settings.for_run()
    except ConfigurationError as error:
        findings.append(failed("settings", error))
        misconfigured = True
    else:
        way = "Socket Mode" if settings.socket_mode else "HTTP"
        findings.append(Finding("settings", "ok", f"complete, for {way}."))
    organisation: Organisation | None = None
    channels = Channels()
    try:
        organisation = read(settings.organisation)
    except ConfigurationError as error:
        findings.append(failed("organisation", error))
        misconfigured = True
    else:
        findings.append(organisation_is_read(settings, organisation))
        findings.append(zone_is_known(organisation, clock.now()))
        of_channels, channels = channels_are_usable(settings, organisation)
        findings += of_channels
        misconfigured = misconfigured or any(each.state == "failed" for each in of_channels)
        if organisation.templates is not None:
            findings.append(templates := await asyncio.to_thread(templates_are_usable, organisation))
            misconfigured = misconfigured or templates.state == "failed"
        if organisation.evidence.store is not None:
            findings.append(await asyncio.to_thread(evidence_is_usable, organisation))
    try:
        database = Database.open(settings.database_url, settings.encryption_keys)
    except ConfigurationError as error:
        return Examination((*findings, failed("database", error)), misconfigured=True)
    findings += [encryption_is_on(settings), *await asyncio.to_thread(disk_has_room, settings, organisation)]
    of_database, of_heartbeat, of_slack = await asyncio.gather(
        database_is_usable(database),
        heartbeat_is_heard(settings),
        slack_is_usable(settings, organisation, channels, clock) if settings.slack_bot_token else _nothing(),
    )
    return Examination((*findings, *of_database, *of_heartbeat, *of_slack), misconfigured)


async def _nothing() -> list[Finding]:
    return []
