"""The organisation file's references → the members of the workspace, with each person's language.

Read from Slack at the start and again every hour; between that, everything is answered from memory, so
that no form has to wait for a look-up.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels import Address
from bot.organisation import Department, Organisation
from bot.policy.standing import Kind
from bot.policy.state import ChainLevel, ChainPerson
from bot.slack.answers import code_of, retry_after
from bot.vocabulary import Locale, Role
from bot.workflow.receiving import Roster

logger = structlog.get_logger(__name__)

SLACKBOT = "USLACKBOT"  # a member of every workspace, without the mark of a bot
NOBODY = frozenset({"user_not_found", "users_not_found", "user_not_visible", "no_such_subteam"})
NO_ADDRESS = Address()


@dataclass(frozen=True, slots=True)
class Person:
    """A member of the workspace, as far as we need to know them."""

    user: str
    locale: Locale | None
    active: bool = True
    guest: bool = False
    external: bool = False
    bot: bool = False
    name: str = ""  # as the workspace shows it
    address: Address = NO_ADDRESS  # by which they can be called beside Slack

    @property
    def kind(self) -> Kind:
        """What this person is to the workspace."""
        if not self.active:
            return Kind.DEACTIVATED
        if self.bot:
            return Kind.BOT
        return Kind.EXTERNAL if self.external else Kind.GUEST if self.guest else Kind.MEMBER


class People:
    """Who is who. `refresh` asks Slack; every other method answers from memory."""

    def __init__(self, organisation: Organisation) -> None:
        self._organisation = organisation
        self._people: dict[str, Person] = {}
        self._references: dict[str, tuple[str, ...]] = {}
        self.privacy_office: frozenset[str] = frozenset()

    async def refresh(self, client: AsyncWebClient) -> None:
        """Resolve every reference of the organisation file. Raises SlackApiError where Slack refuses."""
        groups = await self._groups(client)
        found = await asyncio.gather(*(self._resolve(client, r, groups) for r in self._all_references()))
        self._references = dict(found)
        users = {user for _, group in found for user in group}
        await asyncio.gather(*(self.learn(client, user) for user in users))
        self.privacy_office = frozenset(self.users_of(self._organisation.privacy_office))

    async def learn_everybody(self, client: AsyncWebClient) -> None:
        """Learn the language of every member in the background, page by page, as Slack's pace allows."""
        cursor: str | None = None
        while True:
            try:
                page = await client.users_list(limit=200, include_locale=True, cursor=cursor)
            except SlackApiError as error:
                if (pause := retry_after(error)) is None:
                    logger.warning("members_not_read", error=code_of(error))
                    return
                await asyncio.sleep(pause)
                continue
            for member in page["members"] or []:
                self.remember(member)
            cursor = (page["response_metadata"] or {}).get("next_cursor")
            if not cursor:
                return

    async def learn(self, client: AsyncWebClient, user: str) -> bool:
        """Learn who somebody is. Out: whether Slack knows them."""
        try:
            answer = await client.users_info(user=user, include_locale=True)
        except SlackApiError as error:
            if code_of(error) not in NOBODY:
                raise
            return False
        self.remember(answer["user"])
        return True

    def knows(self, user: str) -> bool:
        """Whether this member has been learnt."""
        return user in self._people

    def kind_of(self, user: str) -> Kind:
        """What somebody is to the workspace; whoever has not been learnt yet counts as an ordinary member."""
        person = self._people.get(user)
        return person.kind if person else Kind.MEMBER

    def locale_of(self, user: str) -> Locale:
        """The language to speak with somebody; the organisation's own where theirs is not known."""
        person = self._people.get(user)
        return (person.locale if person else None) or self._organisation.locale

    def address_of(self, user: str) -> Address:
        """Where somebody is reached beside Slack, as far as their profile says."""
        person = self._people.get(user)
        return person.address if person else NO_ADDRESS

    def name_of(self, user: str) -> str:
        """What somebody is called, for paper; the id of whoever is not known."""
        person = self._people.get(user)
        return (person.name if person else "") or user

    def users_of(self, references: Iterable[str]) -> tuple[str, ...]:
        """Active members behind references (people and groups), each once, in order."""
        users = (user for reference in references for user in self._references.get(reference, ()))
        return tuple(u for u in dict.fromkeys(users) if u in self._people and self._people[u].active)

    def department_of(self, user: str) -> str | None:
        """The department whose first reports this person makes: as a member, else as manager or deputy."""
        for department in self._organisation.departments:
            if user in self.users_of(department.members):
                return department.id
        for department in self._organisation.departments:
            if user in self.users_of([department.manager, *department.deputies]):
                return department.id
        departments = self._organisation.departments
        return departments[0].id if len(departments) == 1 else None

    def roster(self, department: Department, reporter: str, *, confidential: bool = False) -> Roster:
        """Who is called for a new case of this department, as things stand now.

        In: `confidential`, whether the reporter is not to be known: in the room only as what they are
        besides.
        """
        organisation = self._organisation
        chain = [ChainLevel(Role.MANAGER, self._chain_people([department.manager]))]
        chain += [ChainLevel(Role.DEPUTY, self._chain_people([d])) for d in department.deputies]
        chain.append(ChainLevel(Role.LAST_RESORT, self._chain_people(organisation.last_resort)))
        members: dict[str, Role] = {}
        # Guests are kept informed, and never invited.
        if self.kind_of(reporter) is Kind.MEMBER and not confidential:
            members[reporter] = Role.REPORTER
        for role, references in (
            (Role.MANAGER, [department.manager]),
            (Role.PRIVACY_OFFICE, organisation.privacy_office),
            (Role.RESPONSE_TEAM, organisation.response_team),
        ):
            for user in self.users_of(references):
                if self._people[user].kind is Kind.MEMBER:
                    members.setdefault(user, role)
        return Roster(
            department_name=department.name,
            chain=tuple(chain),
            members=members,
            authority=department.authority,
            acknowledge_within=int(department.acknowledge_within.total_seconds()),
            repeat_every=int(organisation.paging.repeat_every.total_seconds()),
            criteria=organisation.criteria,
            tasks=organisation.tasks,
        )

    def behind(self, reference: str) -> tuple[Person, ...]:
        """Everybody a reference stands for, the deactivated too; nobody where it stands for no member."""
        users = self._references.get(reference, ())
        return tuple(self._people[user] for user in users if user in self._people)

    def missing(self) -> tuple[str, ...]:
        """References of the organisation file that stand for nobody active."""
        return tuple(r for r in self._all_references() if not self.users_of([r]))

    def _chain_people(self, references: Iterable[str]) -> tuple[ChainPerson, ...]:
        people: list[ChainPerson] = []
        for reference in references:
            users = self._references.get(reference, ())
            known = [self._people[user] for user in users if user in self._people]
            people += [ChainPerson(reference, p.user, p.active, p.guest or p.external) for p in known]
            if not known:
                people.append(ChainPerson(reference, None, active=False))
        return tuple(people)

    def _all_references(self) -> tuple[str, ...]:
        o = self._organisation
        references = [*o.privacy_office, *o.response_team, *o.last_resort, *o.crisis_team]
        for department in o.departments:
            references += [department.manager, *department.deputies, *department.members]
            references += [department.contact_point] if department.contact_point else []
        return tuple(dict.fromkeys(references))

    async def _groups(self, client: AsyncWebClient) -> dict[str, str]:
        """Handle → id, asked only where the organisation file names a handle."""
        if not any(r.startswith("@") for r in self._all_references()):
            return {}
        answer = await client.usergroups_list()
        return {f"@{group['handle']}": group["id"] for group in answer["usergroups"] or []}

    async def _resolve(
        self, client: AsyncWebClient, reference: str, groups: dict[str, str]
    ) -> tuple[str, tuple[str, ...]]:
        try:
            if "@" in reference[1:]:
                answer = await client.users_lookupByEmail(email=reference)
                return reference, (answer["user"]["id"],)
            if reference.startswith(("@", "S")):
                group = groups.get(reference, reference)
                if group.startswith("@"):
                    return reference, ()
                answer = await client.usergroups_users_list(usergroup=group)
                return reference, tuple(answer["users"] or ())
        except SlackApiError as error:
            if code_of(error) not in NOBODY:
                raise
            return reference, ()
        return reference, (reference,)

    def remember(self, member: dict[str, Any]) -> None:
        """Keep what Slack says of somebody. In: a `user` object, of `users.info` or `user_change`."""
        written = str(member.get("locale") or "")
        known = self._people.get(member["id"])
        locale: Locale | None = "ja" if written.startswith("ja") else "en"
        if not written:  # not every answer tells it
            locale = known.locale if known else None
        profile = member.get("profile") or {}
        self._people[member["id"]] = Person(
            user=member["id"],
            locale=locale,
            active=not member.get("deleted", False),
            guest=bool(member.get("is_restricted") or member.get("is_ultra_restricted")),
            external=bool(member.get("is_stranger")),
            bot=bool(member.get("is_bot")) or member["id"] == SLACKBOT,
            name=str(profile.get("real_name") or member.get("real_name") or member.get("name") or ""),
            address=Address(profile.get("email") or None, profile.get("phone") or None),
        )
