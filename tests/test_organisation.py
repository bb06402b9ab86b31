"""The organisation file: what it says, what is filled in, and every mistake named by line, key and remedy."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ConfigurationError
from bot.organisation import Criterion, Evidence, QuietHours, Step, TaskRules, parse, read
from bot.resources import resource
from bot.vocabulary import Role

SMALLEST = """\
name: 株式会社サンプル
privacy_office: [privacy@example.co.jp]
last_resort: [U0000000009]
departments:
  - id: sales
    name: 営業部
    manager: buchou@example.co.jp
"""
EXAMPLE = resource("organisation.example.yaml").read_text(encoding="utf-8")
TOKYO = ZoneInfo("Asia/Tokyo")
OWN_TASK = """\
tasks:
  add:
    - id: tell_insurer
      phase: report
      title: 保険会社に連絡する
      owner: privacy_office
      due: 1d
"""


def refusal(text: str) -> str:
    with pytest.raises(ConfigurationError) as refused:
        parse(text, "organisation.yaml")
    line = refused.value.line()
    assert "\n" not in line
    assert refused.value.remedy
    return line


def test_the_example_is_read_as_written() -> None:
    organisation = parse(EXAMPLE, "organisation.example.yaml")
    assert organisation.name == "株式会社サンプル"
    assert organisation.response_team == ("@csirt", "legal@example.co.jp")
    hr = organisation.department("hr")
    assert hr is not None
    assert hr.acknowledge_within == timedelta(minutes=5)
    assert organisation.reminders.quiet_hours == QuietHours(time(22), time(7))
    assert organisation.criteria.company_wide == Criterion(persons=1000, financial_harm=True)


def test_tasks_are_left_out_moved_and_added() -> None:
    text = SMALLEST + OWN_TASK + "  omit: [near_miss_review]\n  due: {preserve_evidence: 2h}\n"
    rules = parse(text, "organisation.yaml").tasks
    assert rules.omit == ("near_miss_review",)
    assert rules.due == {"preserve_evidence": timedelta(hours=2)}
    (own,) = rules.add
    assert (own.id, own.title, own.owner, own.due, own.why) == (
        "tell_insurer",
        "保険会社に連絡する",
        Role.PRIVACY_OFFICE,
        timedelta(days=1),
        None,
    )
    assert parse(SMALLEST, "organisation.yaml").tasks == TaskRules()
    assert parse(EXAMPLE, "organisation.example.yaml").tasks.add[0].why


def test_how_long_typed_words_are_kept_is_written_in_days() -> None:
    for written, kept in (("1825d", timedelta(days=1825)), ("1d", timedelta(days=1)), ("null", None)):
        text = SMALLEST + f"retention: {{personal_data_after: {written}}}\n"
        assert parse(text, "organisation.yaml").retention.personal_data_after == kept
    assert parse(SMALLEST, "organisation.yaml").retention.personal_data_after is None, "for ever"
    assert parse(EXAMPLE, "organisation.example.yaml").retention.personal_data_after is None


def test_who_approves_documents_and_in_which_order() -> None:
    assert parse(SMALLEST, "organisation.yaml").approval == (Role.MANAGER, Role.PRIVACY_OFFICE)
    text = SMALLEST + "approval: [response_team, last_resort]\n"
    assert parse(text, "organisation.yaml").approval == (Role.RESPONSE_TEAM, Role.LAST_RESORT)
    for written, what in (("[]", "nobody is named"), ("[manager, manager]", "stands twice")):
        assert what in refusal(SMALLEST + f"approval: {written}\n")
    told = refusal(SMALLEST + "approval:\n  - manager\n  - reporter\n")
    assert told.startswith('organisation.yaml:10: approval[1]: "reporter" cannot be chosen')


def test_files_are_kept_only_where_a_folder_is_named(tmp_path: Path) -> None:
    assert parse(SMALLEST, "organisation.yaml").evidence == Evidence(None, 50_000_000)
    assert parse(EXAMPLE, "organisation.example.yaml").evidence == Evidence(None, 50_000_000)
    file = tmp_path / "organisation.yaml"
    file.write_text(SMALLEST + "evidence: {store: kept, largest: 20KB}\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"organisation.yaml:8: evidence.store: there is no folder"):
        read(file)
    (tmp_path / "kept").mkdir()
    assert read(file).evidence == Evidence(tmp_path / "kept", 20_000)


@pytest.mark.parametrize("written", ["50", "1B", "0MB", "501MB", "1GB", "[]", "-1MB", "1.5MB"])
def test_a_size_that_no_file_may_have_is_named(written: str) -> None:
    told = refusal(SMALLEST + f"evidence:\n  largest: {written}\n")
    assert told.startswith("organisation.yaml:9: evidence.largest: ")
    assert "like 50MB" in told


@pytest.mark.parametrize("written", ["5y", "48h", "0d", "1825", "-1d", "[]", "true", "100000d"])
def test_a_time_of_keeping_that_is_none_is_named(written: str) -> None:
    told = refusal(SMALLEST + f"retention:\n  personal_data_after: {written}\n")
    assert told.startswith("organisation.yaml:9: retention.personal_data_after: ")
    assert "like 1825d for five years" in told


def test_a_channel_is_a_url_alone_or_with_whom_it_calls_and_when() -> None:
    channels = """\
