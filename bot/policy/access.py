"""Who may do what with a case, and why not. Asked on the server at the moment of the act.

One table, `MAY`: each act, and what somebody must be to the case to do it. In: the case as it stands, the
person, the privacy office as it is today, and what the person is to the workspace. The `check_…` functions
raise `Refused` with the reason that person is told, and return quietly when the act is allowed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum

from bot.errors import Refused
from bot.policy.criteria import unexplained
from bot.policy.inquiries import ONE_VOICE
from bot.policy.standing import NOBODY, Kind, Standing, standings
from bot.policy.state import CaseState, TaskState
from bot.vocabulary import InquirySource, TaskPhase


class Act(StrEnum):
    """What can be done about a case, or about none."""

    REPORT = "report"  # a first report or a drill, by the form
    SEE = "see"  # status, list, App Home
    SEE_REGISTER = "see_register"  # every case there ever was
    ACKNOWLEDGE = "acknowledge"
    HAND_OVER = "hand_over"
    CANNOT = "cannot"
    GO_ON = "go_on"  # saying that one is still at work
    ADD_FACTS = "add_facts"
    ASSESS = "assess"
    RECORD = "record"  # a submission
    CLOSE = "close"
    REOPEN = "reopen"
    JOIN = "join"  # to another case, where they may do so too
    SEE_REPORTER = "see_reporter"  # who reported confidentially
    EXPORT = "export"  # the case file
    EDIT_ITEMS = "edit_items"  # the nine items of a report
    DRAFT_DOCUMENT = "draft_document"
    CIRCULATE = "circulate"  # a version of a document, for approval
    APPROVE = "approve"  # it, or send it back; whose turn it is says `approval.py`
    RECORD_SENT = "record_sent"  # that an approved version was sent
    DO_TASKS = "do_tasks"
    ADD_MEASURE = "add_measure"  # against recurrence, with owner and day
    DECLARE = "declare"  # a company-wide response
    DEVIATE = "deviate"  # from the organisation's own criteria, with a reason
    ADD_TO_TIMELINE = "add_to_timeline"  # a message, an entry, a correction
    NOTIFY = "notify"  # record who of the persons was told
    DECIDE_PUBLICATION = "decide_publication"
    DO_INQUIRIES = "do_inquiries"  # record what is asked, and answers that need no one voice
    SPEAK = "speak"  # for the company: answers to the press and to ministries


_S = Standing
_CALLED = frozenset({_S.MANAGER, _S.DEPUTY, _S.LAST_RESORT, _S.HANDED_TO})
_ROOM = _CALLED | {_S.REPORTER, _S.PRIVACY_OFFICE, _S.RESPONSE_TEAM, _S.VISITOR}
_DECIDES = frozenset({_S.PRIVACY_OFFICE, _S.LAST_RESORT})

#: The whole of it: who may do what. Deputies may take a case before their turn; that is their coming in.
MAY: Mapping[Act, frozenset[Standing]] = {
    Act.REPORT: frozenset(Standing) - {_S.EXTERNAL, _S.DEACTIVATED},
    Act.SEE: _ROOM | {_S.INFORMANT},
    Act.SEE_REGISTER: frozenset({_S.PRIVACY_OFFICE}),
    Act.ACKNOWLEDGE: _CALLED | {_S.WAITING, _S.PRIVACY_OFFICE},
    Act.HAND_OVER: _CALLED | {_S.PRIVACY_OFFICE},
    Act.CANNOT: _CALLED,
    Act.GO_ON: _CALLED | {_S.PRIVACY_OFFICE, _S.RESPONSE_TEAM, _S.VISITOR},
    Act.ADD_FACTS: _ROOM | {_S.INFORMANT},
    Act.ASSESS: _DECIDES,
    Act.RECORD: _DECIDES,
    Act.CLOSE: _DECIDES,
    Act.REOPEN: _DECIDES,
    Act.JOIN: frozenset({_S.MANAGER, _S.DEPUTY, _S.LAST_RESORT, _S.PRIVACY_OFFICE}),
    Act.SEE_REPORTER: frozenset({_S.PRIVACY_OFFICE}),
    Act.EXPORT: _DECIDES,
    Act.EDIT_ITEMS: _DECIDES,
    Act.DRAFT_DOCUMENT: _CALLED | {_S.PRIVACY_OFFICE, _S.RESPONSE_TEAM},
    Act.CIRCULATE: _CALLED | {_S.PRIVACY_OFFICE, _S.RESPONSE_TEAM},
    Act.APPROVE: _CALLED | {_S.PRIVACY_OFFICE, _S.RESPONSE_TEAM},
    Act.RECORD_SENT: _CALLED | {_S.PRIVACY_OFFICE, _S.RESPONSE_TEAM},
    Act.DO_TASKS: _ROOM,
    Act.ADD_MEASURE: _DECIDES,
    Act.DECLARE: _DECIDES,
    Act.DEVIATE: _DECIDES,
    Act.ADD_TO_TIMELINE: _ROOM | {_S.INFORMANT},
    Act.NOTIFY: _CALLED | {_S.PRIVACY_OFFICE, _S.RESPONSE_TEAM},
    Act.DECIDE_PUBLICATION: _DECIDES,
    Act.DO_INQUIRIES: _ROOM,
    Act.SPEAK: _CALLED | {_S.PRIVACY_OFFICE},
}
#: What somebody is told who sees the case but may not do this.
_WHY_NOT = {
    Act.ACKNOWLEDGE: "not_in_chain",
    Act.HAND_OVER: "not_in_chain",
    Act.CANNOT: "not_paged",
    Act.JOIN: "not_leading",
}


def may(act: Act, standing: Collection[Standing]) -> bool:
    """Whether being (all of) this is enough for the act."""
    return not MAY[act].isdisjoint(standing)


def may_see(case: CaseState, person: str, privacy_office: Collection[str], kind: Kind = Kind.MEMBER) -> bool:
    """Whether this person may know that the case exists at all."""
    return may(Act.SEE, standings(case, person, privacy_office, kind))


def check(
    act: Act,
    case: CaseState,
    person: str,
    privacy_office: Collection[str],
    kind: Kind = Kind.MEMBER,
) -> None:
    """Refuse what the table does not allow. Who may not see the case is told that there is none."""
    is_now = standings(case, person, privacy_office, kind)
    if may(act, is_now):
        return
    if not may(Act.SEE, is_now):
        raise Refused("not_found")
    raise Refused(_WHY_NOT.get(act, "not_allowed"))


def check_report(kind: Kind) -> None:
    """Everybody of the company may report, guests too."""
    if not may(Act.REPORT, {NOBODY.get(kind, Standing.OUTSIDER)}):
        raise Refused("not_of_the_company")


def check_register(person: str, privacy_office: Collection[str], kind: Kind = Kind.MEMBER) -> None:
    """The register is for the privacy office, which may see every case."""
    office = kind is Kind.MEMBER and person in privacy_office
    if not may(Act.SEE_REGISTER, {Standing.PRIVACY_OFFICE if office else Standing.OUTSIDER}):
        raise Refused("not_of_the_office")


def check_acknowledge(case: CaseState, person: str, privacy_office: Collection[str]) -> None:
    """The chain (deputies even before their turn), whoever it was handed to, and the privacy office."""
    check(Act.ACKNOWLEDGE, case, person, privacy_office)


def check_hand_over(case: CaseState, person: str, privacy_office: Collection[str]) -> None:
    """Whoever was called may name somebody else; once somebody has the case, only they or the office."""
    check(Act.HAND_OVER, case, person, privacy_office)
    _check_open(case)
    if case.acknowledged_by not in (None, person) and person not in privacy_office:
        raise Refused("already_acknowledged", by=case.acknowledged_by, at=case.acknowledged_at)


def check_cannot(case: CaseState, person: str, privacy_office: Collection[str]) -> None:
    """Whoever is being called may say that they cannot, as long as nobody has the case."""
    check(Act.CANNOT, case, person, privacy_office)
    _check_open(case)
    if case.acknowledged_by is not None:
        raise Refused("already_acknowledged", by=case.acknowledged_by, at=case.acknowledged_at)
    if not any(p.user == person and p.turn == case.turn and not p.skipped for p in case.pages):
        raise Refused("not_paged")


def check_go_on(case: CaseState, person: str, privacy_office: Collection[str]) -> None:
    """Whoever works on the case may say so."""
    check(Act.GO_ON, case, person, privacy_office)
    _check_open(case)


def check_add_facts(case: CaseState, person: str, privacy_office: Collection[str]) -> None:
    """Everybody in the room may add facts while the case is open."""
    check(Act.ADD_FACTS, case, person, privacy_office)
    _check_open(case)


def check_decide(case: CaseState, person: str, privacy_office: Collection[str]) -> None:
    """Assessing, recording and closing are for the privacy office, and for the last resort in its place."""
    check(Act.RECORD, case, person, privacy_office)
    _check_open(case)


def check_close(case: CaseState, person: str, privacy_office: Collection[str]) -> None:
    """Closing is refused while an obligation is neither submitted nor removed; the refusal lists them.

    Likewise while one of the organisation's own criteria is met, and neither followed nor its reason given.
    """
    check_decide(case, person, privacy_office)
    if still_open := case.open_obligations:
        raise Refused("obligations_open", obligations=[o.kind for o in still_open])
    if without_reason := unexplained(case):
        raise Refused("deviation_needs_reason", criteria=list(without_reason))


def check_reopen(case: CaseState, person: str, privacy_office: Collection[str]) -> None:
    """Reopening is for the privacy office, and for the last resort in its place.

    A case that was joined goes on in the other one; of a case whose words are gone nothing is left to go on.
    """
    check(Act.REOPEN, case, person, privacy_office)
    if case.closed_at is None:
        raise Refused("not_closed")
    if case.joined_into is not None:
        raise Refused("reopen_joined", number=case.joined_into)
    _check_has_words(case)


def check_export(case: CaseState, person: str, privacy_office: Collection[str]) -> None:
    """The case file is for the privacy office and the last resort, after the case is closed too.

    It names whoever reported: that of a confidential report is for the privacy office alone.
    """
    check(Act.EXPORT, case, person, privacy_office)
    if not may_take_case_file(case, person, privacy_office):
        raise Refused("confidential_file")


def may_take_case_file(
    case: CaseState, person: str, privacy_office: Collection[str], kind: Kind = Kind.MEMBER
) -> bool:
    """Whether somebody may have everything known of the case, with the name of whoever reported it."""
    is_now = standings(case, person, privacy_office, kind)
    unnamed = case.confidential or bool(case.informants)
    return may(Act.EXPORT, is_now) and (not unnamed or may(Act.SEE_REPORTER, is_now))


def check_may_join(case: CaseState, person: str, privacy_office: Collection[str]) -> None:
    """Whoever leads a case may make it part of another one they lead, while it is open."""
    check(Act.JOIN, case, person, privacy_office)
    _check_open(case)


def check_join(case: CaseState, into: CaseState, person: str, privacy_office: Collection[str]) -> None:
    """Whoever leads both cases may make one of them. Nothing that was decided or filed may be lost by it."""
    check(Act.JOIN, into, person, privacy_office)
    check_may_join(case, person, privacy_office)
    if into.closed_at is not None:
        raise Refused("join_closed", number=into.number)
    if case.number == into.number:
        raise Refused("join_itself")
    if case.drill != into.drill:
        raise Refused("join_drill")
    told = bool(case.notices.entries) or case.publication is not None
    if told or case.assessment is not None or any(o.submitted_at for o in case.obligations):
        raise Refused("join_decided", number=case.number)


def check_edit_items(case: CaseState, person: str, privacy_office: Collection[str]) -> None:
    """What goes into the report is for the privacy office, after the case is closed too (追完)."""
    check(Act.EDIT_ITEMS, case, person, privacy_office)
    _check_has_words(case)


def check_draft_document(case: CaseState, person: str, privacy_office: Collection[str]) -> None:
    """Drafting is for whoever works on the case, after it is closed too (再発防止報告書)."""
    check(Act.DRAFT_DOCUMENT, case, person, privacy_office)
    _check_has_words(case)


def check_circulate(case: CaseState, person: str, privacy_office: Collection[str]) -> None:
    """Circulating is for whoever drafts, after the case is closed too."""
    check(Act.CIRCULATE, case, person, privacy_office)
    _check_has_words(case)


def check_approve(case: CaseState, person: str, privacy_office: Collection[str]) -> None:
    """Approving or sending back at all; whether it is this person's turn says `approval.check_turn`."""
    check(Act.APPROVE, case, person, privacy_office)
    _check_has_words(case)


