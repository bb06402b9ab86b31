"""What Slack sends becomes plain values, or errors beside the field; nothing of it breaks the reader."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.forms import (
    FieldErrors,
    read_added_facts,
    read_closure,
    read_first_report,
    read_submission,
)
from bot.vocabulary import Indicator, Medium, ObligationKind, Outcome, Protection, ReportKind
from bot.workflow.inputs import AddedFacts

NOW = datetime(2026, 11, 22, 12, 18, tzinfo=UTC)
EARLIER = NOW - timedelta(minutes=8)


def view(**fields: dict[str, Any]) -> dict[str, Any]:
    """A submitted view with these elements."""
    values = {name: {"value": element} for name, element in fields.items()}
    return {"id": "V1", "private_metadata": "", "state": {"values": values}}


def chosen(value: str) -> dict[str, Any]:
    return {"type": "static_select", "selected_option": {"text": {"text": value}, "value": value}}


def typed(value: str | None) -> dict[str, Any]:
    return {"type": "plain_text_input", "value": value}


def at(when: datetime | None) -> dict[str, Any]:
    return {"type": "datetimepicker", "selected_date_time": int(when.timestamp()) if when else None}


def shortest(**more: dict[str, Any]) -> dict[str, Any]:
    """The four required fields."""
    fields = {
        "indicator": chosen("media_lost"),
        "summary": typed(" カバンを忘れた "),
        "aware_at": at(EARLIER),
        "department": chosen("sales"),
    }
    return view(**{**fields, **more})


def wrong(form: dict[str, Any]) -> dict[str, str]:
    """The reason at each field of a first report."""
    with pytest.raises(FieldErrors) as raised:
        read_first_report(form, NOW)
    return {field: reason for field, (reason, _) in raised.value.reasons.items()}


def test_the_shortest_report() -> None:
    report = read_first_report(shortest(persons=typed(None), files={"type": "file_input", "files": []}), NOW)
    assert report.indicator is Indicator.MEDIA_LOST
    assert report.summary == "カバンを忘れた"
    assert report.aware_at == EARLIER
    assert report.department == "sales"
    assert (report.persons, report.persons_fact, report.files) == (None, None, ())


def test_the_full_report() -> None:
    form = shortest(
        occurred_at=at(EARLIER - timedelta(hours=2)),
        medium=chosen("paper"),
        data_items=typed("氏名"),
        persons=typed("800〜1,200人"),
        protection=chosen("none"),
        immediate_actions=typed("電話した"),
        files={"type": "file_input", "files": [{"id": "F1"}, {"id": "F2", "name": "x.png"}]},
    )
    form["private_metadata"] = '{"source_permalink": "https://example.slack.com/p1"}'
    report = read_first_report(form, NOW)
    assert report.medium is Medium.PAPER
    assert report.protection is Protection.NONE
    assert (report.persons, report.persons_fact) == ("800〜1,200人", {"min": 800, "max": 1200})
    assert report.files == ("F1", "F2")
    assert report.source_permalink == "https://example.slack.com/p1"


def test_who_told_the_reporter_and_whether_their_name_is_kept() -> None:
    plain = read_first_report(shortest(), NOW)
    assert (plain.on_behalf_of, plain.confidential) == (None, False)
    ticked = {"type": "checkboxes", "selected_options": [{"text": {"text": "x"}, "value": "true"}]}
    form = shortest(on_behalf_of=typed(" 委託先から電話 4111 1111 1111 1111 "), confidential=ticked)
    report = read_first_report(form, NOW)
    assert report.on_behalf_of == "委託先から電話 ［カード番号 末尾1111］"
    assert report.confidential is True
    assert set(report.typed) == {"on_behalf_of"}
    none_ticked = {"type": "checkboxes", "selected_options": []}
    assert read_first_report(shortest(confidential=none_ticked), NOW).confidential is False
    assert wrong(shortest(on_behalf_of=typed("x" * 301))) == {"on_behalf_of": "too_long"}


def test_an_empty_form_asks_for_the_required_fields_all_at_once() -> None:
    expected = {"indicator", "summary", "aware_at", "department"}
    assert wrong({}) == dict.fromkeys(expected, "required")
    assert wrong({"state": None}) == dict.fromkeys(expected, "required")


def test_only_spaces_are_no_summary() -> None:
    assert wrong(shortest(summary=typed("  　\n"))) == {"summary": "no_text"}


def test_times_must_have_been_and_in_order() -> None:
    assert wrong(shortest(aware_at=at(NOW + timedelta(minutes=3)))) == {"aware_at": "in_future"}
    assert read_first_report(shortest(aware_at=at(NOW + timedelta(minutes=1))), NOW)
    assert wrong(shortest(occurred_at=at(EARLIER + timedelta(minutes=1)))) == {
        "occurred_at": "before_occurrence"
    }
    assert wrong(shortest(occurred_at={"selected_date_time": "soon"})) == {"occurred_at": "wrong_date"}


def test_what_cannot_be_read_is_said_at_its_field() -> None:
    assert wrong(shortest(persons=typed("たくさん"))) == {"persons": "not_a_number_of_people"}
    assert wrong(shortest(persons=typed("1200-800"))) == {"persons": "minimum_above_maximum"}
    assert wrong(shortest(medium=chosen("cloud9"))) == {"medium": "unknown_choice"}
    assert wrong(shortest(data_items=typed("あ" * 1001))) == {"data_items": "too_long"}


def test_unknown_is_an_answer() -> None:
    assert read_first_report(shortest(persons=typed("不明")), NOW).persons_fact == "unknown"


def test_a_menu_may_send_its_value_as_text() -> None:
    report = read_first_report(shortest(indicator={"value": "media_stolen"}), NOW)
    assert report.indicator is Indicator.MEDIA_STOLEN


def test_metadata_that_is_no_json_has_no_permalink() -> None:
    for metadata in ("D2026", "[1]", '{"source_permalink": 3}', "null"):
        form = shortest()
        form["private_metadata"] = metadata
        assert read_first_report(form, NOW).source_permalink is None


def test_facts_left_empty_change_nothing() -> None:
    assert read_added_facts(view(), NOW) == AddedFacts()
    facts = read_added_facts(view(persons=typed("1000以上"), medium=chosen("mail")), NOW)
    assert facts == AddedFacts(persons="1000以上", persons_fact={"min": 1000}, medium=Medium.MAIL)


def test_what_happened_cannot_be_after_what_was_noticed() -> None:
    with pytest.raises(FieldErrors) as raised:
        read_added_facts(view(occurred_at=at(NOW)), NOW, aware_at=EARLIER)
    assert raised.value.reasons == {"occurred_at": ("before_occurrence", {})}


def test_a_submission() -> None:
    form = view(
        obligation=chosen("preliminary"),
        report_kind=chosen("preliminary"),
        submitted_at=at(EARLIER),
        recipient=typed("個人情報保護委員会"),
        receipt_no=typed(None),
    )
    submission = read_submission(form, NOW)
    assert submission.obligation is ObligationKind.PRELIMINARY
    assert submission.report_kind is ReportKind.PRELIMINARY
    assert submission.receipt_no is None
    with pytest.raises(FieldErrors):
        read_submission(view(), NOW)


def test_a_closure() -> None:
    form = view(root_cause=typed("置き忘れ"), prevention=typed("持ち出しをやめた"), outcome=chosen("no_leak"))
    assert read_closure(form).outcome is Outcome.NO_LEAK
    with pytest.raises(FieldErrors) as raised:
        read_closure(view())
    assert set(raised.value.reasons) == {"root_cause", "prevention", "outcome"}


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.dictionaries(
        st.sampled_from(["indicator", "summary", "aware_at", "department", "persons", "files"]),
        st.fixed_dictionaries(
            {},
            optional={
                "value": ANYTHING,
                "selected_option": ANYTHING,
                "selected_date_time": ANYTHING,
                "files": ANYTHING,
            },
        ).map(lambda element: {"value": element}),
    )
)
def test_whatever_slack_sends_is_read_or_refused(values: dict[str, Any]) -> None:
    # Whichever the fields, some required one is never right: the errors must name fields, not crash.
    with pytest.raises(FieldErrors) as raised:
        read_first_report({"state": {"values": values}}, NOW)
    assert raised.value.reasons
