"""What is to be done in a case (やること), as data: each task, when it fits, who owns it, by when.

From the guideline's five measures (GL 3-5-2) and what companies learnt in practice. The texts (title, why it
matters, where that is from) stand in templates/checklist.yaml under the same names. What the law counts down
to (速報, 確報, 本人通知) are obligations and no tasks; tasks prepare them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final

from bot.policy import criteria
from bot.policy.state import CaseState
from bot.vocabulary import (
    CriterionKind,
    Indicator,
    Medium,
    ObligationKind,
    Publication,
    Role,
    TaskName,
    TaskPhase,
)

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
#: A task that comes up after its time leaves at least this long.
SHORTEST: Final = HOUR


class Since(Enum):
    """From when the time of a task counts."""

    COMES_UP = auto()  # from when it is known that it fits: for most the first report
    AWARE = auto()  # from when anybody in the company noticed, like the law's days


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What decides which tasks fit: the case, seen as a few plain answers."""

    sign: Indicator
    medium: Medium | None
    theft: bool
    cyber: bool
    reportable: bool  # a report is due, or may be
    preliminary_filed: bool  # the preliminary report is with whoever receives it, wherever it goes
    notice_due: bool  # the persons are to be told by law, or may have to be
    notice_given: bool  # and have been
    processor: bool  # somebody processes the data for us, or we do for somebody
    company_wide: bool
    publishes: bool
    tells_persons: bool  # the organisation's own criterion is met, beyond the duty
    financial: bool
    authority: bool  # an authority beside the commission has to do with it


@dataclass(frozen=True, slots=True)
class Entry:
    """One task of the checklist. `due` counts from `since`."""

    name: TaskName
    phase: TaskPhase
    owner: Role
    due: timedelta
    fits: Callable[[Circumstances], bool]
    since: Since = Since.COMES_UP


@dataclass(frozen=True, slots=True)
class Wanted:
    """A task that fits a case. `title` and `why` are the organisation's words for its own tasks."""

    key: str
    phase: TaskPhase
    owner: Role
    due_at: datetime
    title: str | None = None
    why: str | None = None


def circumstances(case: CaseState) -> Circumstances:
    """The plain answers. Where nobody answered, the sign reported speaks; a "no" always counts."""
    facts, sign = case.facts, case.indicator
    medium = Medium.named(case.report.medium)
    due = {obligation.kind for obligation in case.standing_obligations}
    still_open = {obligation.kind for obligation in case.open_obligations}
    malicious = facts.get("malicious") in (True, "true")
    harmless = facts.get("malicious") in (False, "false")
    portable = medium in (Medium.PAPER, Medium.PORTABLE_MEDIA, Medium.COMPUTER, Medium.PHONE)
    system = medium in (Medium.SYSTEM, Medium.MAIL)
    intruded = sign is Indicator.SYSTEM_INTRUSION
    met = criteria.met(case)
    return Circumstances(
        sign=sign,
        medium=medium,
        theft=not harmless and (sign is Indicator.MEDIA_STOLEN or (malicious and portable)),
        cyber=not harmless and (intruded or (malicious and not portable and (system or sign in _ONLINE))),
        reportable=bool(due),
        preliminary_filed=bool(due & _PRELIMINARY) and not still_open & _PRELIMINARY,
        notice_due=ObligationKind.INDIVIDUAL_NOTICE in due,
        notice_given=ObligationKind.INDIVIDUAL_NOTICE in due - still_open,
        processor=sign is Indicator.PARTNER_REPORT or facts.get("role") == "processor",
        company_wide=case.company_wide_at is not None,
        publishes=_publishes(case),
        tells_persons=CriterionKind.NOTIFY_INDIVIDUALS in met,
        financial=facts.get("financial_harm") in (True, "true"),
        authority=facts.get("delegated_to_authority") not in (None, "", "none")
        or sign is Indicator.PRESS_OR_AUTHORITY_INQUIRY,
    )


def _publishes(case: CaseState) -> bool:
    """What was decided counts; until then, what the organisation's own criterion asks for."""
    if case.publication is not None and case.publication.decision is not Publication.LATER:
        return case.publication.decision is Publication.PUBLISH
    return CriterionKind.PUBLISH in criteria.met(case)


def checklist(case: CaseState, now: datetime) -> tuple[Wanted, ...]:
    """The tasks that fit the case as it stands, in their order, the organisation's own last.

    In: `now` in UTC, from when the time of a task counts that comes up now.
    """
    seen, rules = circumstances(case), case.task_rules
    program = tuple(
        Wanted(entry.name, entry.phase, entry.owner, _due_at(entry, case, now))
        for entry in CHECKLIST
        if entry.name not in rules.omit and entry.fits(seen)
    )
    own = (Wanted(e.id, e.phase, e.owner, now + e.due, e.title, e.why) for e in rules.add)
    return (*program, *own)


