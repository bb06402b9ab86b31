"""`paging.channels`: can each be used, and does it reach everybody it is to call?"""

from __future__ import annotations

from collections.abc import Iterator

from bot.channels import Channels, troubles
from bot.channels.sending import MAIL
from bot.check.finding import Finding
from bot.organisation import Organisation, place
from bot.settings import Settings
from bot.slack.people import People
from bot.vocabulary import Role


def channels_are_usable(settings: Settings, organisation: Organisation) -> tuple[list[Finding], Channels]:
    """Whether `leakbot run` would take the channels. Out: the findings, and what it would use."""
    channels = organisation.paging.channels
    found = [
        Finding("channels", "failed", f"{place(settings.organisation, number)}: {what}", remedy)
        for number, what, remedy in troubles(channels, settings.variable)
    ]
    if found or not channels:
        return found, Channels()
    opened = Channels.open(channels, settings.variable)
    names = ", ".join(line.name for line in opened.lines)
    links = "their links lead" if settings.public_url else "without links, LEAKBOT_PUBLIC_URL is not set"
    where = f" to {settings.public_url}" if settings.public_url else ""
    return [Finding("channels", "ok", f"{len(channels)} beside Slack ({names}); {links}{where}.")], opened


def channels_reach_everybody(
    people: People, organisation: Organisation, channels: Channels
) -> Iterator[Finding]:
    """One finding for each person of a chain whose address for a channel Slack does not know."""
    told: set[tuple[str, str]] = set()
    for place_of, role, reference in _levels(organisation):
        for person in people.behind(reference):
            if not person.active:
                continue  # said already
            for channel, line in zip(organisation.paging.channels, channels.lines, strict=False):
                lacking = (
                    "e-mail address" if line.name == MAIL or "{email}" in line.url else "telephone number"
                )
                if role not in channel.levels or line.reaches(person.address):
                    continue
                if (person.user, line.name) in told:
                    continue
                told.add((person.user, line.name))
                who = f"{reference} ({place_of})"
                yield Finding(
                    "channels",
                    "warning",
                    f"{who}: Slack knows no {lacking}, so {line.name} cannot call them.",
                    "Let them complete their profile in Slack.",
                )


def _levels(organisation: Organisation) -> Iterator[tuple[str, Role, str]]:
    """Everybody of every chain: where they stand in the file, at which level, how they are named."""
    for department in organisation.departments:
        yield f"manager of {department.id}", Role.MANAGER, department.manager
        for deputy in department.deputies:
            yield f"deputies of {department.id}", Role.DEPUTY, deputy
    for reference in organisation.last_resort:
        yield "last_resort", Role.LAST_RESORT, reference
