"""A sign of life to somebody outside, who notices when it stops: when the machine, or all of it, is gone."""

from __future__ import annotations

import aiohttp
import structlog

logger = structlog.get_logger(__name__)

PATIENCE = 10.0  # seconds


async def beat(url: str, patience: float = PATIENCE) -> bool:
    """GET the address (`LEAKBOT_HEARTBEAT_URL`) once. Out: whether it was heard. Never raises.

    The address itself is a secret: whoever knows it could keep up the appearance of life. It is not logged.
    """
    try:
        timeout = aiohttp.ClientTimeout(total=patience)
        async with (
            aiohttp.ClientSession(timeout=timeout, trust_env=True) as session,
            session.get(url, allow_redirects=False) as answer,
        ):
            if answer.status < 400:
                return True
            trouble = f"http_{answer.status}"
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        trouble = type(error).__name__
    logger.warning("heartbeat_not_heard", error=trouble)
    return False