def _due_at(entry: Entry, case: CaseState, now: datetime) -> datetime:
    due = case.task_rules.due.get(entry.name, entry.due)
    if entry.since is Since.COMES_UP:
        return now + due
    return max(case.aware_at + due, now + min(due, SHORTEST))


def _always(seen: Circumstances) -> bool:
    return True


def _signs(*signs: Indicator) -> Callable[[Circumstances], bool]:
    return lambda seen: seen.sign in signs


def _in_public(seen: Circumstances) -> bool:
    return seen.company_wide or seen.publishes


#: Signs that point to the net where nobody said yet what the data was in.
_ONLINE: Final = frozenset(
    {Indicator.EXTERNAL_INQUIRY, Indicator.ONLINE_RUMOR, Indicator.DATA_TRADED, Indicator.POSSESSION_CLAIM}
)
_PRELIMINARY: Final = frozenset({ObligationKind.PRELIMINARY, ObligationKind.MN_PRELIMINARY})
_LOST: Final = frozenset({Indicator.MEDIA_LOST, Indicator.MEDIA_STOLEN})
_DEVICES: Final = frozenset({Medium.COMPUTER, Medium.PHONE, Medium.UNKNOWN, None})
_I, _P, _R, _T = Indicator, TaskPhase, Role, TaskName

