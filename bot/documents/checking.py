"""Are the organisation's own templates usable? Said at the start and by `leakbot check`, not at night.

Every text is composed for a case of which nothing is known and for one of which much is; every Word file is
filled in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from bot.documents.composing import LOCALES, Composer, DocumentError
from bot.documents.word import LOOKS, word_file
from bot.errors import ConfigurationError
from bot.organisation import Organisation
from bot.policy.items import KEYS
from bot.policy.prevention import MEASURE
from bot.policy.state import CaseState, EventState, ObligationState, ReportState, TaskState
from bot.vocabulary import DocumentKind, Indicator, LogKind, ObligationKind, Role, Status, TaskPhase

#: Every name a template may have.
NAMES: Final = frozenset(
    {*LOOKS, *(f"{kind.value}.md" for kind in DocumentKind), *(f"{kind.value}.docx" for kind in DocumentKind)}
)


def own_templates(organisation: Organisation) -> tuple[Path, ...]:
    """The organisation's own templates, whatever they are called; none where it has no folder."""
    if organisation.templates is None:
        return ()
    found = (path for path in sorted(organisation.templates.rglob("*")) if path.is_file())
    return tuple(path for path in found if not path.name.startswith((".", "~$")))  # Word's own lock files


def check_templates(organisation: Organisation) -> None:
    """Raises ConfigurationError for the first template that is wrong: file, line, remedy. Takes seconds."""
    own = own_templates(organisation)
    for path in own:
        _check_name(path, organisation)
    if not own:
        return
    composer = Composer(organisation)
    try:
        for case in _samples():
            for kind in DocumentKind:
                for locale in LOCALES:
                    content = composer.compose(kind, locale, case, _NOW)
                    if case.items:
                        word_file(content, organisation, mark="x", at=_NOW)
    except DocumentError as error:
        raise ConfigurationError(str(error), error.remedy) from error


def _check_name(path: Path, organisation: Organisation) -> None:
    folder = organisation.templates
    assert folder is not None  # noqa: S101 - the path was found in it
    inside = path.relative_to(folder)
    if len(inside.parts) != 2 or inside.parts[0] not in LOCALES:
        what = f"{path}: a template stands in the folder ja or en of {folder}."
        raise ConfigurationError(what, f"Move it, for example to {folder / 'ja' / path.name}.")
    if path.name not in NAMES:
        near = get_close_matches(path.name, sorted(NAMES), n=1)
        remedy = f'Did you mean "{near[0]}"?' if near else f"The names are {', '.join(sorted(NAMES))}."
        raise ConfigurationError(f"{path}: there is no template of this name.", remedy)


_NOW: Final = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def _samples() -> Iterator[CaseState]:
    """A case of which nothing is known, and one of which much is."""
    empty = CaseState(
        number="2026-0001",
        drill=False,
        status=Status.REPORTED,
        department="x",
        department_name="x",
        indicator=Indicator.OTHER,
        reporter="U1",
        aware_at=_NOW,
        reported_at=_NOW,
        occurred_at=None,
        acknowledged_at=None,
        acknowledged_by=None,
        closed_at=None,
        report=ReportState(summary="x"),
        facts={},
        channel=None,
        card=None,
        revision=1,
        chain=(),
        acknowledge_within=timedelta(minutes=10),
        repeat_every=timedelta(minutes=10),
    )
    yield empty
    edit = {"text": "x", "by": "U1", "at": _NOW.isoformat()}
    closure = {"root_cause": "x", "prevention": "x", "outcome": "recovered"}
    yield replace(
        empty,
        status=Status.CLOSED,
        occurred_at=_NOW,
        closed_at=_NOW,
        report=ReportState(summary="x", immediate_actions="x"),
        facts={"kind": "leak", "certainty": "confirmed", "persons": {"exact": 1}, "my_number": True},
        assessment={"decision": "report", "triggers": ["appi_7_1_sensitive"]},
        items=dict.fromkeys(KEYS, edit),
        tasks=(
            TaskState(f"{MEASURE}1", TaskPhase.AFTERCARE, Role.PRIVACY_OFFICE, _NOW, user="U1", title="x"),
        ),
        obligations=tuple(_filed(kind) for kind in ObligationKind),
        events=(EventState(1, _NOW, "U1", LogKind.CLOSED, closure),),
    )


def _filed(kind: ObligationKind) -> ObligationState:
    return ObligationState(
        kind=kind,
        recipient="ppc",
        due_at=_NOW,
        aim_on=None,
        nominal_on=None,
        clock_start=None,
        days=None,
        provisional=False,
        submitted_at=_NOW,
        receipt="x",
    )