def check_record_sent(case: CaseState, person: str, privacy_office: Collection[str]) -> None:
    """Whoever works on the case says what was sent, after it is closed too."""
    check(Act.RECORD_SENT, case, person, privacy_office)
    _check_has_words(case)


def check_add_to_timeline(
    case: CaseState, person: str, privacy_office: Collection[str], kind: Kind = Kind.MEMBER
) -> None:
    """Everybody in the room may add to the timeline, after the case is closed too; nobody takes away."""
    check(Act.ADD_TO_TIMELINE, case, person, privacy_office, kind)
    _check_has_words(case)


def check_inquiries(
    case: CaseState, person: str, privacy_office: Collection[str], kind: Kind = Kind.MEMBER
) -> None:
    """Everybody of the room may record what is asked, after the case is closed too: people go on asking."""
    check(Act.DO_INQUIRIES, case, person, privacy_office, kind)
    _check_has_words(case)


def check_answer(
    case: CaseState,
    source: InquirySource,
    person: str,
    privacy_office: Collection[str],
    speakers: Collection[str] = (),
    kind: Kind = Kind.MEMBER,
) -> None:
    """Whether somebody may say what the company answers (or that it does not answer) whoever asks.

    The press and ministries hear one voice: whoever leads the case or decides, and `speakers`, who speak for
    its department by the organisation file. Everybody of the room may answer the others.
    """
    check_inquiries(case, person, privacy_office, kind)
    if not may_answer(case, source, person, privacy_office, speakers, kind):
        raise Refused("one_voice")


