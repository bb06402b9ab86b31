"""The timeline (経過): what happened, when and by whom, newest last, and the form that adds to it."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.policy.confidential import NOT_NAMED
from bot.policy.state import CaseState, EventState
from bot.rendering import Mrkdwn, escape, label, mention, room
from bot.slack.screens import blocks as b
from bot.slack.screens.message import marks, written
from bot.vocabulary import Action, Callback, FileTrouble, Locale, LogKind, Role

TEXT_LIMIT = 3000
PAGE = 15  # entries at a time: up to three blocks each, and short enough for a phone
SHOWN = 600  # characters of one entry; the whole of it stands in the case file

#: Entries that only prepare others.
_BEHIND_THE_SCENES = frozenset({LogKind.TIMELINE_WANTED, LogKind.FILE_SHARED})
#: How much later something may be noted than it happened without being worth a word.
_AT_ONCE = timedelta(minutes=5)
_USER = re.compile(r"[UW][A-Z0-9]{2,}")
_ADDRESS = re.compile(r"https?://[^\s<>|]+")
_ID = re.compile(r"&lt;@([UW][A-Z0-9]{2,})&gt;|(?<![\w/])([UWC][A-Z0-9]{4,})(?![\w/])")


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as it is shown. `at` is when it happened, `noted_at` when that was noted much later."""

    seq: int
    at: datetime
    who: str  # a Slack user id, "leakbot", or NOT_NAMED
    kind: str
    text: str
    noted_at: datetime | None = None
    corrects: int | None = None  # the number of the entry that this one puts right
    written: bool = False  # people wrote it, so it may want correcting
    foot: Mapping[str, Any] | None = None  # of a message or a file: where it stands, its hash


def lines_of(case: CaseState, sentences: Sequence[str], locale: Locale) -> list[Line]:
    """The case's events (all of them, with a sentence for each) in the order in which things happened."""
    told = zip(case.events, sentences, strict=True)
    lines = [_line(event, text, locale) for event, text in told if event.kind not in _BEHIND_THE_SCENES]
    return sorted(lines, key=lambda line: (line.at, line.seq))


def _line(event: EventState, sentence: str, locale: Locale) -> Line:
    data = event.data
    line = Line(event.seq, event.at, event.actor, event.kind.label(locale), sentence)
    if event.kind is LogKind.FILE_LISTED and data.get("name"):
        return replace(line, text=" ".join(str(data["name"]).split()), foot=_foot(event))
    if event.kind is not LogKind.TIMELINE_ENTRY or not data.get("text"):
        return line
    at = datetime.fromisoformat(data["happened_at"])
    line = replace(
        line,
        at=at,
        text=str(data["text"]),
        noted_at=event.at if event.at - at > _AT_ONCE else None,
        written=True,
    )
    if data.get("source") == "message":
        kind = label("timeline.kinds.message", locale)
        return replace(line, kind=kind, who=str(data["author"]), foot=_foot(event))
    corrects = data.get("corrects")
    kind = label("timeline.kinds.correction" if corrects else "timeline.kinds.entry", locale)
    return replace(line, kind=kind, corrects=corrects)


def _foot(event: EventState) -> dict[str, Any]:
    data = event.data
    address = str(data.get("permalink") or "")
    return {
        "kept_by": event.actor if event.kind is LogKind.TIMELINE_ENTRY else None,
        "edited": data.get("edited") is True,
        "permalink": Mrkdwn(escape(address)) if _ADDRESS.fullmatch(address) else None,
        "size": data.get("size"),
        "stored": data.get("stored") is True,
        "sha256": data.get("sha256"),
        "trouble": FileTrouble.named(data.get("trouble")),
    }


