"""Somebody curious: presses everything there is to press, and fills in every form with words of their own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.workspace import Message, Person
from bot.workspace.elements import elements_of, options_of
from tests.world import World

Json = dict[str, Any]
MOST = 400  # steps on one surface, more than any needs
MENUS = ("static_select", "overflow", "radio_buttons", "checkboxes", "multi_static_select")
#: What a field takes that did not take words.
PLAINER = ("12", "2026-11-23", "15:00", None)


class Curious:
    """One person. `said` fills every field that takes words; `spares` are the buttons left alone.

    `done` holds what was pressed already, by somebody else too.
    """

    def __init__(
        self,
        world: World,
        who: str,
        said: str,
        spares: frozenset[str] = frozenset(),
        done: set[tuple[str, str, str]] | None = None,
    ) -> None:
        self.world = world
        self.person: Person = world.person(who)
        self.said = said
        self.spares = spares
        self.pressed = set() if done is None else done
        self.sent: set[str] = set()  # forms that were filled in

    async def tries(self, message: Message) -> None:
        """Press everything under one message, and everything in whatever opens."""
        for block, element in list(pressable(message.blocks)):
            if self._is_new("message", block, element):
                await self._press(message, block, element)
                await self.goes_on()

    async def tries_home(self) -> None:
        """The same on App Home."""
        for _ in range(MOST):
            home = await self.person.open_home()
            found = (
                next((e for e in pressable(home["blocks"]) if self._is_new("home", *e)), None)
                if home
                else None
            )
            if home is None or found is None:
                return
            await self._press(home, *found)
            await self.goes_on()

    async def goes_on(self) -> None:
        """Do everything in the form that is open, and in those behind it, until none is open."""
        for _ in range(MOST):
            modal = self.person.modal
            if modal is None:
                return
            found = next(
                (e for e in pressable(modal["blocks"]) if self._is_new(modal["callback_id"], *e)), None
            )
            if found is not None:
                await self._press(modal, *found)
            elif modal.get("submit") and modal["callback_id"] not in self.sent:
                await self._sends(modal)
            else:
                await self.person.close_view()
        raise AssertionError(f"{self.person} finds no end: {self.person.modal}")

    def _is_new(self, where: str, block: Json, element: Json) -> bool:
        action = str(element["action_id"])
        place = (where, action, block["block_id"] if action == "value" else "")
        if action in self.spares or place in self.pressed:
            return False
        self.pressed.add(place)
        return True

    async def _press(self, where: Message | Json, block: Json, element: Json) -> None:
        value: Any = element.get("value")
        if element["type"] != "button":
            there = options_of(element)
            value = there[-1]["value"] if there else None
            value = "U0LEGAL" if "users" in element["type"] else value
            if element["type"] in ("checkboxes", "multi_static_select") and value is not None:
                value = [value]
        await self.person.click(where, element["action_id"], value, block["block_id"])
        await self.world.bot.settled()

    async def _sends(self, modal: Json) -> None:
        """Fill in the form and send it; a field that refuses the words gets plainer ones."""
        callback = modal["callback_id"]
        self.sent.add(callback)
        values = {
            block["block_id"]: self._words(block) for block in modal["blocks"] if block["type"] == "input"
        }
        values = {name: value for name, value in values.items() if value is not None}
        refused: list[str] = []
        kinds = {
            block["block_id"]: block["element"]["type"] for block in modal["blocks"] if "element" in block
        }
        for plainer in ("", *PLAINER):
            top = self.person.modal
            if top is None or top["id"] != modal["id"]:
                return
            values |= {name: plainer for name in refused if kinds.get(name) == "plain_text_input"}
            answer = await self.person.submit(values, view=modal)
            await self.world.bot.settled()
            if answer.ok:
                return
            refused = list(answer.errors)

    def _words(self, block: Json) -> Any:
        """What goes into one field; None leaves it as it is."""
        element = block["element"]
        match element["type"]:
            case "plain_text_input":
                return self.said[: element.get("max_length", 3000)]
            case "static_select" | "radio_buttons" if "initial_option" not in element:
                return options_of(element)[0]["value"]
            case "checkboxes" | "multi_static_select" if not block.get("optional"):
                return [options_of(element)[0]["value"]]
            case "users_select":
                return "U0DEPUTY"
            case "multi_users_select":
                return ["U0LEGAL"]
            case "datepicker" if "initial_date" not in element:
                return "2026-11-23"
        return None


def pressable(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """The buttons and menus that do something when they are pressed: those of inputs wait for the form."""
    for block in blocks:
        if block["type"] == "input" and not block.get("dispatch_action"):
            continue
        for element in elements_of(block):
            if element["type"] in ("button", "users_select", *MENUS):
                yield block, element
