"""`leakbot check`: is everything in place? One function a check, each finding with its remedy.

Whatever Slack or the database do, or do not do, the examination ends within fifteen seconds. It changes
nothing, and no finding shows a token, a password or a key.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal

import aiohttp
import yaml
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.cases import queries
from bot.cases.database import Database
from bot.cases.schema import SchemaState
from bot.clock import Clock
from bot.errors import BotError, ConfigurationError
from bot.organisation import Organisation, read
from bot.resources import resource
from bot.settings import Settings
from bot.slack.answers import failure
from bot.slack.connection import APP_TOKEN_REMEDY, BOT_TOKEN_REMEDY, start_trouble
from bot.slack.people import People

State = Literal["ok", "warning", "failed"]

TOKEN_PATIENCE = 5.0  # seconds for Slack's word on a token
PEOPLE_PATIENCE = 7.0  # seconds for reading everybody the organisation file names
DATABASE_PATIENCE = 8.0  # seconds
CLOCK_TOLERANCE = 60.0  # seconds; Slack refuses signatures that are five minutes off
REMEDY_NAMES = "Correct the organisation file, or ask the workspace's administrators."


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found; `remedy` is empty where nothing is to be done."""

    name: str
    state: State
    detail: str
    remedy: str = ""

    def line(self) -> str:
        """The finding as one line for people."""
        return f"{self.state:8} {self.name:14} {self.detail} {self.remedy}".rstrip()

    def value(self) -> dict[str, str]:
        """The finding for `--json`."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Examination:
    """Every finding, and the exit code that follows from them."""

    findings: tuple[Finding, ...]
    misconfigured: bool  # settings or organisation file cannot be used

    @property
    def exit_code(self) -> int:
        """0 well (warnings allowed), 1 a check failed, 2 settings or organisation file are wrong."""
        if self.misconfigured:
            return 2
        return int(any(finding.state == "failed" for finding in self.findings))


async def examine(clock: Clock, env: Mapping[str, str] | None = None) -> Examination:
    """Make every check that can be made. In: the environment, by default that of the process."""
    findings = []
    misconfigured = False
    try:
        settings = Settings.read(env)
    except ConfigurationError as error:
        return Examination((_failed("settings", error),), misconfigured=True)
    try:
        settings.for_run()
    except ConfigurationError as error:
        findings.append(_failed("settings", error))
        misconfigured = True
    else:
        way = "Socket Mode" if settings.socket_mode else "HTTP"
        findings.append(Finding("settings", "ok", f"complete, for {way}."))
    organisation: Organisation | None = None
    try:
        organisation = read(settings.organisation)
    except ConfigurationError as error:
        findings.append(_failed("organisation", error))
        misconfigured = True
    else:
        findings.append(_organisation_is_read(settings, organisation))
        findings.append(_zone_is_known(organisation, clock.now()))
    try:
        database = Database.open(settings.database_url, settings.encryption_keys)
    except ConfigurationError as error:
        return Examination((*findings, _failed("database", error)), misconfigured=True)
    of_database, of_slack = await asyncio.gather(
        database_is_usable(database),
        _slack_is_usable(settings, organisation, clock) if settings.slack_bot_token else _nothing(),
    )
    return Examination((*findings, of_database, *of_slack), misconfigured)


def _failed(name: str, error: BotError) -> Finding:
    return Finding(name, "failed", str(error), error.remedy)


async def _nothing() -> list[Finding]:
    return []


# On this machine


def _organisation_is_read(settings: Settings, organisation: Organisation) -> Finding:
    count = len(organisation.departments)
    return Finding(
        "organisation", "ok", f"{settings.organisation}: {organisation.name}, {count} departments."
    )


def _zone_is_known(organisation: Organisation, now: datetime) -> Finding:
    there = now.astimezone(organisation.timezone)
    return Finding("time_zone", "ok", f"{organisation.timezone.key}, where it is {there:%Y-%m-%d %H:%M %Z}.")


async def database_is_usable(database: Database) -> Finding:
    """Reachable, at the newest schema, and readable with the keys that are set. Closes the database."""
    try:
        async with asyncio.timeout(DATABASE_PATIENCE):
            if database.is_sqlite and await database.schema() is SchemaState.EMPTY:
                return Finding("database", "ok", f"{database}: empty; `leakbot run` makes its tables.")
            await database.ensure_ready()
            async with database.reading() as db:
                await queries.newest_case(db)
    except ConfigurationError as error:
        return _failed("database", error)
    except TimeoutError:
        return Finding(
            "database",
            "failed",
            f"{database} does not answer.",
            "Look at the database server and the network.",
        )
    finally:
        await database.close()
    return Finding("database", "ok", f"{database}: reachable, the schema is the newest.")


# In Slack


async def _slack_is_usable(
    settings: Settings, organisation: Organisation | None, clock: Clock
) -> list[Finding]:
    assert settings.slack_bot_token is not None  # noqa: S101 - asked by the caller
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PEOPLE_PATIENCE)) as session:
        client = AsyncWebClient(
            token=settings.slack_bot_token.get_secret_value(),
            base_url=settings.slack_api_url,
            session=session,
            retry_handlers=[AsyncRateLimitErrorRetryHandler(max_retry_count=3)],
        )
        (bot, headers), entrance = await asyncio.gather(
            bot_token_is_accepted(client), _entrance_is_open(client, settings)
        )
        findings = [bot, entrance]
        if headers is not None:
            findings += [scopes_are_granted(headers), clocks_agree(headers, clock.now())]
            if organisation is not None:
                findings += await people_are_there(client, organisation)
    return findings


async def bot_token_is_accepted(client: AsyncWebClient) -> tuple[Finding, Mapping[str, str] | None]:
    """What Slack says of the bot token, and the headers it says it with (None where it refuses)."""
    try:
        async with asyncio.timeout(TOKEN_PATIENCE):
            answer = await client.auth_test()
    except Exception as error:
        trouble = start_trouble("SLACK_BOT_TOKEN", BOT_TOKEN_REMEDY, error, client.base_url)
        return _failed("bot_token", trouble), None
    finding = Finding("bot_token", "ok", f"accepted: {answer.get('user')} in {answer.get('team')}.")
    headers: Any = answer.headers
    return finding, {name.lower(): str(value) for name, value in headers.items()}


async def _entrance_is_open(client: AsyncWebClient, settings: Settings) -> Finding:
    if settings.slack_app_token is None:
        return signing_secret_is_set(settings)
    return await app_token_is_accepted(client, settings.slack_app_token.get_secret_value())


async def app_token_is_accepted(client: AsyncWebClient, app_token: str) -> Finding:
    """Whether Slack would open a Socket Mode connection for this token."""
    try:
        async with asyncio.timeout(TOKEN_PATIENCE):
            await client.apps_connections_open(app_token=app_token)
    except Exception as error:
        return _failed(
            "app_token", start_trouble("SLACK_APP_TOKEN", APP_TOKEN_REMEDY, error, client.base_url)
        )
    return Finding("app_token", "ok", "accepted, Socket Mode is on.")


def signing_secret_is_set(settings: Settings) -> Finding:
    """HTTP mode: the secret is there. Slack cannot be asked whether it is the right one."""
    secret = settings.slack_signing_secret
    if secret is None:
        return Finding(
            "signing_secret", "failed", "not set.", "Set SLACK_SIGNING_SECRET, or SLACK_APP_TOKEN instead."
        )
    if len(secret.get_secret_value()) < 16:
        return Finding(
            "signing_secret",
            "warning",
            "shorter than Slack's are.",
            "Take it from the app's page at Slack, Basic Information.",
        )
    return Finding("signing_secret", "ok", "set; Slack cannot be asked whether it is the right one.")


def scopes_are_granted(headers: Mapping[str, str]) -> Finding:
    """The scopes Slack names in its answer (`x-oauth-scopes`) against those of app_manifest.yml."""
    manifest = yaml.safe_load(resource("app_manifest.yml").read_text(encoding="utf-8"))
    wanted = set(manifest["oauth_config"]["scopes"]["bot"])
    granted = {scope.strip() for scope in headers.get("x-oauth-scopes", "").split(",")} - {""}
    if missing := sorted(wanted - granted):
        return Finding(
            "scopes",
            "failed",
            f"missing: {', '.join(missing)}.",
            "Paste app_manifest.yml into the app's page at Slack, App Manifest, and install the app again.",
        )
    if more := sorted(granted - wanted):
        return Finding(
            "scopes",
            "warning",
            f"more than leakbot needs: {', '.join(more)}.",
            "Take them away on the app's page at Slack, OAuth & Permissions.",
        )
    return Finding("scopes", "ok", f"all {len(wanted)} of app_manifest.yml.")


def clocks_agree(headers: Mapping[str, str], now: datetime) -> Finding:
    """This machine's clock against the `Date` of Slack's answer."""
    try:
        there = parsedate_to_datetime(headers["date"])
    except (KeyError, ValueError):
        return Finding("clock", "warning", "Slack's answer has no date to compare with.")
    seconds = (now - (there if there.tzinfo else there.replace(tzinfo=UTC))).total_seconds()
    if abs(seconds) > CLOCK_TOLERANCE:
        way = "ahead of" if seconds > 0 else "behind"
        return Finding(
            "clock",
            "failed",
            f"this machine is {abs(seconds):.0f} s {way} Slack; deadlines and pages would be wrong.",
            "Let the machine take its time from the network (NTP).",
        )
    return Finding("clock", "ok", f"within {CLOCK_TOLERANCE:.0f} s of Slack's.")


async def people_are_there(client: AsyncWebClient, organisation: Organisation) -> list[Finding]:
    """Every user and group of the organisation file: exists, active, no guest; and who would be paged."""
    people = People(organisation)
    try:
        async with asyncio.timeout(PEOPLE_PATIENCE):
            await people.refresh(client)
    except Exception as error:
        code = failure(error).error
        remedy = "Run `leakbot check` again in a minute; where it stays so, look at the scopes."
        return [Finding("people", "failed", f"could not be read from Slack: {code}.", remedy)]
    named = _named(organisation)
    found = [finding for name, places in named.items() if (finding := _reference(people, name, places))]
    found = found or [Finding("people", "ok", f"all {len(named)} named users and groups are there.")]
    return [*found, *chains_are_deep_enough(people, organisation)]


def _named(organisation: Organisation) -> dict[str, list[str]]:
    """Every reference of the organisation file → the keys it stands under."""
    named: dict[str, list[str]] = {}
    for name, place in _places(organisation):
        named.setdefault(name, []).append(place)
    return named


def _places(organisation: Organisation) -> Iterator[tuple[str, str]]:
    for key in ("privacy_office", "response_team", "last_resort", "crisis_team"):
        yield from ((name, key) for name in getattr(organisation, key))
    for department in organisation.departments:
        yield department.manager, f"manager of {department.id}"
        yield from ((name, f"deputies of {department.id}") for name in department.deputies)
        yield from ((name, f"members of {department.id}") for name in department.members)
        if department.contact_point:
            yield department.contact_point, f"contact_point of {department.id}"


def _reference(people: People, name: str, places: list[str]) -> Finding | None:
    where = f"{name} ({', '.join(places)})"
    persons = people.behind(name)
    group = "@" in name[:1] or name.startswith("S")
    if not persons:
        what = "no such user group, or nobody is in it" if group else "no such member of the workspace"
        return Finding("people", "failed", f"{where}: {what}.", REMEDY_NAMES)
    if not any(person.active for person in persons):
        what = "everybody in it is deactivated" if group else "deactivated"
        return Finding("people", "failed", f"{where}: {what}.", REMEDY_NAMES)
    if guests := [person.user for person in persons if person.guest and person.active]:
        what = f"{', '.join(guests)} is a guest" if group else "a guest"
        return Finding(
            "people",
            "warning",
            f"{where}: {what}, and guests are not invited to the room of a case.",
            "Name a full member.",
        )
    return None


def chains_are_deep_enough(people: People, organisation: Organisation) -> list[Finding]:
    """Whether somebody takes the call when the manager is asleep."""
    last_resort = set(people.users_of(organisation.last_resort))
    findings = []
    for department in organisation.departments:
        manager = set(people.users_of([department.manager]))
        chain = manager | set(people.users_of(department.deputies))
        where = f"department {department.id}"
        if not chain:
            what = "neither manager nor deputies can be paged; only the last resort is."
            findings.append(Finding("chain", "warning", f"{where}: {what}", "Name an active manager."))
        elif len(chain) == 1:
            what = "its chain is one person deep."
            findings.append(Finding("chain", "warning", f"{where}: {what}", "Name at least one deputy."))
        if manager & last_resort:
            what = "its manager is a last resort too, whom silence would page in vain."
            findings.append(
                Finding("chain", "warning", f"{where}: {what}", "Name somebody else in one of them.")
            )
    return findings or [Finding("chain", "ok", "every department has somebody after its manager.")]
