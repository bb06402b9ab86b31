"""Telling the persons (本人通知) and the public (公表): the register, its forms, card lines and messages."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.documents.notified import counted, way_text, ways_text
from bot.policy import criteria
from bot.policy.notice_state import NoticeEntry
from bot.policy.notifying import (
    may_be_completed,
    progress,
    publication_stage,
    standing_entries,
    total_of,
)
from bot.policy.state import CaseState, EventState
from bot.policy.tasks import in_the_room
from bot.rendering import Mrkdwn, bar, label, short_day
from bot.slack.screens import blocks as b
from bot.slack.screens.checklist import why
from bot.slack.screens.message import Message, marks, message, simple, written
from bot.vocabulary import (
    Action,
    Callback,
    CriterionKind,
    Locale,
    NoticeWay,
    ObligationKind,
    Publication,
    PublicationStage,
    PublicationWay,
    Role,
)

WHY_LIMIT = 1000
NUMBER_LIMIT = 60
#: The register shows this many records; all of them stand in the case file.
MOST_ENTRIES = 30
#: The records' blocks are named by their numbers, behind this.
BLOCK = "notice:"
#: In `private_metadata`: this view is the register, or a form over it.
REGISTER = "register"
#: The one box of the form: everybody has been told.
COMPLETE = "complete"


def register(locale: Locale, tz: ZoneInfo, case: CaseState, *, notifies: bool, decides: bool) -> b.View:
    """Both at a glance. `notifies`, `decides`: what whoever reads it may do. `private_metadata`: JSON."""
    mark, title_mark = marks(locale, case.drill)
    is_open = case.closed_at is None
    told, *publication = written(
        "notices_register", locale, tz=tz, case=case, **_told(locale, case), **_published(locale, tz, case)
    ).parts
    acts = [Action.NOTICE_RECORD] if is_open and notifies else []
    acts += [Action.NOTICES_COMPLETE] if is_open and decides and may_be_completed(case) else []
    newest = case.notices.entries[-MOST_ENTRIES:]
    hidden = len(case.notices.entries) - len(newest)
    reason = case.publication.reason if case.publication else None
    return b.modal(
        title_mark + label("notices.title", locale),
        [
            b.section(Mrkdwn(mark + told)),
            *_buttons(locale, case, acts),
            *([b.context(Mrkdwn(label("notices.more", locale, count=hidden)))] if hidden else []),
            *(_entry(locale, tz, case, entry, corrects=is_open and notifies) for entry in newest),
            b.divider(),
            *(b.section(part) for part in publication),
            *([b.words(reason)] if reason else []),
            *_buttons(locale, case, [Action.PUBLICATION_DECIDE] if is_open and decides else []),
        ],
        close=label("common.close", locale),
        private_metadata=json.dumps({"case": case.number, REGISTER: True}),
    )


def _told(locale: Locale, case: CaseState) -> dict[str, object]:
    known = progress(case)
    notice = case.obligation(ObligationKind.INDIVIDUAL_NOTICE)
    return {
        "counted": counted(known, locale),
        "bar": bar(known.told + known.replaced, known.total) if known.total else "",
        "ways": ways_text(known, locale),
        "duty": notice is not None,
        "provisional": notice is not None and notice.provisional,
        "submitted_at": notice.submitted_at if notice else None,
        "ready": may_be_completed(case),
    }


def _published(locale: Locale, tz: ZoneInfo, case: CaseState) -> dict[str, object]:
    met = case.closed_at is None and CriterionKind.PUBLISH in criteria.met(case)
    return {
        "publication": publication_line(locale, tz, case),
        "decided": case.publication,
        "criterion": why(locale, case, CriterionKind.PUBLISH) if met else "",
    }


def publication_line(locale: Locale, tz: ZoneInfo, case: CaseState) -> str:
    """What was decided on publication in one line, as 「公表する（実施予定）」; empty where nothing was."""
    stage, decided = publication_stage(case), case.publication
    if stage is None:
        return ""
    if decided is None:
        return stage.label(locale)
    details = [stage.label(locale)] if stage in (PublicationStage.DONE, PublicationStage.PLANNED) else []
    details += [way.label(locale) for way in decided.ways]
    if decided.publish_at:
        details.append(short_day(decided.publish_at, locale, tz))
    if decided.review_on:
        details.append(label("notices.review", locale, day=short_day(decided.review_on, locale, tz)))
    said = decided.decision.label(locale)
    listed = ("、" if locale == "ja" else ", ").join(details)
    return label("notices.details", locale, said=said, details=listed) if details else said


def _entry(locale: Locale, tz: ZoneInfo, case: CaseState, entry: NoticeEntry, *, corrects: bool) -> b.Block:
    stands = entry in standing_entries(case)
    part = written(
        "notice_line",
        locale,
        tz=tz,
        case=case,
        entry=entry,
        what=_what(locale, entry),
        stands=stands,
    ).parts[0]
    line = {**b.section(part), "block_id": f"{BLOCK}{entry.number}"}
    if stands and corrects:
        line["accessory"] = _button(locale, Action.NOTICE_CORRECT, case)
    return line


def _what(locale: Locale, entry: NoticeEntry) -> str:
    if entry.persons == 0:
        return label("notices.taken_back", locale, way=entry.way.label(locale))
    return way_text(entry.way, entry.persons, locale)


def record_form(
    locale: Locale,
    case: CaseState,
    now: datetime,
    *,
    decides: bool,
    corrects: NoticeEntry | None = None,
) -> b.View:
    """Who was told, how and when; with `corrects` what that record should have said.

    `private_metadata`: JSON with the case and the number of the record to correct.
    """

    def text(key: str, **values: object) -> str:
        return label(f"notices.form.{key}", locale, **values)

    mark, title_mark = marks(locale, case.drill)
    intro = written("notice_intro", locale, case=case, corrects=corrects).parts[0]
    ways = b.select(
        b.choices(NoticeWay, locale),
        label("common.choose", locale),
        corrects.way.value if corrects else None,
    )
    known = corrects.persons if corrects else None
    total, at_most = total_of(case)
    hint = "unknown" if total is None else "at_most" if at_most else "known"
    fields = [
        b.field("way", text("way"), ways),
        b.field(
            "persons",
            text("persons.label"),
            b.text_input(
                NUMBER_LIMIT, text("persons.placeholder"), initial=str(known) if known is not None else None
            ),
            text("persons.hint_correction" if corrects else "persons.hint"),
            optional=True,
        ),
        b.field("told_at", text("told_at.label"), b.moment_input(corrects.told_at if corrects else now)),
        b.field(
            "why",
            text("why.label"),
            b.text_input(WHY_LIMIT, text("why.placeholder"), corrects.why if corrects else None, True),
            text("why.hint"),
            optional=True,
        ),
        b.field(
            "total",
            text("total.label"),
            b.text_input(NUMBER_LIMIT, text("total.placeholder")),
            text(f"total.hint_{hint}", total=f"{total or 0:,}"),
            optional=True,
        ),
    ]
    notice = case.obligation(ObligationKind.INDIVIDUAL_NOTICE)
    if decides and notice is not None and notice.is_open:
        box = b.option(COMPLETE, text("complete.text"))
        fields.append(
            b.field(COMPLETE, text("complete.label"), b.boxes([box]), text("complete.hint"), optional=True)
        )
    return b.modal(
        title_mark + text("correction_title" if corrects else "title"),
        [b.section(Mrkdwn(mark + intro)), *fields],
        close=label("common.cancel", locale),
        submit=label("common.record", locale),
        callback_id=Callback.NOTICE_RECORD,
        private_metadata=json.dumps({"case": case.number, "corrects": corrects.number if corrects else None}),
    )


def publication_form(locale: Locale, tz: ZoneInfo, case: CaseState) -> b.View:
    """The decision on publication with its reason. `private_metadata`: JSON with the case."""

    def text(key: str) -> str:
        return label(f"notices.publication.{key}", locale)

    mark, title_mark = marks(locale, case.drill)
    intro = written("publication_intro", locale, tz=tz, case=case, **_published(locale, tz, case)).parts
    decisions = b.select(b.choices(Publication, locale), label("common.choose", locale))
    return b.modal(
        title_mark + text("title"),
        [
            b.section(Mrkdwn(mark + intro[0])),
            *(b.section(part) for part in intro[1:]),
            b.field("decision", text("decision"), decisions),
            b.field(
                "reason",
                text("reason.label"),
                b.text_input(WHY_LIMIT, text("reason.placeholder"), multiline=True),
            ),
            b.field("ways", text("ways"), b.boxes(b.choices(PublicationWay, locale)), optional=True),
            b.field("publish_at", text("publish_at"), b.moment_input(), optional=True),
            b.field("review_on", text("review_on.label"), b.day_input(), text("review_on.hint"), True),
        ],
        close=label("common.cancel", locale),
        submit=label("common.record", locale),
        callback_id=Callback.PUBLICATION,
        private_metadata=json.dumps({"case": case.number}),
    )


# --- what stands on the card, and what the room hears ---------------------------------------------


def told_line(locale: Locale, case: CaseState) -> str:
    """How far the notices are, as it stands beside their obligation; empty before the first record."""
    known = progress(case)
    if not known.begun:
        return ""
    marked = f"{bar(known.told + known.replaced, known.total)} " if known.total else ""
    return marked + counted(known, locale)


def card_notices(locale: Locale, tz: ZoneInfo, case: CaseState) -> list[b.Block]:
    """Notices that no duty asks for, and what was decided on publication; nothing where there is neither."""
    duty = case.obligation(ObligationKind.INDIVIDUAL_NOTICE) is not None
    told = "" if duty else told_line(locale, case)
    publication = publication_line(locale, tz, case)
    if not (told or publication):
        return []
    part = written("card_notices", locale, tz=tz, case=case, told=told, publication=publication).parts[0]
    return [b.section(part)]


def publication_decided(locale: Locale, tz: ZoneInfo, case: CaseState, event: EventState) -> Message:
    """What was decided, by whom and why; that it deviates from the organisation's own criterion."""
    data = event.data
    rendered = written(
        "publication_decided",
        locale,
        case=case,
        tz=tz,
        event=event,
        decision=Publication.named(data["publication"]),
        ways=[way.label(locale) for way in map(PublicationWay.named, data.get("ways") or ()) if way],
        publish_at=datetime.fromisoformat(data["publish_at"]) if data.get("publish_at") else None,
        review_on=datetime.fromisoformat(data["review_on"]).date() if data.get("review_on") else None,
        deviates=bool(data.get("deviates")),
    )
    first, *after = rendered.parts
    reason = b.words(b.clip(str(data.get("reason") or "—")))
    blocks = [b.section(first), reason, *(b.section(part) for part in after)]
    return message(case, locale, rendered.text, blocks)


def publication_due(locale: Locale, tz: ZoneInfo, case: CaseState) -> Message:
    """The day has come on which publication was to be decided; the privacy office is asked by name."""
    return simple(
        "publication_due",
        locale,
        case,
        b.actions(
            b.button(
                label("buttons.publication_decide", locale), Action.PUBLICATION_DECIDE, case.number, "primary"
            )
        ),
        tz=tz,
        decided=case.publication,
        ask=in_the_room(case, Role.PRIVACY_OFFICE),
    )


def _buttons(locale: Locale, case: CaseState, acts: Sequence[Action]) -> list[b.Block]:
    return [b.actions(*(_button(locale, act, case) for act in acts))] if acts else []


def _button(locale: Locale, act: Action, case: CaseState) -> b.Block:
    return b.button(label(f"buttons.{act.value}", locale), act, case.number)
