"""Who may know who reported: the one place that turns a case into what a reader may see of it.

A confidential report keeps its reporter's name from everybody but the privacy office. Steps, `needs` and
`access` read the whole case; whatever is drawn is drawn from `seen_by`. Joined cases bring reporters of their
own (`CaseState.informants`), who are never named either.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, Final

from bot.policy.state import CaseState, ChainLevel, EventState
from bot.vocabulary import LogKind, Role, SkipReason

#: Stands where the name of a person would: screens say 「社内の人」, 「報告した人」.
NOT_NAMED: Final = ""
#: In the data of a log entry: somebody acted as a reporter who is not named (`Role.REPORTER`).
ACTED_AS: Final = "as"
#: What only the one who reported can have done.
_THE_REPORTERS: Final = frozenset({LogKind.REPORTED, LogKind.WORDS_MASKED})
#: The message it was reported from: whoever follows the link sees who wrote it, often the reporter.
_SOURCE: Final = "source_permalink"


def is_unnamed_reporter(case: CaseState, person: str) -> bool:
    """Whether this person reported the case, or one joined to it, and is not to be named as that."""
    return (case.confidential and person == case.reporter) or person in case.informants


def is_in_the_room(case: CaseState, person: str) -> bool:
    """Whether the person belongs into the room and has not left it."""
    member = case.members.get(person)
    return member is not None and member.left_at is None


def kept_informed(case: CaseState, event: EventState) -> tuple[tuple[int, str], ...]:
    """Reporters who hear of this entry of the log by direct message, each with a number of their own.

    Those who do not hear it in the room: the confidential ones and guests. Nobody is told what they did
    themselves, nor what happened before their report was joined.
    """
    told: list[tuple[int, str]] = []
    if case.confidential or case.reporter not in case.members:
        told.append((0, case.reporter))
    since = [e.seq for e in case.events_of(LogKind.JOINED) for _ in range(int(e.data.get("informants") or 0))]
    for place, user in enumerate(case.informants):
        if place < len(since) and event.seq > since[place]:
            told.append((place + 1, user))
    return tuple((place, user) for place, user in told if user != event.actor)


def seen_by(case: CaseState, reader: str | None, privacy_office: Collection[str]) -> CaseState:
    """The case as `reader` may see it; None for what everybody in the room, or called to it, sees.

    What somebody may do is the same for the case and for what they see of it: `access` may read either.
    """
    if not case.confidential and not case.informants:
        return case
    if reader is not None and reader in privacy_office:
        return case
    named = not case.confidential or reader == case.reporter
    seen = replace(
        case,
        reporter=case.reporter if named else NOT_NAMED,
        report=case.report if named else replace(case.report, source_permalink=None),
        informants=tuple(user for user in case.informants if user == reader),
        chain=case.chain if named else tuple(_passing_over(level, case.reporter) for level in case.chain),
        events=tuple(_seen(event, case, reader, named) for event in case.events),
    )
    if reader is not None and is_unnamed_reporter(case, reader) and not is_in_the_room(case, reader):
        seen = replace(seen, channel=None, former_rooms=())  # a link to a room that they cannot enter
    return seen


def _passing_over(level: ChainLevel, user: str) -> ChainLevel:
    """The level without saying why this person is not called."""
    return replace(level, people=tuple(replace(p, active=p.active and p.user != user) for p in level.people))


def _seen(event: EventState, case: CaseState, reader: str | None, named: bool) -> EventState:
    unnamed = [case.reporter] if case.confidential else []
    hidden = {user for user in [*unnamed, *case.informants] if user != reader}
    data: dict[str, Any] = dict(event.data)
    actor = event.actor
    if actor in hidden and _acted_as_reporter(event, case):
        actor, data = NOT_NAMED, {name: _without(value, {actor}) for name, value in data.items()}
    nowhere_else = {user for user in hidden if not _is_there_anyway(case, user)}
    if nowhere_else:
        actor = NOT_NAMED if actor in nowhere_else else actor
        data = {name: _without(value, nowhere_else) for name, value in data.items()}
    if event.kind is LogKind.REPORTED and not named:
        data.pop(_SOURCE, None)
    if event.kind is LogKind.PAGE_SKIPPED and not named:
        # Whatever the reason is: a reason that is told for all but one tells of that one.
        data["reason"] = SkipReason.NOT_TOLD.value
    return replace(event, actor=actor, data=data)


def _acted_as_reporter(event: EventState, case: CaseState) -> bool:
    """Whether this can only have been done by whoever reported."""
    if event.kind is LogKind.FILE_LISTED:
        return event.data.get("file") in case.report.files
    return event.data.get(ACTED_AS) == Role.REPORTER or event.kind in _THE_REPORTERS


def _is_there_anyway(case: CaseState, user: str) -> bool:
    """Whether the room knows somebody as something else: hiding them altogether would tell of them."""
    in_chain = any(p.user == user for level in case.chain for p in level.people)
    return in_chain or user in case.members or any(p.user == user for p in case.pages)


def _without(value: Any, users: Collection[str]) -> Any:
    """The value without these people: an address that holds a user id (a file's) is left away too."""
    match value:
        case str():
            return NOT_NAMED if any(user in value for user in users) else value
        case Mapping():
            return {_without(key, users): _without(each, users) for key, each in value.items()}
        case list() | tuple():
            return [_without(each, users) for each in value]
    return value
