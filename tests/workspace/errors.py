"""How tests ask for Slack's refusals."""

from collections.abc import Awaitable
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError


async def refused(call: Awaitable[Any]) -> Any:
    """The answer of a call that Slack must refuse."""
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value.response


async def error_of(call: Awaitable[Any]) -> str:
    """The error code of a call that Slack must refuse."""
    return str((await refused(call))["error"])
