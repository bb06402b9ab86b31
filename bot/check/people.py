"""Everybody the organisation file names: there, active, and enough of them to be called."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from typing import Final

from slack_sdk.web.async_client import AsyncWebClient

from bot.channels import Channels
from bot.check.channels import channels_reach_everybody
from bot.check.finding import Finding
from bot.organisation import Organisation
from bot.policy.standing import Kind
from bot.slack.answers import failure
from bot.slack.people import People

PEOPLE_PATIENCE: Final = 7.0  # seconds for reading everybody the organisation file names
REMEDY_NAMES: Final = "Correct the organisation file, or ask the workspace's administrators."


async def people_are_there(
    client: AsyncWebClient, organisation: Organisation, channels: Channels
) -> list[Finding]:
    """Every user and group of the organisation file: exists, active, no guest; and who would be called."""
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
    reached = channels_reach_everybody(people, organisation, channels)
    return [*found, *reached, *chains_are_deep_enough(people, organisation)]


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
    for kind, what, why in (
        (Kind.GUEST, "a guest", "guests are neither paged nor invited to the room of a case"),
        (Kind.EXTERNAL, "of another organisation", "strangers are neither paged nor invited"),
        (Kind.BOT, "a bot", "nobody reads what is sent to one"),
    ):
        if these := [person.user for person in persons if person.kind is kind]:
            said = f"{', '.join(these)} is {what}" if group else what
            return Finding("people", "warning", f"{where}: {said}, and {why}.", "Name a full member.")
    return None


def chains_are_deep_enough(people: People, organisation: Organisation) -> list[Finding]:
    """Whether somebody takes the call when the manager is asleep."""
    last_resort = _to_be_paged(people, organisation.last_resort)
    findings = []
    if not last_resort:
        what = "nobody in it can be paged, so that silence would end with nobody."
        findings.append(Finding("chain", "failed", f"last_resort: {what}", "Name an active full member."))
    for department in organisation.departments:
        manager = _to_be_paged(people, [department.manager])
        deputies = _to_be_paged(people, department.deputies)
        chain = manager | deputies
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
        elif deputies and deputies <= last_resort:
            what = "all its deputies are a last resort too, whom silence would page in vain."
            findings.append(
                Finding("chain", "warning", f"{where}: {what}", "Name somebody else in one of them.")
            )
    return findings or [Finding("chain", "ok", "every department has somebody after its manager.")]


def _to_be_paged(people: People, references: Iterable[str]) -> set[str]:
    """Those who would be called: active members of the company's own."""
    return {user for user in people.users_of(references) if people.kind_of(user) is Kind.MEMBER}
