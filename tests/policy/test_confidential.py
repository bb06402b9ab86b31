"""Who may know who reported: what each reader sees of a case, and of what was done to it."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy.access import MAY
from bot.policy.confidential import NOT_NAMED, kept_informed, seen_by
from bot.policy.standing import standings
from bot.policy.state import CaseState, EventState, MemberState, ReportState
from bot.vocabulary import LogKind, Role, SkipReason
from tests.policy.situations import REPORTED, a_case, paged

OFFICE = frozenset({"U0PRIVACY"})
SECRET = "U0SECRET"
ROOM = {user: MemberState(user, Role.RESPONSE_TEAM, invited_at=REPORTED) for user in ("U0MANAGER", "U0LEGAL")}


def event(kind: LogKind, actor: str = "leakbot", seq: int = 5, **data: Any) -> EventState:
    return EventState(seq, REPORTED, actor, kind, data)


def confidential(*events: EventState, **changes: Any) -> CaseState:
    """A case whose reporter is nobody else in it."""
    values = {"reporter": SECRET, "confidential": True, "members": ROOM, "channel": "C0ROOM", **changes}
    return a_case(events=events, **values)


def whole(case: CaseState) -> str:
    return json.dumps(asdict(case), default=str)


#: Values as log entries hold them, with the reporter in any place.
VALUES = st.recursive(
    st.sampled_from([SECRET, f"https://x.slack.com/files/{SECRET}/F1/a.png", "U0LEGAL", "words", None, 3]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", SECRET]), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(
    kind=st.sampled_from(LogKind),
    actor=st.sampled_from([SECRET, "U0MANAGER", "leakbot"]),
    data=st.dictionaries(st.sampled_from(["user", "reason", "people", "facts"]), VALUES, max_size=4),
)
def test_whatever_the_record_holds_the_name_is_nowhere_in_what_others_see(
    kind: LogKind, actor: str, data: dict[str, Any]
) -> None:
    case = confidential(event(kind, actor, **data))
    for reader in (None, "U0MANAGER", "U0LEGAL", "U0CISO"):
        assert SECRET not in whole(seen_by(case, reader, OFFICE))
    assert seen_by(case, "U0PRIVACY", OFFICE) == case
    assert seen_by(case, SECRET, OFFICE).reporter == SECRET


@pytest.mark.parametrize("person", [SECRET, "U0MANAGER", "U0LEGAL", "U0PRIVACY", "U0CISO", "U0HR"])
@pytest.mark.parametrize("informants", [(), (SECRET,), ("U0OTHER",)])
def test_what_somebody_may_do_is_the_same_for_what_they_see(person: str, informants: tuple[str, ...]) -> None:
    case = confidential(informants=informants, pages=(paged(0, "U0MANAGER", 0 * (REPORTED - REPORTED)),))
    assert MAY
    assert standings(seen_by(case, person, OFFICE), person, OFFICE) == standings(case, person, OFFICE)


def test_a_case_without_secrets_is_seen_as_it_is() -> None:
    case = a_case(events=(event(LogKind.PAGE_SKIPPED, reason=SkipReason.ABSENT, user="U0MANAGER"),))
    assert seen_by(case, None, OFFICE) is case


def test_every_reason_for_passing_over_somebody_looks_alike() -> None:
    for reason in SkipReason:
        case = confidential(event(LogKind.PAGE_SKIPPED, reason=reason.value, user="U0MANAGER"))
        [skipped] = seen_by(case, None, OFFICE).events
        assert skipped.data == {"reason": SkipReason.NOT_TOLD, "user": "U0MANAGER"}


def test_a_manager_who_reported_is_still_the_manager_to_the_others() -> None:
    case = confidential(
        event(LogKind.ACKNOWLEDGED, "U0MANAGER", level=0),
        event(LogKind.FACTS_ADDED, "U0MANAGER", 6),
        event(LogKind.FACTS_ADDED, "U0MANAGER", 7, **{"as": Role.REPORTER.value, "medium": "USB"}),
        event(LogKind.FILE_LISTED, "U0MANAGER", 8, file="F1", permalink="https://x/files/U0MANAGER/F1"),
        event(LogKind.FILE_LISTED, "U0MANAGER", 9, file="F2", permalink="https://x/files/U0MANAGER/F2"),
        reporter="U0MANAGER",
        report=ReportState(summary="x", files=("F1",)),
    )
    seen = seen_by(case, "U0LEGAL", OFFICE)
    assert [e.actor for e in seen.events] == ["U0MANAGER", "U0MANAGER", NOT_NAMED, NOT_NAMED, "U0MANAGER"]
    assert "U0MANAGER" not in str(seen.events[3].data), "the address of a file names whoever brought it"
    assert seen.events[2].data["medium"] == "USB", "what was added is told, only not by whom"
    assert seen.reporter == NOT_NAMED
    assert "U0MANAGER" in seen.members
    assert [p.active for level in seen.chain for p in level.people] == [False, True, True]
    assert not seen.chain[0].people[0].active, "not called, and nobody is told why"


def test_the_message_it_was_reported_from_is_shown_to_nobody_who_may_not_know_its_author() -> None:
    source = "https://x.slack.com/archives/C0GENERAL/p1"
    case = confidential(
        event(LogKind.REPORTED, SECRET, summary="x", source_permalink=source),
        report=ReportState(summary="x", source_permalink=source),
    )
    for reader in (None, "U0MANAGER", "U0LEGAL", "U0CISO"):
        assert source not in whole(seen_by(case, reader, OFFICE))
        assert seen_by(case, reader, OFFICE).events[0].data == {"summary": "x"}
    for reader in (SECRET, "U0PRIVACY"):
        assert seen_by(case, reader, OFFICE).report.source_permalink == source
    open_case = replace(case, confidential=False)
    assert seen_by(open_case, None, OFFICE).report.source_permalink == source


def test_the_reporter_sees_no_link_to_a_room_they_cannot_enter() -> None:
    case = confidential()
    assert seen_by(case, SECRET, OFFICE).channel is None
    inside = replace(case, members={**ROOM, SECRET: MemberState(SECRET, Role.VISITOR, invited_at=REPORTED)})
    assert seen_by(inside, SECRET, OFFICE).channel == "C0ROOM"


def test_a_reporter_of_a_joined_case_does_not_learn_who_reported_the_first() -> None:
    case = confidential(informants=("U0OTHER", "U0THIRD"))
    seen = seen_by(case, "U0OTHER", OFFICE)
    assert seen.reporter == NOT_NAMED
    assert seen.informants == ("U0OTHER",)


def test_who_is_kept_informed_of_what() -> None:
    taken = event(LogKind.ACKNOWLEDGED, "U0MANAGER", 5)
    joined = event(LogKind.JOINED, "U0MANAGER", 7, informants=1)
    closed = event(LogKind.CLOSED, "U0PRIVACY", 9)
    case = confidential(taken, joined, closed, informants=("U0OTHER",))
    assert kept_informed(case, taken) == ((0, SECRET),), "the other had not reported yet"
    assert kept_informed(case, closed) == ((0, SECRET), (1, "U0OTHER"))
    assert kept_informed(case, replace(closed, actor=SECRET)) == ((1, "U0OTHER"),), "not of what they did"
    in_room = a_case(events=(taken,))
    assert kept_informed(in_room, taken) == (), "whoever is in the room hears it there"
    assert kept_informed(replace(in_room, members={}), taken) == ((0, "U0REPORTER"),), "a guest does not"


def test_what_hides_somebody_leaves_everything_else_as_it_was() -> None:
    """Only the name is taken away, wherever it stands; what stands beside it is told as it is."""
    about = {
        "people": ["U0LEGAL", SECRET, "U0MANAGER"],
        "facts": {"persons": {"exact": 1200}, SECRET: "x", "who": SECRET, "note": "書類"},
        "level": 2,
        "again": None,
    }
    case = confidential(event(LogKind.FACTS_ADDED, "U0LEGAL", 5, **about))
    [seen] = seen_by(case, None, OFFICE).events
    assert seen.actor == "U0LEGAL"
    assert dict(seen.data) == {
        "people": ["U0LEGAL", NOT_NAMED, "U0MANAGER"],
        "facts": {"persons": {"exact": 1200}, NOT_NAMED: "x", "who": NOT_NAMED, "note": "書類"},
        "level": 2,
        "again": None,
    }


def test_joined_reporters_hide_nothing_of_whoever_reported_the_first_openly() -> None:
    case = a_case(
        informants=("U0OTHER",),
        members=ROOM,
        channel="C0ROOM",
        former_rooms=("C0OLD",),
        events=(
            event(LogKind.REPORTED, "U0REPORTER", 1, indicator="media_lost"),
            event(LogKind.PAGE_SKIPPED, "leakbot", 2, reason=SkipReason.ABSENT.value, user="U0MANAGER"),
            event(LogKind.FACTS_ADDED, "U0OTHER", 3, by="U0OTHER"),
        ),
    )
    seen = seen_by(case, None, OFFICE)
    assert (seen.reporter, seen.informants, seen.chain) == ("U0REPORTER", (), case.chain)
    assert seen.events[:2] == case.events[:2], "who reported is known, and why somebody was passed over"
    assert (seen.events[2].actor, seen.events[2].data["by"]) == (NOT_NAMED, NOT_NAMED)
    manager = replace(case, reporter="U0MANAGER")
    assert seen_by(manager, None, OFFICE).chain == case.chain, "why they are not called is no secret"
    theirs = seen_by(case, "U0OTHER", OFFICE)
    assert theirs.events == case.events, "what they did themselves they may see"
    assert (theirs.channel, theirs.former_rooms) == (None, ()), "no room of the case is open to them"


@pytest.mark.parametrize(
    "known",
    [
        {"members": {**ROOM, SECRET: MemberState(SECRET, Role.VISITOR, invited_at=REPORTED)}},
        {"pages": (paged(0, SECRET, REPORTED - REPORTED),)},
    ],
    ids=["in the room", "paged"],
)
def test_somebody_the_room_knows_as_something_else_is_not_hidden_altogether(known: dict[str, Any]) -> None:
    case = confidential(event(LogKind.TASK_DONE, SECRET, 5, user=SECRET), **known)
    [seen] = seen_by(case, "U0LEGAL", OFFICE).events
    assert (seen.actor, seen.data["user"]) == (SECRET, SECRET)
    deputy = confidential(event(LogKind.TASK_DONE, "U0DEPUTY", 5), reporter="U0DEPUTY")
    assert seen_by(deputy, "U0LEGAL", OFFICE).events[0].actor == "U0DEPUTY", "stands in the chain"
    somebody_else = {"pages": (paged(0, "U0LEGAL", REPORTED - REPORTED),), "members": {}}
    case = confidential(event(LogKind.TASK_DONE, SECRET, 5, user=SECRET), **somebody_else)
    [seen] = seen_by(case, "U0LEGAL", OFFICE).events
    assert (seen.actor, seen.data["user"]) == (NOT_NAMED, NOT_NAMED)


def test_each_joined_reporter_hears_what_came_after_their_own_report() -> None:
    """The entry of the joining itself is not for them: they are told of it in words of their own."""
    first = event(LogKind.JOINED, "U0MANAGER", 7, informants=1)
    named = event(LogKind.JOINED, "U0MANAGER", 8)  # whoever reported that one is in the room
    both = event(LogKind.JOINED, "U0MANAGER", 9, informants=2)
    case = a_case(informants=("U0A", "U0B", "U0C"), events=(first, named, both))
    heard = {
        seq: [u for _, u in kept_informed(case, event(LogKind.CLOSED, seq=seq))] for seq in (7, 8, 9, 10)
    }
    assert heard == {7: [], 8: ["U0A"], 9: ["U0A"], 10: ["U0A", "U0B", "U0C"]}
    assert kept_informed(case, event(LogKind.CLOSED, seq=10)) == ((1, "U0A"), (2, "U0B"), (3, "U0C"))
    fewer = replace(case, events=(first,))
    assert kept_informed(fewer, event(LogKind.CLOSED, seq=10)) == ((1, "U0A"),)