def may_answer(
    case: CaseState,
    source: InquirySource,
    person: str,
    privacy_office: Collection[str],
    speakers: Collection[str] = (),
    kind: Kind = Kind.MEMBER,
) -> bool:
    """Whether somebody of the room may answer whoever asks, see `check_answer`."""
    is_now = standings(case, person, privacy_office, kind)
    speaks = source not in ONE_VOICE or person in speakers or may(Act.SPEAK, is_now)
    return speaks and may(Act.DO_INQUIRIES, is_now)


def check_see_tasks(case: CaseState, person: str, privacy_office: Collection[str]) -> None:
    """Everybody of the room sees the tasks and may add some, after the case is closed too."""
    check(Act.DO_TASKS, case, person, privacy_office)
    _check_has_words(case)


def check_do_task(case: CaseState, task: TaskState, person: str, privacy_office: Collection[str]) -> None:
    """Everybody of the room may do tasks; of a closed case those that go on after it."""
    check_see_tasks(case, person, privacy_office)
    if task.phase is not TaskPhase.AFTERCARE:
        _check_open(case)


def check_add_measure(case: CaseState, person: str, privacy_office: Collection[str]) -> None:
    """Measures against recurrence are decided by the privacy office, mostly when the case is closed."""
    check(Act.ADD_MEASURE, case, person, privacy_office)
    _check_has_words(case)
    if case.joined_into is not None:
        raise Refused("already_closed")


