"""The outline of everything Slack sends, looked at once, before any listener reads it.

A listener may then take for granted what stands here and nothing else. What lacks it is refused with one
line in the log, which names the place and never the value. Fields that no listener reads are let through
as they are: Slack adds some now and then. (https://docs.slack.dev/reference/interaction-payloads)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

#: Ids, names and timestamps of Slack's own; words of people are longer and stand in other fields.
Short = Annotated[str, StringConstraints(max_length=255)]
Id = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{2,40}$")]
Moment = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,12}\.[0-9]{1,6}$")]  # of a message
Number = Annotated[str, StringConstraints(max_length=2000)]  # a button's value


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")


class _Named(_Part):
    id: Id


class _Option(_Part):
    value: Short


class _Answer(_Part):
    """What stands in one field of a form."""

    type: Short
    value: str | None = None
    selected_option: _Option | None = None
    selected_options: list[_Option] | None = None
    selected_user: Id | None = None
    selected_users: list[Id] | None = None
    selected_date: Short | None = None
    selected_time: Short | None = None
    selected_date_time: int | None = None
    files: list[_Named] | None = None


class _State(_Part):
    values: dict[str, dict[str, _Answer]]


class _View(_Part):
    id: Id
    callback_id: str = ""
    private_metadata: str = ""
    hash: Short  # by which a form is redrawn only as long as nobody else did
    blocks: list[dict[str, Any]] = []
    state: _State | None = None


class _Text(_Part):
    text: str


class _Block(_Part):
    type: Short
    block_id: Short


class _SentView(_View):
    """A form of ours has a title, and a field beside which a refusal can be shown."""

    title: _Text
    blocks: list[_Block]  # type: ignore[assignment]  # as in every view, and each with its name

    @model_validator(mode="after")
    def _has_a_field(self) -> Self:
        if not any(block.type == "input" for block in self.blocks):
            raise ValueError("a form has a field")
        return self


class _Metadata(_Part):
    event_payload: dict[str, Any] = {}


class _Message(_Part):
    ts: Moment
    text: str | None = None
    metadata: _Metadata | None = None


class _Press(_Part):
    action_id: Short
    block_id: Short  # of a list it says which line was meant
    type: Short
    value: Number | None = None
    selected_option: _Option | None = None

    @model_validator(mode="after")
    def _says_what_about(self) -> Self:
        if self.type == "button" and self.value is None:
            raise ValueError("a button of ours says what it is about")
        return self


class Command(_Part):
    """A slash command."""

    command: Short
    user_id: Id
    trigger_id: Short
    text: str = ""
    channel_id: Id


class Press(_Part):
    """`block_actions`: a button, or a choice that redraws its form."""

    user: _Named
    trigger_id: Short
    actions: Annotated[list[_Press], Field(min_length=1)]
    response_url: str | None = None
    view: _View | None = None
    message: _Message | None = None
    channel: _Named | None = None


class Form(_Part):
    """`view_submission`."""

    user: _Named
    view: _SentView


class Closed(_Part):
    """`view_closed`."""

    user: _Named
    view: _View


class Shortcut(_Part):
    """`shortcut` and `message_action`."""

    user: _Named
    trigger_id: Short
    callback_id: Short
    response_url: str | None = None
    message: _Message | None = None
    message_ts: Moment | None = None
    channel: _Named | None = None


class _Item(_Part):
    type: Short
    channel: Id | None = None
    ts: Moment | None = None

    @model_validator(mode="after")
    def _is_somewhere(self) -> Self:
        if self.type == "message" and not (self.channel and self.ts):
            raise ValueError("a message stands somewhere")
        return self


class _Authorization(_Part):
    is_enterprise_install: bool = False
    enterprise_id: str | None = None
    team_id: str | None = None
    user_id: str | None = None


class Challenge(_Part):
    """`url_verification`: Slack asks whether the address is ours."""

    challenge: Short


class Event(_Part):
    """`event_callback`: the fields of those events that have a listener."""

    class Of(_Part):
        """The event itself."""

        type: Short

    event_id: Short
    event: Of
    authorizations: list[_Authorization] | None = None


class _HomeOpened(_Part):
    user: Id
    tab: Short | None = None


class _Membership(_Part):
    user: Id
    channel: Id


class _UserChange(_Part):
    user: _Named


class _Said(_Part):
    channel: Id | None = None
    channel_type: Short | None = None
    user: Id | None = None
    subtype: Short | None = None


class _Reaction(_Part):
    user: Id | None = None
    reaction: Short
    item: _Item
    event_ts: Short | None = None


class _File(_Part):
    file_id: Id | None = None
    channel_id: Id | None = None
    user_id: Id | None = None


_BY_TYPE: Final[Mapping[str, type[_Part]]] = {
    "block_actions": Press,
    "view_submission": Form,
    "shortcut": Shortcut,
    "message_action": Shortcut,
    "event_callback": Event,
    "url_verification": Challenge,
    "view_closed": Closed,
}
_BY_EVENT: Final[Mapping[str, type[_Part]]] = {
    "app_home_opened": _HomeOpened,
    "member_joined_channel": _Membership,
    "member_left_channel": _Membership,
    "user_change": _UserChange,
    "message": _Said,
    "reaction_added": _Reaction,
    "file_shared": _File,
}


def trouble(body: Mapping[str, Any]) -> str | None:
    """What is missing or of the wrong kind in a payload, as a path without values; None where nothing is.

    A payload of a type that no listener knows is left to Bolt, as long as it says its type.
    """
    kind = body.get("type", "command" if "command" in body else None)
    try:
        if not isinstance(kind, str):
            return "type"
        if not isinstance(body.get("event", {}), dict):
            return "event"
        if kind == "command":
            Command.model_validate(body)
        elif kind in _BY_TYPE:
            _BY_TYPE[kind].model_validate(body)
            if kind == "event_callback" and body["event"]["type"] in _BY_EVENT:
                _BY_EVENT[body["event"]["type"]].model_validate(body["event"])
    except ValidationError as error:
        [first, *_] = error.errors(include_input=False, include_url=False, include_context=False)
        return ".".join(part for part in map(str, first["loc"][:2]) if part.isidentifier()) or "payload"
    return None
