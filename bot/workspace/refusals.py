"""Slack's way to say no: the error codes, and which of them are an app's own breach of the rules."""

from typing import Any

# Truths about the world that a well-behaved app may meet at any time; every other code is a violation.
# Wrong or revoked tokens are the operator's affair, not the program's.
PLAIN_ANSWERS = frozenset(
    {
        "already_archived",
        "already_in_channel",
        "already_pinned",
        "already_reacted",
        "cant_invite",
        "cant_update_message",
        "edit_window_closed",
        "file_deleted",
        "file_not_found",
        "hash_conflict",
        "invalid_auth",
        "is_archived",
        "is_inactive",
        "message_not_found",
        "name_taken",
        "no_reaction",
        "no_such_subteam",
        "not_found",
        "not_pinned",
        "team_not_found",
        "token_revoked",
        "user_disabled",
        "user_is_restricted",
        "user_not_found",
        "user_not_in_channel",
        "users_not_found",
    }
)


class SlackRefusal(Exception):
    """An `{"ok": false}` answer. `error` is Slack's code, `extra` the other keys of the answer.

    `breach` says whether it goes to the list of violations; by default the code decides.
    """

    def __init__(self, error: str, detail: str = "", breach: bool | None = None, **extra: Any) -> None:
        super().__init__(error)
        self.error = error
        self.detail = detail
        self.breach = error not in PLAIN_ANSWERS if breach is None else breach
        self.extra = extra


def invalid_arguments(*messages: str) -> SlackRefusal:
    """The general refusal of arguments, with Slack's `[ERROR] …` lines."""
    return SlackRefusal(
        "invalid_arguments",
        "; ".join(messages),
        response_metadata={"messages": [f"[ERROR] {message}" for message in messages]},
    )
