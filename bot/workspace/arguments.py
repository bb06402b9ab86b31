"""The arguments of an API call, read with Slack's leniency and refused with Slack's codes."""

import json
from typing import Any

from bot.workspace.records import Json
from bot.workspace.refusals import SlackRefusal, invalid_arguments


class Arguments:
    """The arguments of one call, whatever way they came in. Wrong ones raise `SlackRefusal`."""

    def __init__(self, values: Json) -> None:
        # JSON null and a missing argument mean the same: the default.
        self.values = {key: value for key, value in values.items() if value is not None}

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def text(self, name: str, default: str = "") -> str:
        """A string; numbers are taken as their digits."""
        value = self.values.get(name, default)
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise invalid_arguments(f"must be a string [json-pointer:/{name}]")
        return str(value)

    def optional(self, name: str) -> str | None:
        """A string that may be missing; the empty string counts as missing."""
        return self.text(name) or None

    def flag(self, name: str, default: bool = False) -> bool:
        """A boolean: true/false, 1/0."""
        value = self.values.get(name, default)
        if value in (True, "true", "True", "1", 1):
            return True
        if value in (False, "false", "False", "0", 0, ""):
            return False
        raise invalid_arguments(f"must be a boolean [json-pointer:/{name}]")

    def number(self, name: str, default: int, least: int, most: int, error: str = "invalid_limit") -> int:
        """A whole number within bounds."""
        try:
            value = int(self.text(name, str(default)))
        except ValueError:
            raise SlackRefusal(error, self.text(name)) from None
        if not least <= value <= most:
            raise SlackRefusal(error, str(value))
        return value

    def names(self, name: str) -> list[str]:
        """A list: comma-separated, or a JSON array."""
        value = self.values.get(name, "")
        if isinstance(value, str) and value.startswith("["):
            value = self.structure(name)
        if isinstance(value, list):
            return [str(each) for each in value]
        return [part.strip() for part in self.text(name).split(",") if part.strip()]

    def structure(self, name: str) -> Any:
        """A structured argument: plain JSON, or JSON in a string; None when missing or empty."""
        value = self.values.get(name)
        if isinstance(value, str):
            if not value:
                return None
            try:
                return json.loads(value)
            except ValueError:
                raise SlackRefusal(
                    f"invalid_{name}_format" if name == "blocks" else "invalid_arguments",
                    f"{name} is no JSON",
                ) from None
        return value
