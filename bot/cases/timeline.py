"""The log as a table that people open in a spreadsheet: timeline.csv of the case file."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Protocol
from zoneinfo import ZoneInfo

from bot.cases.log import BLANKED
from bot.cases.tables import Case, LogEntry, Member
from bot.cases.task_rows import title_of
from bot.errors import InvalidField
from bot.law.authorities import recipient_name
from bot.law.decisions import Decision
from bot.law.fact_labels import fact_label
from bot.law.facts import (
    FACT_NAMES,
    NO_DELEGATION,
    Answer,
    Certainty,
    DamageType,
    DataStatus,
    HandledAs,
    Kind,
)
from bot.law.persons import Persons, format_persons
from bot.law.triggers import TRIGGERS
from bot.policy.items import key_label
from bot.rendering import day, label, moment, renderer
from bot.vocabulary import (
    CriterionKind,
    DocumentKind,
    FileTrouble,
    Indicator,
    InquiryChannel,
    InquirySource,
    Locale,
    LogKind,
    Medium,
    NoticeWay,
    ObligationKind,
    Outcome,
    PersonalData,
    Protection,
    Publication,
    PublicationWay,
    ReportKind,
    Role,
    SendingWay,
    SkipReason,
    TaskPhase,
    Word,
)

COLUMNS: Final = ("seq", "at", "actor", "actor_is", "kind", "kind_label", "text", "hash")

#: A cell of Excel holds 32,767 characters; what is longer would spill over the rows below.
LONGEST_CELL: Final = 32_000

#: What makes a spreadsheet read a cell as a formula (OWASP, CSV Injection), full-width forms included, which
#: Japanese input methods write and some spreadsheets read alike.
_FORMULA: Final = re.compile(r"\s*[=+\-@\t\r\n＝＋－＠−]")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")

#: Words by the name under which entries hold them.
_WORDS: Final[Mapping[str, type[Word]]] = {
    "indicator": Indicator,
    "medium": Medium,
    "protection": Protection,
    "obligation": ObligationKind,
    "obligations": ObligationKind,
    "removed": ObligationKind,
    "report_kind": ReportKind,
    "outcome": Outcome,
    "decision": Decision,
    "phase": TaskPhase,
    "criterion": CriterionKind,
    "kinds": PersonalData,
    "trouble": FileTrouble,
    "kind": DocumentKind,
    "source": InquirySource,
    "channel": InquiryChannel,
    "document": DocumentKind,
    "route": Role,
    "role": Role,
    "instead": Role,
    "way": SendingWay,
    "told_by": NoticeWay,
    "ways": PublicationWay,
    "publication": Publication,
}
_FACT_WORDS: Final[Mapping[str, type[Word]]] = {
    "kind": Kind,
    "damage_type": DamageType,
    "certainty": Certainty,
    "data_status": DataStatus,
    "role": HandledAs,
}
#: Names under which entries hold keys of tasks.
_TASKS: Final = ("task", "tasks", "new", "dropped", "back", "fresh")
#: The answers of the law's assessment that a reader of the timeline asks for.
_DUES: Final = ("preliminary_due", "final_due")


def timeline_csv(
    case: Case, entries: Sequence[LogEntry], members: Iterable[Member], locale: Locale, zone: ZoneInfo
) -> bytes:
    """Every entry of the log as one row of `COLUMNS`, oldest first; texts in `locale`, times in `zone`.

    UTF-8 with a byte order mark, so that Excel reads it as such; every cell quoted; a cell that a spreadsheet
    would take for a formula begins with an apostrophe.
    """
    roles = {m.user: Role.of(m.role) for m in members}
    reader = _Reader.of(case, entries, locale, zone, roles)
    table = io.StringIO(newline="")
    rows = csv.writer(table, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    for entry in entries:
        rows.writerow([cell(value) for value in reader.row(entry)])
    # Half a character, which JSON can carry and UTF-8 cannot, reads as a question mark.
    return table.getvalue().encode("utf-8-sig", errors="replace")


class Entry(Protocol):
    """What of an entry is put into words: a row of the log, or what a reader may see of one."""

    @property
    def kind(self) -> str:
        """The kind's identifier."""
        ...

    @property
    def data(self) -> Mapping[str, Any]:
        """What it holds."""
        ...


def sentences(case: Case, entries: Iterable[Entry], locale: Locale, zone: ZoneInfo) -> list[str]:
    """What each entry tells, as `timeline_csv` words it; several lines where it tells several things.

    Neither safe mrkdwn nor a safe cell.
    """
    known = list(entries)
    reader = _Reader.of(case, known, locale, zone)
    return [reader.text(entry) for entry in known]