paging:
  channels:
    - mailtos://leakbot:${SMTP_PASSWORD}@smtp.example.co.jp?to={email}
    - {url: "${DUTY_DESK}", levels: [last_resort], after: 1m}
"""
    mail, desk = parse(SMALLEST + channels, "organisation.yaml").paging.channels
    assert mail.levels == {Role.MANAGER, Role.DEPUTY, Role.LAST_RESORT}
    assert (mail.after, mail.per_person) == (timedelta(minutes=5), True)
    assert desk.levels == {Role.LAST_RESORT}
    assert (desk.after, desk.per_person) == (timedelta(minutes=1), False)
    assert "smtp" not in repr(mail), "a URL may hold a password"


def test_a_mistake_in_a_channel_does_not_quote_its_url() -> None:
    for written in ("'mailto://user:pa55@host to'", "{url: 'mailto://user:pa55@{host}'}", "'user:pa55@host'"):
        assert "pa55" not in refusal(SMALLEST + f"paging: {{channels: [{written}]}}\n")


def test_what_is_left_out_is_filled_in() -> None:
    organisation = parse(SMALLEST, "organisation.yaml")
    assert organisation.locale == "ja"
    assert organisation.timezone.key == "Asia/Tokyo"
    assert organisation.crisis_team == ()
    assert organisation.paging.repeat_every == timedelta(minutes=10)
    assert organisation.paging.step_within == timedelta(hours=4)
    assert organisation.paging.absence_emoji == ()
    assert organisation.reminders.preliminary[0] == Step("3d", timedelta(days=3))
    assert organisation.reminders.quiet_hours is None
    assert organisation.criteria.publish is None


def test_a_department_without_patience_of_its_own_has_the_organisations() -> None:
    organisation = parse(SMALLEST + "paging: {acknowledge_within: 90s}\n", "organisation.yaml")
    assert organisation.departments[0].acknowledge_within == timedelta(seconds=90)


def test_an_unknown_department_is_none() -> None:
    assert parse(SMALLEST, "organisation.yaml").department("nobody") is None


def test_countdown_steps_are_sorted_longest_first_and_keep_their_names() -> None:
    organisation = parse(SMALLEST + "reminders: {final: [90m, 7d, 1d]}\n", "organisation.yaml")
    assert [step.name for step in organisation.reminders.final] == ["7d", "1d", "90m"]


def test_times_and_words_that_old_yaml_would_misread_are_text() -> None:
    text = SMALLEST.replace("id: sales", "id: no") + "reminders:\n  quiet_hours: {from: 22:00, to: 07:00}\n"
    organisation = parse(text, "organisation.yaml")
    assert organisation.departments[0].id == "no"
    assert organisation.reminders.quiet_hours == QuietHours(time(22), time(7))


def test_a_hundred_departments_are_allowed_and_one_more_is_not() -> None:
    item = "  - {{id: d{n}, name: 部{n}, manager: U0000000001}}\n"
    head = SMALLEST[: SMALLEST.index("  - id")]
    hundred = head + "".join(item.format(n=n) for n in range(100))
    assert len(parse(hundred, "organisation.yaml").departments) == 100
    assert "organisation.yaml:5: departments: there are 101" in refusal(hundred + item.format(n=100))


def replaced(old: str, new: str) -> str:
    assert old in SMALLEST
    return SMALLEST.replace(old, new)


@pytest.mark.parametrize(
    ("text", "where", "remedy"),
    [
        pytest.param("", "organisation.yaml:1: the file is empty", "organisation.example.yaml", id="empty"),
        pytest.param("- a\n- b\n", "organisation.yaml:1: a mapping", "organisation.example", id="a list"),
        pytest.param(
            replaced("[privacy@example.co.jp]", "[privacy@example.co.jp"),
            "organisation.yaml:3: last_resort: not YAML",
            "quotation marks",
            id="a bracket left open",
        ),
        pytest.param(
            replaced("[U0000000009]", "[@csirt]"),
            "organisation.yaml:3: last_resort: a handle without quotation marks",
            '"@csirt"',
            id="a handle without quotation marks",
        ),
        pytest.param(
            replaced("    name: 営業部", "\tname: 営業部"),
            "organisation.yaml:6: name: a tab",
            "spaces",
            id="a tab",
        ),
        pytest.param(
            SMALLEST + "name: もう一度\n",
            "organisation.yaml:8: name: it already stands on line 1",
            "one",
            id="twice",
        ),
        pytest.param(
            SMALLEST + "respons_team: []\n",
            "organisation.yaml:8: respons_team: there is no such key",
            'Did you mean "response_team"?',
            id="a misspelt key",
        ),
        pytest.param(
            SMALLEST + "colour: red\n",
            "organisation.yaml:8: colour: there is no such key",
            "the keys here are name, locale",
            id="a key from elsewhere",
        ),
        pytest.param(
            replaced("manager:", "manger:"),
            "organisation.yaml:7: departments[0].manger: there is no such key",
            'Did you mean "manager"?',
            id="a misspelt key rather than the missing one",
        ),
        pytest.param(
            replaced("last_resort: [U0000000009]\n", ""),
            "organisation.yaml:1: last_resort: the key is missing",
            "Add `last_resort:`",
            id="a missing key",
        ),
        pytest.param(
            replaced("    manager: buchou@example.co.jp\n", ""),
            "organisation.yaml:5: departments[0].manager: the key is missing",
            "Add `manager:`",
            id="a missing key of a department",
        ),
        pytest.param(
            replaced("営業部", "5"),
            "organisation.yaml:6: departments[0].name: text",
            "quot",
            id="number for text",
        ),
        pytest.param(
            replaced("[U0000000009]", "U0000000009"),
            "organisation.yaml:3: last_resort: a list is expected",
            "[a, b]",
            id="text for a list",
        ),
        pytest.param(
            replaced("[U0000000009]", "[]"),
            "organisation.yaml:3: last_resort: nobody",
            "Name at",
            id="nobody",
        ),
        pytest.param(
            replaced("[privacy@example.co.jp]", "[]"),
            "organisation.yaml:2: privacy_office: nobody",
            "Name at",
            id="no privacy office",
        ),
        pytest.param(
            replaced("[U0000000009]", "[佐藤]"),
            'organisation.yaml:3: last_resort[0]: "佐藤" is neither',
            "Slack user id",
            id="a name instead of a reference",
        ),
        pytest.param(
            replaced("buchou@example.co.jp", "S0000000001"),
            'organisation.yaml:7: departments[0].manager: "S0000000001" is a group',
            "e-mail",
            id="a group as manager",
        ),
        pytest.param(
            SMALLEST + '    deputies: [U0000000002, "@sales"]\n',
            'organisation.yaml:8: departments[0].deputies[1]: "@sales" is a group',
            "e-mail",
            id="a group as deputy",
        ),
        pytest.param(
            replaced("[U0000000009]", "[U0000000009, U0000000009]"),
            'organisation.yaml:3: last_resort: "U0000000009" stands twice',
            "once",
            id="a person twice",
        ),
        pytest.param(
            SMALLEST + "  - {id: sales, name: 二課, manager: U0000000001}\n",
            'organisation.yaml:8: departments[1].id: "sales" is the id of the department on line 5',
            "of its own",
            id="an id twice",
        ),
        pytest.param(
            replaced("id: sales", "id: 営業"),
            'organisation.yaml:5: departments[0].id: "営業" cannot be an id',
            "a-z",
            id="an id in Japanese",
        ),
        pytest.param(
            replaced("営業部", "部" * 76),
            "organisation.yaml:6: departments[0].name: the name has 76 characters",
            "75",
            id="a name too long for Slack",
        ),
        pytest.param(
            replaced("営業部", '" "'),
            "organisation.yaml:6: departments[0].name: the name is",
            "Write",
            id="no name",
        ),
        pytest.param(
            SMALLEST[: SMALLEST.index("  - id")].replace("departments:", "departments: []"),
            "organisation.yaml:4: departments: there is no department",
            "at least one",
            id="no departments",
        ),
        pytest.param(
            SMALLEST + "paging:\n  repeat_every: 10 minutes\n",
            'organisation.yaml:9: paging.repeat_every: "10 minutes" is not a duration',
            "10m",
            id="a duration in words",
        ),
        pytest.param(
            SMALLEST + "paging: {absence_emoji: [palm tree]}\n",
            'organisation.yaml:8: paging.absence_emoji[0]: "palm tree" is not the name of an emoji',
            "palm_tree",
            id="no emoji",
        ),
        pytest.param(
            SMALLEST + "paging:\n  channels:\n    - mailto.sample.example\n",
            "organisation.yaml:10: paging.channels[0].url: this is not the URL of a channel",
            "mailtos://",
            id="a channel that is no URL",
        ),
        pytest.param(
            SMALLEST + "paging:\n  channels:\n    - json://a\n    - mailto://b?to={mail}\n",
            "organisation.yaml:11: paging.channels[1].url: braces stand around something",
            "{email}",
            id="a channel with an unknown placeholder",
        ),
        pytest.param(
            SMALLEST + "paging:\n  channels:\n    - {url: 'json://a', levels: [chief]}\n",
            'organisation.yaml:10: paging.channels[0].levels[0]: "chief" cannot be chosen',
            "deputy",
            id="a channel for a level there is not",
        ),
        pytest.param(
            SMALLEST + "paging: {acknowledge_within: 10}\n",
            'organisation.yaml:8: paging.acknowledge_within: "10" is not a duration',
            "10m",
            id="a duration without unit",
        ),
        pytest.param(
            SMALLEST + "paging: {acknowledge_within: 0m}\n",
            'organisation.yaml:8: paging.acknowledge_within: "0m" is no time at all',
            "1s",
            id="no duration",
        ),
        pytest.param(
            SMALLEST + "reminders: {final: [1d, 24h]}\n",
            'organisation.yaml:8: reminders.final: "24h" is the same moment as "1d"',
            "Keep one",
            id="two steps at one moment",
        ),
        pytest.param(
            SMALLEST + "timezone: Asia/Tokio\n",
            'organisation.yaml:8: timezone: "Asia/Tokio" is not a time zone',
            'Did you mean "Asia/Tokyo"?',
            id="a misspelt time zone",
        ),
        pytest.param(
            SMALLEST + "locale: fr\n",
            'organisation.yaml:8: locale: "fr" cannot be chosen',
            "'ja' or 'en'",
            id="locale",
        ),
        pytest.param(
            SMALLEST + "reminders:\n  quiet_hours: {from: 25:00, to: 07:00}\n",
            'organisation.yaml:9: reminders.quiet_hours.from: "25:00" is not a time of day',
            "22:00",
            id="an hour that is not",
        ),
        pytest.param(
            SMALLEST + "reminders:\n  quiet_hours: {from: 22:00, to: 22:00}\n",
            "organisation.yaml:9: reminders.quiet_hours: from and to are the same",
            "null",
            id="quiet for no time",
        ),
        pytest.param(
            SMALLEST + "criteria:\n  publish: {persons: 多数}\n",
            "organisation.yaml:9: criteria.publish.persons: a whole number",
            "1000",
            id="many people",
        ),
        pytest.param(
            SMALLEST + "criteria:\n  publish: {}\n",
            "organisation.yaml:9: criteria.publish: nothing would meet it",
            "leave the key out",
            id="an empty criterion",
        ),
        pytest.param(
            SMALLEST + "tasks:\n  due:\n    preserve_evidense: 2h\n",
            'organisation.yaml:10: tasks.due.preserve_evidense: there is no task "preserve_evidense"',
            'Did you mean "preserve_evidence"?',
            id="the time of no task",
        ),
        pytest.param(
            SMALLEST + "tasks:\n  due:\n    preserve_evidence: soon\n",
            'organisation.yaml:10: tasks.due.preserve_evidence: "soon" is not a duration',
            "2h",
            id="no time of a task",
        ),
        pytest.param(
            SMALLEST + "tasks:\n  omit: [coffee]\n",
            'organisation.yaml:9: tasks.omit[0]: there is no task "coffee"',
            "stop_damage",
            id="no such task to leave out",
        ),
        pytest.param(
            SMALLEST + OWN_TASK.replace("phase: report", "phase: later"),
            'organisation.yaml:11: tasks.add[0].phase: "later" cannot be chosen',
            "'first_hour'",
            id="no phase",
        ),
        pytest.param(
            SMALLEST + OWN_TASK.replace("tell_insurer", "own-1"),
            'organisation.yaml:10: tasks.add[0].id: "own-1" is taken',
            "another id",
            id="the id of a task of the program's",
        ),
        pytest.param(
            SMALLEST + OWN_TASK + OWN_TASK.split("add:\n")[1],
            'organisation.yaml:10: tasks.add: "tell_insurer" is the id of two tasks',
            "its own",
            id="two tasks of one id",
        ),
        pytest.param(
            SMALLEST + "crisis_team: &a [*a]\n",
            "organisation.yaml:8: crisis_team",
            "text",
            id="an endless anchor",
        ),
        pytest.param(
            SMALLEST + "crisis_team: !!python/object:os.system {}\n",
            "organisation.yaml:8",
            "Look",
            id="a foreign tag",
        ),
        pytest.param(
            "a: " + "[" * 5000, "organisation.yaml:1: nested too deeply", "example", id="nested deeply"
        ),
        pytest.param(
            "name: \x00\n", "organisation.yaml:1: not YAML: a character", "Delete", id="a control character"
        ),
    ],
)
def test_a_mistake_names_line_key_and_remedy(text: str, where: str, remedy: str) -> None:
    line = refusal(text)
    assert line.startswith(where)
    assert remedy in line


def test_of_several_mistakes_the_first_is_told_and_the_others_counted() -> None:
    text = SMALLEST.replace("sales", "営業").replace("buchou@example.co.jp", "部長") + "locale: fr\n"
    assert refusal(text).startswith("organisation.yaml:5: departments[0].id:")
    assert refusal(text).endswith("(2 more mistakes in this file.)")


def test_a_missing_file_names_the_variable_and_the_example(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as refused:
        read(tmp_path / "nowhere.yaml")
    assert "nowhere.yaml: there is no such organisation file." in refused.value.line()
    assert "LEAKBOT_ORGANISATION" in refused.value.remedy


def test_an_escape_that_is_no_character_is_named_by_its_line() -> None:
    text = SMALLEST.replace("株式会社サンプル", r'"\ud83d\ude00"')
    assert parse(text, "organisation.yaml").name == "😀", "JSON writes one character as two escapes"
    line = refusal(SMALLEST.replace("営業部", r'"\ud83d"'))
    assert line.startswith("organisation.yaml:6:")
    assert "no character" in line


def test_a_directory_is_not_an_organisation_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read(tmp_path)


def test_a_file_in_another_encoding_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "organisation.yaml"
    path.write_bytes("# よし\n".encode() + SMALLEST.encode("shift_jis"))
    with pytest.raises(ConfigurationError, match=r"organisation\.yaml:2: not UTF-8"):
        read(path)


def test_a_file_saved_by_windows_is_read(tmp_path: Path) -> None:
    path = tmp_path / "organisation.yaml"
    path.write_bytes(SMALLEST.replace("\n", "\r\n").encode("utf-8-sig"))
    assert read(path).departments[0].name == "営業部"


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_in_one_line(text: str) -> None:
    assert refusal(text).startswith("organisation.yaml:")


@given(st.text(max_size=40), st.integers(0, len(SMALLEST)))
def test_a_slip_of_the_hand_is_read_or_refused_in_one_line(slip: str, at: int) -> None:
    said = ""
    try:
        parse(SMALLEST[:at] + slip + SMALLEST[at:], "organisation.yaml")
    except ConfigurationError as error:
        said = error.line()
    assert not said or (said.startswith("organisation.yaml:") and "\n" not in said)


NIGHT = QuietHours(time(22), time(7))
NOON = QuietHours(time(12), time(13))


@pytest.mark.parametrize(
    ("hours", "local", "quiet"),
    [
        (NIGHT, time(21, 59), False),
        (NIGHT, time(22), True),
        (NIGHT, time(0), True),
        (NIGHT, time(6, 59), True),
        (NIGHT, time(7), False),
        (NOON, time(11, 59), False),
        (NOON, time(12), True),
        (NOON, time(13), False),
    ],
)
def test_quiet_hours_hold_from_their_start_until_before_their_end(
    hours: QuietHours, local: time, quiet: bool
) -> None:
    assert hours.holds(local) is quiet


@pytest.mark.parametrize(
    ("moment", "end"),
    [
        (datetime(2026, 11, 22, 23, 0, tzinfo=TOKYO), datetime(2026, 11, 23, 7, 0, tzinfo=TOKYO)),
        (datetime(2026, 11, 22, 6, 59, tzinfo=TOKYO), datetime(2026, 11, 22, 7, 0, tzinfo=TOKYO)),
        (datetime(2026, 11, 22, 7, 0, tzinfo=TOKYO), datetime(2026, 11, 23, 7, 0, tzinfo=TOKYO)),
    ],
)
def test_the_night_ends_on_the_next_morning(moment: datetime, end: datetime) -> None:
    assert NIGHT.end_after(moment) == end


def test_a_naive_moment_has_no_morning() -> None:
    with pytest.raises(ValueError, match="aware"):
        NIGHT.end_after(datetime(2026, 11, 22, 23, 0))  # noqa: DTZ001 - that is what is refused