def check_declare(case: CaseState, person: str, privacy_office: Collection[str]) -> None:
    """A company-wide response is declared once, by the privacy office or the last resort in its place."""
    check(Act.DECLARE, case, person, privacy_office)
    _check_open(case)
    if case.company_wide_at is not None:
        raise Refused("already_declared", by=case.company_wide_by)


def check_deviate(case: CaseState, person: str, privacy_office: Collection[str]) -> None:
    """The reason for not following a criterion is given by whoever decides."""
    check(Act.DEVIATE, case, person, privacy_office)
    _check_open(case)


def check_see_notices(case: CaseState, person: str, privacy_office: Collection[str]) -> None:
    """Whoever sees the case sees how far the persons were told, and what was decided on publication."""
    check(Act.SEE, case, person, privacy_office)


def check_notify(case: CaseState, person: str, privacy_office: Collection[str]) -> None:
    """Recording who was told is for whoever works on the case, while it is open."""
    check(Act.NOTIFY, case, person, privacy_office)
    _check_open(case)


def check_decide_publication(case: CaseState, person: str, privacy_office: Collection[str]) -> None:
    """Publishing or not is decided by the privacy office, and by the last resort in its place."""
    check(Act.DECIDE_PUBLICATION, case, person, privacy_office)
    _check_open(case)


def _check_has_words(case: CaseState) -> None:
    if case.blanked_at is not None:
        raise Refused("case_blanked")


def check_absence(absent: str, person: str, privacy_office: Collection[str]) -> None:
    """Everybody declares and ends their own absence; the privacy office anybody's."""
    if person != absent and person not in privacy_office:
        raise Refused("absence_not_yours")


def _check_open(case: CaseState) -> None:
    if case.closed_at is not None:
        raise Refused("already_closed")