def cell(value: object) -> str:
    """A value as a cell that stays text: no formula, no control characters, one kind of line break."""
    text = _CONTROL.sub(" ", str(value).replace("\r\n", "\n").replace("\r", "\n"))
    return f"'{text}" if _FORMULA.match(text) else text


class _Told(dict[str, Any]):
    """What an entry holds, in words. Entries of other versions may lack something: that reads as nothing."""

    def __missing__(self, name: str) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class _Reader:
    case: Case
    roles: Mapping[str, Role]
    locale: Locale
    zone: ZoneInfo
    words: Mapping[str, Any]  # timeline.yaml
    titles: Mapping[str, str]  # of tasks in somebody's own words, by key

    @classmethod
    def of(
        cls,
        case: Case,
        entries: Sequence[Entry],
        locale: Locale,
        zone: ZoneInfo,
        roles: Mapping[str, Role] | None = None,
    ) -> _Reader:
        """What reads the entries of one case, all of which it is given: some name what others speak of."""
        added = {each["id"]: each["title"] for each in (case.rules.get("tasks") or {}).get("add") or ()}
        noted = (e.data for e in entries if e.kind == LogKind.TASK_ADDED)
        titles = added | {str(data.get("task")): data["title"] for data in noted if data.get("title")}
        return cls(case, roles or {}, locale, zone, renderer().data("timeline.yaml", locale), titles)

    def row(self, entry: LogEntry) -> tuple[object, ...]:
        kind = LogKind.named(entry.kind)
        return (
            entry.seq,
            entry.at.astimezone(self.zone).isoformat(timespec="seconds"),
            entry.actor,
            self._who(entry.actor),
            entry.kind,
            kind.label(self.locale) if kind else entry.kind,
            self.text(entry),
            entry.hash,
        )

    def _who(self, user: str) -> str:
        """What somebody was to the case, and how the organisation file names them."""
        role = Role.REPORTER if user == self.case.reporter else self.roles.get(user)
        named = {p["reference"] for level in self.case.chain for p in level["people"] if p["user"] == user}
        return " ".join([*([role.label(self.locale)] if role else []), *sorted(named - {user, ""})])

    def text(self, entry: Entry) -> str:
        """What the entry tells."""
        data = entry.data
        values = {
            "kind": entry.kind,
            "blanked": data == BLANKED,
            "d": _Told({name: self._told(name, value) for name, value in data.items()}),
            "role": self._role_at(data.get("level")),
            "lines": self._lines(entry.kind, data),
            "edited": data.get("edited") is True,
            "stored": data.get("stored") is True,
            "corrected": data.get("corrected") is True,
            "faq": data.get("faq") is True,
        }
        told = renderer().render("timeline.txt", self.locale, self.zone, **values)
        # The renderer escapes for Slack; a table wants the text itself.
        text = html.unescape("\n".join(line.strip() for line in told.splitlines() if line.strip()))
        more = self.words["more"]
        return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - len(more)] + more

    def _role_at(self, level: object) -> str:
        if isinstance(level, int) and 0 <= level < len(self.case.chain):
            return Role.of(self.case.chain[level]["role"]).label(self.locale)
        return ""

    def _lines(self, kind: str, data: Mapping[str, Any]) -> list[tuple[str, str]]:
        """What the entry holds as name and value, one line each."""
        match LogKind.named(kind):
            case LogKind.MEMBERS_INVITED:
                people = data.get("people") or {}
                return [(user, str(error or self.words["invited"])) for user, error in people.items()]
            case LogKind.OBLIGATIONS_CHANGED:
                return [self._change(change) for change in data.get("changes") or []]
            case LogKind.ASSESSMENT_CONFIRMED:
                remark = self._named({"remark": data.get("remark")})
                known = self._facts(data.get("facts") or {})
                return [*self._answer(data.get("answer") or {}), *remark, *known]
            case LogKind.REASSESSED:
                return self._answer(data.get("after") or {})
            case LogKind.FACTS_ADDED:
                return self._named(data.get("facts") or {})
            case LogKind.JOINED:
                apart = ("channel", "words", "informants")
                told = {name: each for name, each in data.items() if name not in apart}
                return self._named({**told, **(data.get("words") or {})})
            case LogKind.ITEMS_EDITED:
                items = data.get("fields") or {}
                return [(key_label(key, self.locale), str(text or "—")) for key, text in items.items()]
        facts = data.get("facts")
        rest = {name: value for name, value in data.items() if name not in ("facts", "form")}
        return [*self._named(rest), *(self._facts(facts) if isinstance(facts, Mapping) else [])]

    def _named(self, values: Mapping[str, Any]) -> list[tuple[str, str]]:
        order = list(self.words["names"])
        names = sorted(values, key=lambda name: order.index(name) if name in order else len(order))
        told = [(name, self._told(name, values[name])) for name in names]
        return [(self._name(name), text) for name, text in told if text]

    def _name(self, name: str) -> str:
        return str(self.words["names"].get(name, name))

    def _facts(self, facts: Mapping[str, Any]) -> list[tuple[str, str]]:
        """What is known, in the law's order, and then in one line what is not."""
        known = {name: facts[name] for name in FACT_NAMES if facts.get(name) not in (None, NO_DELEGATION)}
        told = [(n, self._told(n, v, _FACT_WORDS.get(n, Answer))) for n, v in known.items() if v != "unknown"]
        unknown = self._listed(fact_label(name, self.locale) for name, v in known.items() if v == "unknown")
        lines = [(fact_label(name, self.locale), text) for name, text in told]
        return [*lines, *([(Answer.UNKNOWN.label(self.locale), unknown)] if unknown else [])]

    def _answer(self, answer: Mapping[str, Any]) -> list[tuple[str, str]]:
        names = {row.id: row.label(self.locale) for row in TRIGGERS}
        triggers = [names.get(each, each) for each in answer.get("triggers") or []]
        told = {"decision": answer.get("decision"), "triggers": triggers}
        return self._named(told | {name: answer.get(name) for name in _DUES})

    def _change(self, change: Mapping[str, Any]) -> tuple[str, str]:
        told = {n: v for n, v in change.items() if n not in ("kind", "removed", "provisional")}
        said = [str(self.words["removed"])] if change.get("removed") else []
        if "provisional" in change:
            said.append(str(self.words["provisional" if change["provisional"] else "confirmed"]))
        said += [f"{name} {value}" for name, value in self._named(told)]
        kind = ObligationKind.named(change.get("kind"))
        return kind.label(self.locale) if kind else str(change.get("kind")), self._listed(said)

    def _listed(self, words: Iterable[str]) -> str:
        return ("、" if self.locale == "ja" else ", ").join(words)

    def _told(self, name: str, value: Any, words: type[Word] | None = None) -> str:
        """A value in words, whatever it is; nothing for nothing."""
        kind = words or _WORDS.get(name)
        if value in (None, "", [], {}):
            return ""
        match value:
            case bool():
                return (Answer.YES if value else Answer.NO).label(self.locale)
            case list():
                if name in ("fields", "added"):
                    return self._listed(self._name(str(each)) for each in value)
                if name in _TASKS:  # titles hold commas of their own
                    return self._listed(self.words["quoted"].format(self._told(name, each)) for each in value)
                return self._listed(self._told(name, each) for each in value)
            case dict():
                return self._mapping(name, value)
            case str() if kind and (word := kind.named(value)):
                return word.label(self.locale)
            case str() if name in _TASKS:
                return self._task(value)
            case str() if name == "locale" and value in self.words["locales"]:
                return str(self.words["locales"][value])
            case str() if name == "department" and value == self.case.department:
                return self.case.department_name
            case str() if name == "by":
                return fact_label(value, self.locale)
            case str() if name == "recipient":
                return recipient_name(value, self.locale)
            case str() if name.endswith(("_at", "_on", "_due", "clock_start")):
                return self._moment(value)
            case str() if name == "reason" and (reason := SkipReason.named(value)):
                return reason.label(self.locale)
            case "mail" | "no_address" | "not_sent" if name in ("name", "reason"):
                return label(f"channels.{value}", self.locale)
        return str(value)

    def _task(self, key: str) -> str:
        """What a task is called; its key where its words are gone."""
        return title_of(key, self.locale) or self.titles.get(key) or key

    def _mapping(self, name: str, value: Mapping[str, Any]) -> str:
        try:
            return format_persons(Persons.from_json(name, value), self.locale)
        except InvalidField:
            return self._listed(f"{key} {self._told(key, each)}" for key, each in value.items())

    def _moment(self, written: str) -> str:
        try:
            if len(written) == len("2026-11-22"):
                return day(date.fromisoformat(written), self.locale, self.zone)
            return moment(datetime.fromisoformat(written), self.locale, self.zone)
        except ValueError:
            return written
