"""How the notices to the persons, publication and the contact for inquiries are written in documents.

What people typed (the reasons) is for the commission and for the company; `outside` leaves it out.
"""

from __future__ import annotations

from bot.organisation import Organisation
from bot.policy.items import Notified, Published
from bot.policy.notifying import Progress
from bot.policy.state import CaseState
from bot.rendering import label
from bot.vocabulary import Locale, NoticeWay


def notified_text(value: Notified, locale: Locale, day: str, *, outside: bool = False) -> str:
    """How far the notices are, one line each. In: `day`, the day of completion as documents write it."""
    if outside:
        return _to_outsiders(value.progress, locale)
    done = [_said("completed", locale, day=day)] if value.completed_at else []
    reasons = [_said("reason", locale, reason=reason) for reason in value.reasons]
    ways = _said("ways", locale, ways=ways_text(value.progress, locale))
    return "\n".join([counted(value.progress, locale), *done, ways, *reasons])


def counted(progress: Progress, locale: Locale) -> str:
    """How many were told of how many, as 「通知済み 800人／対象 1,200人」."""
    told = f"{progress.told:,}"
    if progress.total is None:
        return _said("told_of_unknown", locale, told=told)
    kind = "told_of_at_most" if progress.at_most else "told_of"
    return _said(kind, locale, told=told, total=f"{progress.total:,}")


def ways_text(progress: Progress, locale: Locale) -> str:
    """How many were told in which way, as 「電子メール 600人、郵送 200人」."""
    return _listed([way_text(way, count, locale) for way, count in progress.ways], locale)


def way_text(way: NoticeWay, count: int | None, locale: Locale) -> str:
    """One way with its number; a substitute measure may stand for everybody else."""
    if count is None:
        return _said("way_for_the_rest", locale, way=way.label(locale))
    return _said("way", locale, way=way.label(locale), count=f"{count:,}")


def published_text(value: Published, locale: Locale, days: tuple[str, str], *, outside: bool = False) -> str:
    """Where publication stands. In: the days of publication and of looking at it again, empty for none."""
    published_on, review_on = days
    details = [*(way.label(locale) for way in value.ways), *([published_on] if published_on else [])]
    if review_on and not outside:
        details.append(_said("review", locale, day=review_on))
    text = value.stage.label(locale)
    if details:
        text = _said("details", locale, stage=text, details=_listed(details, locale))
    if value.reason and not outside:
        text += "\n" + _said("why", locale, reason=value.reason)
    return text


def contact_of(case: CaseState, organisation: Organisation) -> str | None:
    """Whom people outside may ask: the department's contact point, where it is an address they can use.

    A Slack id or handle means nothing to them; then there is none, and the office writes one.
    """
    department = organisation.department(case.department)
    point = department.contact_point if department else None
    if department is None or point is None or "@" not in point[1:]:
        return None
    return f"{organisation.name} {department.name} {point}"


def _to_outsiders(progress: Progress, locale: Locale) -> str:
    told = [way.label(locale) for way, _ in progress.ways if not way.stands_instead]
    instead = [_said(f"instead.{way.value}", locale) for way, _ in progress.ways if way.stands_instead]
    lines = []
    if told:
        lines.append(
            _said("out_all" if progress.complete else "out_some", locale, ways=_listed(told, locale))
        )
    if instead:
        lines.append(_said("out_instead", locale, ways=_listed(instead, locale)))
    return "\n".join(lines)


def _listed(words: list[str], locale: Locale) -> str:
    return ("、" if locale == "ja" else ", ").join(words)


def _said(key: str, locale: Locale, **values: str) -> str:
    return label(f"notified.{key}", locale, **values)