def timeline(
    locale: Locale, tz: ZoneInfo, case: CaseState, lines: Sequence[Line], page: int | None = None
) -> b.View:
    """One page of the timeline, the newest unless `page` (from 0, the oldest) names another.

    `private_metadata`: case and page as JSON.
    """
    mark, title_mark = marks(locale, case.drill)
    last = max(0, (len(lines) - 1) // PAGE)
    page = last if page is None else min(max(page, 0), last)
    # Pages are counted from the end, so that the newest one is full.
    end = len(lines) - (last - page) * PAGE
    shown = lines[max(0, end - PAGE) : end]
    intro = written(
        "timeline_intro",
        locale,
        case=case,
        total=len(lines),
        shown=len(shown),
        first=end - len(shown) + 1,
        last=end,
    ).parts
    people = _known(case, lines)
    return b.modal(
        title_mark + label("timeline.title", locale),
        [
            b.section(Mrkdwn(mark + intro[0])),
            *(b.context(part) for part in intro[1:]),
            b.actions(*_buttons(locale, case, older=page > 0, newer=page < last)),
            b.divider(),
            *(block for line in shown for block in _blocks(locale, tz, case, line, people)),
        ],
        close=label("common.close", locale),
        private_metadata=json.dumps({"case": case.number, "page": page}),
    )


def _buttons(locale: Locale, case: CaseState, *, older: bool, newer: bool) -> list[b.Block]:
    offered = [Action.TIMELINE_ADD] if case.blanked_at is None else []
    offered += [Action.TIMELINE_OLDER] if older else []
    offered += [Action.TIMELINE_NEWER] if newer else []
    return [b.button(label(f"buttons.{act.value}", locale), act, case.number) for act in offered]


def _blocks(
    locale: Locale, tz: ZoneInfo, case: CaseState, line: Line, people: frozenset[str]
) -> list[b.Block]:
    who = _named(line.who, locale)
    blocks = [b.context(written("timeline_head", locale, tz=tz, case=case, line=line, who=who).parts[0])]
    if line.text.strip():
        rooms = {case.channel, *case.former_rooms}
        body = b.section(_with_names(Mrkdwn(b.clip(escape(line.text), SHOWN)), people, rooms))
        if line.written and case.blanked_at is None:
            text = label("buttons.timeline_correct", locale)
            body["accessory"] = b.button(text, Action.TIMELINE_CORRECT, case.number, about=f"#{line.seq}")
            body["block_id"] = f"entry_{line.seq}"
        blocks.append(body)
    if line.foot:
        kept_by = line.foot["kept_by"]
        by = None if kept_by is None else _named(kept_by, locale)
        foot = written("timeline_foot", locale, case=case, **{**line.foot, "kept_by": by})
        blocks += [b.context(part) for part in foot.parts]
    return blocks


def entry_form(locale: Locale, case: CaseState, now: datetime, corrects: int | None = None) -> b.View:
    """What happened and when. `private_metadata`: case and the entry to correct as JSON."""
    mark, title_mark = marks(locale, case.drill)
    kind = "text" if corrects is None else "correction"
    intro = written("timeline_entry_intro", locale, case=case, corrects=corrects).parts[0]
    placeholder = label(f"timeline.{kind}.placeholder", locale)
    return b.modal(
        title_mark
        + label("timeline.entry_title" if corrects is None else "timeline.correction_title", locale),
        [
            b.section(Mrkdwn(mark + intro)),
            b.field(
                "happened_at",
                label("timeline.happened_at.label", locale),
                b.moment_input(now),
                label("timeline.happened_at.hint", locale),
            ),
            b.field(
                "text",
                label(f"timeline.{kind}.label", locale),
                b.text_input(TEXT_LIMIT, placeholder, multiline=True),
            ),
        ],
        close=label("common.cancel", locale),
        submit=label("common.record", locale),
        callback_id=Callback.TIMELINE_ENTRY,
        private_metadata=json.dumps({"case": case.number, "corrects": corrects}),
    )


def _known(case: CaseState, lines: Sequence[Line]) -> frozenset[str]:
    """The people this reader may see named: a mention in a modal shows a name and rings for nobody."""
    people = {*case.members, *(page.user for page in case.pages), *(line.who for line in lines)}
    people |= {p.user for level in case.chain for p in level.people if p.user}
    return frozenset(people | {case.reporter}) - {NOT_NAMED}


def _named(user: str, locale: Locale) -> Mrkdwn:
    if user == NOT_NAMED:
        return escape(Role.REPORTER.label(locale))
    return mention(user) if _USER.fullmatch(user) else escape(user)


def _with_names(text: Mrkdwn, people: frozenset[str], rooms: Collection[str | None]) -> Mrkdwn:
    """Escaped text in which the ids of people and of the case's rooms are shown by name."""

    def shown(found: re.Match[str]) -> str:
        user = found[1] or found[2]
        if user in rooms:
            return room(user)
        return mention(user) if found[1] or user in people else found[0]

    return Mrkdwn(_ID.sub(shown, text))