CHECKLIST: Final[tuple[Entry, ...]] = (
    # The first hour: what limits the harm to the persons comes before cause and blame.
    Entry(_T.STOP_DAMAGE, _P.FIRST_HOUR, _R.MANAGER, HOUR, _always),
    Entry(_T.CONVENE_EXPERTS, _P.FIRST_HOUR, _R.PRIVACY_OFFICE, HOUR, _always),
    Entry(_T.ASK_LOST_PROPERTY, _P.FIRST_HOUR, _R.MANAGER, HOUR, _signs(_I.MEDIA_LOST)),
    Entry(
        _T.REMOTE_LOCK,
        _P.FIRST_HOUR,
        _R.RESPONSE_TEAM,
        HOUR,
        lambda seen: seen.sign in _LOST and seen.medium in _DEVICES,
    ),
    Entry(
        _T.DISABLE_CREDENTIALS,
        _P.FIRST_HOUR,
        _R.RESPONSE_TEAM,
        HOUR,
        lambda seen: seen.sign is _I.KEY_OR_CREDENTIAL_LOST or seen.cyber,
    ),
    Entry(_T.ISOLATE_SYSTEMS, _P.FIRST_HOUR, _R.RESPONSE_TEAM, HOUR, _signs(_I.SYSTEM_INTRUSION)),
    Entry(_T.SECURE_PLACE, _P.FIRST_HOUR, _R.MANAGER, HOUR, _signs(_I.MEDIA_ACCESSED, _I.MEDIA_STOLEN)),
    Entry(
        _T.ASK_RECIPIENT,
        _P.FIRST_HOUR,
        _R.MANAGER,
        HOUR,
        lambda seen: seen.sign is _I.OTHER and seen.medium is not Medium.SYSTEM,
    ),
    Entry(
        _T.REMOVE_AND_LIMIT,
        _P.FIRST_HOUR,
        _R.RESPONSE_TEAM,
        HOUR,
        lambda seen: (
            seen.sign in (_I.EXTERNAL_INQUIRY, _I.ONLINE_RUMOR, _I.DATA_TRADED)
            or (seen.sign is _I.OTHER and seen.medium in (Medium.SYSTEM, None))
        ),
    ),
    Entry(
        _T.ONE_VOICE,
        _P.FIRST_HOUR,
        _R.PRIVACY_OFFICE,
        HOUR,
        _signs(_I.EXTERNAL_INQUIRY, _I.PRESS_OR_AUTHORITY_INQUIRY, _I.ONLINE_RUMOR, _I.POSSESSION_CLAIM),
    ),
    Entry(_T.PROTECT_TIPSTER, _P.FIRST_HOUR, _R.PRIVACY_OFFICE, HOUR, _signs(_I.INTERNAL_TIP)),
    Entry(_T.KEEP_DEMAND, _P.FIRST_HOUR, _R.RESPONSE_TEAM, HOUR, _signs(_I.POSSESSION_CLAIM)),
    # What happened, to whom, how far.
    Entry(_T.PRESERVE_EVIDENCE, _P.INVESTIGATE, _R.RESPONSE_TEAM, 4 * HOUR, _always),
    Entry(_T.ASK_PARTNER, _P.INVESTIGATE, _R.MANAGER, DAY, lambda seen: seen.processor),
    Entry(_T.CONFIRM_FACTS, _P.INVESTIGATE, _R.MANAGER, DAY, _always),
    Entry(_T.SCOPE_IDENTIFICATION, _P.INVESTIGATE, _R.RESPONSE_TEAM, 2 * DAY, _always),
    Entry(_T.OPEN_COMMITTEE, _P.INVESTIGATE, _R.CRISIS_TEAM, DAY, lambda seen: seen.company_wide),
    Entry(_T.FACT_FINDING_AND_CAUSE, _P.INVESTIGATE, _R.RESPONSE_TEAM, 7 * DAY, _always),
    Entry(_T.PROCESSOR_CHECK, _P.INVESTIGATE, _R.MANAGER, 7 * DAY, lambda seen: seen.processor),
    # Authorities, experts and partners.
    Entry(
        _T.REPORT_POLICE,
        _P.REPORT,
        _R.MANAGER,
        DAY,
        lambda seen: seen.theft or seen.cyber or seen.sign in (_I.DATA_TRADED, _I.POSSESSION_CLAIM),
    ),
    Entry(_T.REPORT_JPCERT_IPA, _P.REPORT, _R.RESPONSE_TEAM, DAY, lambda seen: seen.cyber),
    Entry(_T.CONSULT_COUNSEL, _P.REPORT, _R.PRIVACY_OFFICE, DAY, lambda seen: seen.reportable),
    Entry(
        _T.COLLECT_ITEMS,
        _P.REPORT,
        _R.PRIVACY_OFFICE,
        2 * DAY,
        lambda seen: seen.reportable and not seen.preliminary_filed,
        Since.AWARE,
    ),
    Entry(
        _T.PARTNER_EXPLANATION,
        _P.REPORT,
        _R.MANAGER,
        3 * DAY,
        lambda seen: seen.processor or _in_public(seen),
    ),
    Entry(
        _T.MINISTRY_EXPLANATION,
        _P.REPORT,
        _R.PRIVACY_OFFICE,
        3 * DAY,
        lambda seen: seen.authority or seen.company_wide,
    ),
    # The persons, and everybody else.
    Entry(
        _T.PREPARE_NOTICE,
        _P.NOTIFY,
        _R.PRIVACY_OFFICE,
        3 * DAY,
        lambda seen: seen.notice_due and not seen.notice_given,
        Since.AWARE,
    ),
    Entry(
        _T.TELL_PERSONS,
        _P.NOTIFY,
        _R.PRIVACY_OFFICE,
        3 * DAY,
        lambda seen: seen.tells_persons and not seen.notice_due,
    ),
    Entry(
        _T.OPEN_DESK,
        _P.NOTIFY,
        _R.MANAGER,
        3 * DAY,
        lambda seen: seen.notice_due or seen.tells_persons or _in_public(seen),
    ),
    Entry(_T.INFORM_EMPLOYEES, _P.NOTIFY, _R.PRIVACY_OFFICE, DAY, _in_public),
    Entry(_T.PUBLISH_ON_SITE, _P.NOTIFY, _R.PRIVACY_OFFICE, 3 * DAY, _in_public),
    Entry(
        _T.PRESS_INQUIRIES,
        _P.NOTIFY,
        _R.PRIVACY_OFFICE,
        DAY,
        lambda seen: _in_public(seen) or seen.sign is _I.PRESS_OR_AUTHORITY_INQUIRY,
    ),
    Entry(_T.PRESS_CONFERENCE_FAQ, _P.NOTIFY, _R.CRISIS_TEAM, 2 * DAY, _in_public),
    Entry(_T.RELEASE_OR_CONFERENCE, _P.NOTIFY, _R.CRISIS_TEAM, 3 * DAY, lambda seen: seen.company_wide),
    Entry(_T.APOLOGY_NOTICE, _P.NOTIFY, _R.CRISIS_TEAM, 7 * DAY, lambda seen: seen.company_wide),
    # Afterwards. These go on after the case is closed.
    Entry(
        _T.HANDLE_CLAIMS,
        _P.AFTERCARE,
        _R.PRIVACY_OFFICE,
        14 * DAY,
        lambda seen: seen.company_wide or seen.financial,
    ),
    Entry(_T.CONDOLENCE_PAYMENT, _P.AFTERCARE, _R.CRISIS_TEAM, 14 * DAY, lambda seen: seen.company_wide),
    Entry(_T.ROOT_CAUSE, _P.AFTERCARE, _R.MANAGER, 14 * DAY, _always),
    Entry(
        _T.PROCESSOR_SUPERVISION_REVIEW,
        _P.AFTERCARE,
        _R.PRIVACY_OFFICE,
        30 * DAY,
        lambda seen: seen.processor,
    ),
    Entry(_T.RECURRENCE_PREVENTION, _P.AFTERCARE, _R.MANAGER, 30 * DAY, _always),
    Entry(_T.STAFF_RETRAINING, _P.AFTERCARE, _R.MANAGER, 60 * DAY, _always),
    Entry(_T.NEAR_MISS_REVIEW, _P.AFTERCARE, _R.PRIVACY_OFFICE, 60 * DAY, _always),
)
