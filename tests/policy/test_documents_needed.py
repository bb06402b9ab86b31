"""A drafted document is brought into the room, once for each version, and holds nobody up."""

from __future__ import annotations

from dataclasses import replace

from bot.policy.need import Need, Say
from bot.policy.needs import needs
from bot.policy.state import CaseState, EventState
from bot.vocabulary import LogKind
from tests.policy.situations import MINUTE, ORGANISATION, REPORTED, a_case, with_room


def drafted(seq: int, version: int, locale: str = "ja") -> EventState:
    data = {"kind": "apology", "locale": locale, "version": version, "hash": "x"}
    return EventState(seq, REPORTED + MINUTE, "U0PRIVACY", LogKind.DOCUMENT_DRAFTED, data)


def documents(case: CaseState) -> list[Need]:
    return [need for need in needs(case, ORGANISATION, REPORTED + MINUTE).wanted if need.say is Say.DOCUMENT]


def test_every_version_is_one_thing_to_say() -> None:
    case = with_room(a_case())
    assert documents(case) == []
    drafts = (drafted(7, 1), drafted(8, 2), drafted(9, 1, "en"))
    found = documents(replace(case, events=(*case.events, *drafts)))
    assert [need.key for need in found] == [
        "2026-0001/document/apology/ja/1",
        "2026-0001/document/apology/ja/2",
        "2026-0001/document/apology/en/1",
    ]
    assert {need.lane for need in found} == {"document:2026-0001"}, (
        "a page in the room never waits for a file"
    )


def test_before_the_card_stands_nothing_is_brought() -> None:
    assert documents(a_case(events=(drafted(7, 1),))) == []


def test_a_closed_case_still_gets_its_documents_and_a_blanked_one_none() -> None:
    case = with_room(a_case())
    case = replace(case, events=(*case.events, drafted(7, 1)), closed_at=REPORTED)
    assert len(documents(case)) == 1
    assert documents(replace(case, blanked_at=REPORTED + MINUTE)) == []
