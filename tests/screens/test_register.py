"""The register: what was chosen is kept in the open view, and comes back as it was."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.cases.register import Filter
from bot.slack.register import MENUS
from bot.slack.screens.register import ANY, Choices, chosen, kept, register
from bot.vocabulary import Action, Indicator, Status
from tests.screens import situations as s

CHOICES = Choices([("sales", "営業部"), ("hr", "人事部")], [2026, 2025])


def shown(wanted: Filter, page: int = 0) -> dict[str, Any]:
    return register("ja", s.TOKYO, wanted, CHOICES, [s.in_hand()], 40, page, s.NOW)


def menus(view: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {element["action_id"]: element for element in view["blocks"][0]["elements"]}


@pytest.mark.parametrize(
    "wanted",
    [
        Filter(),
        Filter(open=True),
        Filter(status=Status.CLOSED, department="hr", indicator=Indicator.DATA_TRADED, year=2025, drill=True),
        Filter(drill=False, number="2026-0"),
    ],
)
def test_what_was_looked_for_comes_back_from_the_view(wanted: Filter) -> None:
    view = shown(wanted, 1)
    assert kept(json.loads(view["private_metadata"])) == (wanted, 1)
    assert kept({}) == (Filter(), 0)


def test_every_choice_of_every_menu_is_shown_as_chosen_and_any_takes_it_back() -> None:
    assert {element["initial_option"]["value"] for element in menus(shown(Filter())).values()} == {ANY}
    assert set(menus(shown(Filter()))) == set(MENUS)
    for menu in MENUS:
        for option in menus(shown(Filter()))[menu]["options"]:
            wanted = chosen(Filter(), menu, option["value"])
            assert menus(shown(wanted))[menu]["initial_option"] == option
            assert (wanted == Filter()) == (option["value"] == ANY)
            assert chosen(wanted, menu, ANY) == Filter()
    with pytest.raises(ValueError, match="no menu"):
        chosen(Filter(), Action.CASE_CLOSE, ANY)


def test_one_choice_leaves_the_others_as_they_are() -> None:
    wanted = Filter(department="hr", year=2026, number="0001")
    assert chosen(wanted, Action.REGISTER_STATUS, "open") == Filter(
        open=True, department="hr", year=2026, number="0001"
    )
    assert chosen(Filter(open=True), Action.REGISTER_STATUS, "closed") == Filter(status=Status.CLOSED)


@pytest.mark.parametrize(("page", "turns"), [(0, ["after"]), (1, ["before", "after"]), (39, ["before"])])
def test_pages_are_turned_where_there_are_others(page: int, turns: list[str]) -> None:
    found = [s.in_hand()] if page == 39 else [s.in_hand()] * 15
    view = register("ja", s.TOKYO, Filter(), CHOICES, found, 39 * 15 + 1, page, s.NOW)
    offered = [e["action_id"] for block in view["blocks"][1:] for e in block.get("elements", [])]
    assert offered == [f"register_{turn}" for turn in turns]
