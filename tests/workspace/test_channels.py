"""Channels: names, membership, visibility, archiving, and what people see of it."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace import Workspace
from tests.workspace.errors import error_of, refused


async def private(api: AsyncWebClient, name: str = "leak-2026-0001") -> str:
    """A private channel of the app."""
    return str((await api.conversations_create(name=name, is_private=True))["channel"]["id"])


async def test_a_private_channel_is_seen_by_its_members_only(api: AsyncWebClient, local: Workspace) -> None:
    room = await private(api)
    reporter, ciso = local.person("reporter"), local.person("ciso")
    await api.conversations_invite(channel=room, users=["U0REPORTER"])
    await api.chat_postMessage(channel=room, text="secret")
    assert [message.text for message in reporter.messages(room) if not message.subtype] == ["secret"]
    assert ciso.messages(room) == []
    assert room not in [line.id for line in ciso.conversations()]
    assert reporter.conversation(room).kind == "private"
    joined = [message.raw for message in reporter.messages(room) if message.subtype == "channel_join"]
    assert [(each["user"], each.get("inviter")) for each in joined] == [
        ("U0LEAKBOT", None),
        ("U0REPORTER", "U0LEAKBOT"),
    ]
    with pytest.raises(AssertionError, match="sees no conversation"):
        ciso.conversation(room)


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("", "invalid_name_required"),
        ("x" * 81, "invalid_name_maxlength"),
        ("Upper", "invalid_name_specials"),
        ("漏えい", "invalid_name_punctuation"),
        ("---", "invalid_name_punctuation"),
        ("with space", "invalid_name_specials"),
        ("general", "name_taken"),
    ],
)
async def test_names(api: AsyncWebClient, local: Workspace, name: str, error: str) -> None:
    assert await error_of(api.conversations_create(name=name, is_private=True)) == error
    # That a name is taken can happen to anybody; a wrong name is a mistake.
    assert bool(local.violations) == (error != "name_taken")


async def test_a_name_stays_reserved_after_archiving_and_renaming(
    api: AsyncWebClient, local: Workspace
) -> None:
    room = await private(api, "one")
    await api.conversations_rename(channel=room, name="two")
    assert await error_of(api.conversations_create(name="one", is_private=True)) == "name_taken"
    await api.conversations_archive(channel=room)
    assert await error_of(api.conversations_create(name="two", is_private=True)) == "name_taken"
    assert local.violations == []


async def test_invitations_are_all_or_none_unless_forced(api: AsyncWebClient, local: Workspace) -> None:
    room = await private(api)
    gone = local.add_person("gone", "退職者", deleted=True)
    answer = await refused(api.conversations_invite(channel=room, users=["U0MANAGER", "U9", gone.id]))
    assert answer["error"] == "user_not_found"
    assert [(each["user"], each["error"]) for each in answer["errors"]] == [
        ("U9", "user_not_found"),
        (gone.id, "cant_invite"),
    ]
    assert (await api.conversations_members(channel=room))["members"] == ["U0LEAKBOT"]
    answer = await api.conversations_invite(channel=room, users=["U0MANAGER", "U9"], force=True)
    assert answer["errors"][0]["user"] == "U9"
    assert (await api.conversations_members(channel=room))["members"] == ["U0LEAKBOT", "U0MANAGER"]
    assert await error_of(api.conversations_invite(channel=room, users="U0MANAGER")) == "already_in_channel"
    assert local.violations == []
    assert await error_of(api.conversations_invite(channel=room, users="U0LEAKBOT")) == "cant_invite_self"
    assert local.violations[-1].error == "cant_invite_self"


async def test_topic_purpose_and_kicking(api: AsyncWebClient, local: Workspace) -> None:
    room = await private(api)
    await api.conversations_invite(channel=room, users=["U0MANAGER"])
    await api.conversations_setTopic(channel=room, topic="A & B")
    await api.conversations_setPurpose(channel=room, purpose="why")
    info = (await api.conversations_info(channel=room, include_num_members=True))["channel"]
    assert (info["topic"]["value"], info["purpose"]["value"]) == ("A &amp; B", "why")
    assert (info["num_members"], info["is_private"], info["is_member"]) == (2, True, True)
    assert await error_of(api.conversations_setTopic(channel=room, topic="x" * 251)) == "too_long"
    assert await error_of(api.conversations_kick(channel=room, user="U0LEAKBOT")) == "cant_kick_self"
    await api.conversations_kick(channel=room, user="U0MANAGER")
    assert local.person("manager").messages(room) == []


async def test_archiving_takes_the_app_out_for_good(api: AsyncWebClient, local: Workspace) -> None:
    room = await private(api)
    await api.conversations_invite(channel=room, users=["U0MANAGER"])
    await api.conversations_archive(channel=room)
    assert await error_of(api.conversations_archive(channel=room)) == "already_archived"
    assert await error_of(api.conversations_history(channel=room)) == "channel_not_found"
    assert local.violations == []
    assert await error_of(api.conversations_unarchive(channel=room)) == "not_in_channel"
    assert local.person("manager").conversation(room).archived


async def test_posting_where_the_app_is_not_a_member_is_a_mistake(
    api: AsyncWebClient, local: Workspace
) -> None:
    room = local.add_channel("board", ["ciso"], private=True)
    assert await error_of(api.chat_postMessage(channel=room, text="x")) == "channel_not_found"
    assert await error_of(api.conversations_info(channel=room)) == "channel_not_found"
    assert await error_of(api.chat_postMessage(channel="#general", text="x")) == "not_in_channel"
    assert [violation.error for violation in local.violations] == [
        "channel_not_found",
        "channel_not_found",
        "not_in_channel",
    ]


async def test_being_taken_out_by_a_person_is_bad_luck(api: AsyncWebClient, local: Workspace) -> None:
    room = await private(api)
    await api.conversations_invite(channel=room, users=["U0MANAGER"])
    await local.person("manager").remove(room, "U0LEAKBOT")
    assert await error_of(api.chat_postMessage(channel=room, text="x")) == "channel_not_found"
    assert local.violations == []


async def test_a_channel_deleted_by_a_person_is_bad_luck(api: AsyncWebClient, local: Workspace) -> None:
    room = await private(api)
    await api.conversations_invite(channel=room, users=["U0MANAGER"])
    name = local.conversation(room).name
    await local.person("manager").delete_channel(room)
    assert room not in [line.id for line in local.person("manager").conversations()]
    assert await error_of(api.chat_postMessage(channel=room, text="x")) == "channel_not_found"
    assert await error_of(api.conversations_history(channel=room)) == "channel_not_found"
    assert local.violations == []
    assert (await api.conversations_create(name=name, is_private=True))["ok"], "its name is free again"


async def test_direct_messages(api: AsyncWebClient, local: Workspace) -> None:
    first = await api.conversations_open(users=["U0MANAGER"])
    again = await api.conversations_open(users="U0MANAGER", return_im=True)
    assert first["channel"]["id"] == again["channel"]["id"]
    assert (again["already_open"], again["channel"]["user"]) == (True, "U0MANAGER")
    posted = await api.chat_postMessage(channel="U0MANAGER", text="hello")
    assert posted["channel"] == first["channel"]["id"]
    local.deactivate("legal")
    assert await error_of(api.conversations_open(users=["U0LEGAL"])) == "user_disabled"
    assert await error_of(api.conversations_open(users=["U9"])) == "user_not_found"
    assert local.violations == []
    assert await error_of(api.conversations_open(users=["U0MANAGER", "U0CISO"])) == "missing_scope"
    assert await error_of(api.api_call("conversations.open")) == "users_list_not_supplied"


async def test_lists_show_what_the_app_may_see(api: AsyncWebClient, local: Workspace) -> None:
    local.add_channel("board", ["ciso"], private=True)
    room = await private(api)
    public = await api.conversations_list()
    assert {channel["name"] for channel in public["channels"]} == {"general", "sales"}
    both = await api.conversations_list(types=["public_channel", "private_channel"])
    assert {channel["name"] for channel in both["channels"]} == {"general", "sales", "leak-2026-0001"}
    own = await api.users_conversations(types="private_channel,im")
    assert [channel["id"] for channel in own["channels"]] == [room]
    assert await error_of(api.conversations_list(types="secret")) == "invalid_types"


async def test_people_and_groups(api: AsyncWebClient, local: Workspace) -> None:
    user = (await api.users_info(user="U0HRMGR", include_locale=True))["user"]
    assert (user["locale"], user["real_name"], user["tz"]) == ("en-US", "HR manager", "Asia/Tokyo")
    found = await api.users_lookupByEmail(email="Manager@sample.example")
    assert found["user"]["id"] == "U0MANAGER"
    assert await error_of(api.users_lookupByEmail(email="nobody@sample.example")) == "users_not_found"
    assert await error_of(api.users_info(user="U9")) == "user_not_found"
    local.deactivate("manager")
    assert await error_of(api.users_lookupByEmail(email="manager@sample.example")) == "users_not_found"
    gone = (await api.users_info(user="U0MANAGER"))["user"]
    assert gone["deleted"] is True
    assert "tz" not in gone
    assert "email" not in gone["profile"]
    groups = (await api.usergroups_list(include_users=True, include_count=True))["usergroups"]
    assert {group["handle"]: group["user_count"] for group in groups} == {"sales": "3", "csirt": "2"}
    assert (await api.usergroups_users_list(usergroup="S0CSIRT"))["users"] == ["U0LEGAL", "U0CISO"]
    assert await error_of(api.usergroups_users_list(usergroup="S9")) == "no_such_subteam"
    local.scopes.discard("users:read.email")
    assert "email" not in (await api.users_info(user="U0CISO"))["user"]["profile"]
    assert local.violations == []


async def test_presence_and_quiet_times(api: AsyncWebClient, local: Workspace) -> None:
    local.person("ciso").user.presence = "away"
    assert (await api.users_getPresence(user="U0CISO"))["presence"] == "away"
    assert (await api.dnd_info(user="U0CISO"))["dnd_enabled"] is False
    local.person("ciso").user.dnd = (1795327200, 1795356000)
    info = await api.dnd_info(user="U0CISO")
    assert (info["dnd_enabled"], info["next_dnd_end_ts"]) == (True, 1795356000)
    team = await api.dnd_teamInfo(users=["U0CISO", "U0LEGAL"])
    assert team["users"]["U0LEGAL"]["dnd_enabled"] is False
