"""The form that records a submission (提出の記録)."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.policy.approval import fitting
from bot.policy.state import CaseState
from bot.rendering import Mrkdwn, label
from bot.slack.screens import blocks as b
from bot.slack.screens.approval import version_label
from bot.slack.screens.message import marks, written
from bot.slack.screens.obligations import recipient_name, replaces, undecided
from bot.vocabulary import Callback, Locale, ObligationKind, ReportKind

RECIPIENT_LIMIT = 200
RECEIPT_LIMIT = 200

# What is usually filed for an obligation: the first choice of the form, which the person may change.
USUAL_KIND = {
    ObligationKind.CONTROLLER_NOTICE: ReportKind.PRELIMINARY,
    ObligationKind.PRELIMINARY: ReportKind.PRELIMINARY,
    ObligationKind.MN_PRELIMINARY: ReportKind.PRELIMINARY,
    ObligationKind.FINAL: ReportKind.FINAL,
    ObligationKind.MN_FINAL: ReportKind.FINAL,
    ObligationKind.INDIVIDUAL_NOTICE: ReportKind.FINAL,
}


def submission(
    locale: Locale,
    tz: ZoneInfo,
    case: CaseState,
    obligation: ObligationKind | None,
    now: datetime,
    *,
    language: Locale | None = None,
) -> b.View:
    """The form; `obligation` is chosen at first, else the next one due. `private_metadata`: the case number.

    `language`: the company's, in which its record names the recipient, whoever fills in the form.
    Every standing obligation can be chosen, those submitted too, for follow-ups (追完). With none standing
    the view only says so.
    """
    mark, title_mark = marks(locale, case.drill)
    title = title_mark + label("submission.title", locale)
    standing = case.standing_obligations
    if not standing:
        nothing = written("submission_nothing", locale, case=case).parts[0]
        return b.modal(title, [b.section(Mrkdwn(mark + nothing))], close=label("common.close", locale))

    def text(key: str) -> str:
        return label(f"submission.{key}", locale)

    asked = case.obligation(obligation) if obligation else None
    first = asked or next(iter(case.open_obligations), standing[0])
    choose = label("common.choose", locale)
    kinds = b.select(b.choices((entry.kind for entry in standing), locale), choose, first.kind.value)
    reports = b.select(b.choices(ReportKind, locale), choose, USUAL_KIND[first.kind].value)
    replacing = replaces(case)
    # Which of the two will be recorded decides the recipient, and a company that entrusted data has a name.
    named = "" if replacing else recipient_name(first, language or locale)
    recipient = b.text_input(RECIPIENT_LIMIT, text("recipient.placeholder"), initial=named)
    intro = written(
        "submission_intro", locale, case=case, replaces=replacing, undecided=undecided(case)
    ).parts
    return b.modal(
        title,
        [
            *(b.section(Mrkdwn(mark + part)) for part in intro),
            b.field("obligation", text("obligation"), kinds),
            b.field(
                "report_kind",
                text("report_kind.label"),
                reports,
                text("report_kind.hint_notice" if replacing else "report_kind.hint"),
            ),
            b.field("submitted_at", text("submitted_at"), b.moment_input(now)),
            b.field(
                "recipient",
                text("recipient.label"),
                recipient,
                text("recipient.hint_notice") if replacing else "",
            ),
            b.field(
                "receipt_no",
                text("receipt_no.label"),
                b.text_input(RECEIPT_LIMIT),
                text("receipt_no.hint"),
                optional=True,
            ),
            *_document(locale, case, first.kind),
        ],
        close=label("common.cancel", locale),
        submit=label("common.record", locale),
        callback_id=Callback.SUBMISSION,
        private_metadata=case.number,
    )


def _document(locale: Locale, case: CaseState, first: ObligationKind) -> list[b.Block]:
    """Which version it was, where any fits: those of `first` stand first, approved ones on top."""
    kinds = [first, *(entry.kind for entry in case.standing_obligations)]
    found = dict.fromkeys(version for kind in kinds for version in fitting(case, kind))
    if not found:
        return []
    options = [b.option(str(version.ref), version_label(version, locale)) for version in found]
    return [
        b.field(
            "document",
            label("submission.document.label", locale),
            b.select(options, label("common.choose", locale)),
            label("submission.document.hint", locale),
            optional=True,
        )
    ]
