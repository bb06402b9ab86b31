"""Saying a thing exactly once: post with metadata, and look for the key before saying it a second time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.outbox.speaker import DeliveryFailed, Outcome
from bot.policy.state import MessageRef
from bot.slack.answers import GONE, code_of
from bot.slack.screens.message import Message
from bot.vocabulary import EventType

LOOK_BACK = 200  # newest messages of a conversation that are searched for a key


@dataclass(frozen=True, slots=True)
class Envelope:
    """What makes a message recognisable whatever its wording (Slack message metadata).

    `payload["key"]` says what it is for; no two messages in one conversation carry the same.
    """

    event_type: EventType
    payload: dict[str, Any]


async def post(client: AsyncWebClient, conversation: str, message: Message, envelope: Envelope) -> MessageRef:
    """Post into a channel, or to a person (`U…`: Slack opens the direct message by itself, one round trip).

    Raises what the SDK raises. Whoever tries for the second time calls `find` first.
    """
    answer = await client.chat_postMessage(
        channel=conversation,
        text=message.text,
        blocks=message.blocks,
        metadata={"event_type": envelope.event_type.value, "event_payload": envelope.payload},
        unfurl_links=False,
        unfurl_media=False,
    )
    return MessageRef(answer["channel"], answer["ts"])


async def find(client: AsyncWebClient, conversation: str, key: str) -> MessageRef | None:
    """The message that carries `key`, if the conversation has it among its newest."""
    channel = conversation
    if conversation.startswith(("U", "W")):
        opened = await client.conversations_open(users=conversation)
        channel = opened["channel"]["id"]
    history = await client.conversations_history(channel=channel, limit=LOOK_BACK, include_all_metadata=True)
    for message in history["messages"] or []:
        payload = (message.get("metadata") or {}).get("event_payload") or {}
        if payload.get("key") == key:
            return MessageRef(channel, message["ts"])
    return None


async def redraw(client: AsyncWebClient, where: MessageRef, message: Message) -> None:
    """Draw one of our messages again; its metadata stays. Repeating it is harmless."""
    await client.chat_update(channel=where.channel, ts=where.ts, text=message.text, blocks=message.blocks)


async def open_room(
    client: AsyncWebClient, name: str, bot_user: str, *, look_first: bool, number: int = 1
) -> str:
    """Create a private channel and give its id. A name that is taken by somebody else gets a suffix.

    In: `number`, which room of its case it is: from the second on the name ends with it. After an unknown
    outcome the name may be taken by our own earlier attempt: a channel of ours that holds no card yet is that
    one.
    """
    for attempt in range(number, number + 20):
        wanted = name if attempt == 1 else f"{name}-{attempt}"
        try:
            answer = await client.conversations_create(name=wanted, is_private=True)
        except SlackApiError as error:
            if code_of(error) != "name_taken":
                raise
            if look_first and (ours := await _our_empty_room(client, wanted, bot_user)):
                return ours
            continue
        return str(answer["channel"]["id"])
    raise DeliveryFailed(Outcome.ALARM, "name_taken")


async def still_stands(client: AsyncWebClient, channel: str) -> bool:
    """Whether a channel takes messages of ours. Raises SlackApiError where that cannot be said."""
    try:
        answer = await client.conversations_info(channel=channel)
    except SlackApiError as error:
        if code_of(error) in GONE:
            return False
        raise
    return bool(answer["channel"]["is_member"]) and not answer["channel"]["is_archived"]


async def _our_empty_room(client: AsyncWebClient, name: str, bot_user: str) -> str | None:
    cursor: str | None = None
    while True:
        page = await client.users_conversations(
            types="private_channel", exclude_archived=True, limit=200, cursor=cursor
        )
        for channel in page["channels"] or []:
            if channel.get("name") == name and channel.get("creator") == bot_user:
                return None if await _has_a_card(client, channel["id"]) else str(channel["id"])
        cursor = (page["response_metadata"] or {}).get("next_cursor")
        if not cursor:
            return None


async def _has_a_card(client: AsyncWebClient, channel: str) -> bool:
    history = await client.conversations_history(channel=channel, limit=LOOK_BACK, include_all_metadata=True)
    return any(
        (message.get("metadata") or {}).get("event_type") == EventType.CARD
        for message in history["messages"] or []
    )


async def members_of_room(client: AsyncWebClient, channel: str) -> set[str]:
    """Everybody who is in a channel, the bot itself too. Raises SlackApiError."""
    found: set[str] = set()
    cursor: str | None = None
    while True:
        page = await client.conversations_members(channel=channel, limit=200, cursor=cursor)
        found |= set(page["members"] or [])
        cursor = (page["response_metadata"] or {}).get("next_cursor")
        if not cursor:
            return found


async def invite(
    client: AsyncWebClient, channel: str, users: list[str], *, at_once: int = 30
) -> dict[str, str | None]:
    """Invite people. Out: person → None where they are in, else Slack's code why they cannot be.

    With `force` Slack takes those it can; where it refuses the group as a whole, each is asked singly so
    that the one who cannot come keeps nobody else out.
    """
    answers: dict[str, str | None] = {}
    for start in range(0, len(users), at_once):
        group = users[start : start + at_once]
        try:
            answer = await client.conversations_invite(channel=channel, users=group, force=True)
            refused = {e.get("user"): e.get("error") for e in answer["errors"] or []}
            answers |= {user: _unless_in(refused.get(user)) for user in group}
        except SlackApiError as error:
            if _concerns_people(code_of(error)):
                answers |= {user: await _invite_one(client, channel, user) for user in group}
            else:
                raise
    return answers


#: What Slack answers because of a person, not because of the channel or the moment.
ABOUT_PEOPLE = frozenset(
    {
        "already_in_channel",
        "cant_invite",
        "cant_invite_self",
        "invitee_cant_see_channel",
        "no_external_invite_permission",
        "org_user_not_in_team",
        "ura_max_channels",
        "user_is_restricted",
        "user_not_found",
        "user_disabled",
    }
)


def _concerns_people(code: str) -> bool:
    return code in ABOUT_PEOPLE


def _unless_in(code: str | None) -> str | None:
    return None if code == "already_in_channel" else code


async def _invite_one(client: AsyncWebClient, channel: str, user: str) -> str | None:
    try:
        await client.conversations_invite(channel=channel, users=[user])
    except SlackApiError as error:
        code = code_of(error)
        if not _concerns_people(code):
            raise
        return _unless_in(code)
    return None
