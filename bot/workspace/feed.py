"""What each person's client is told, as it happens: to browser pages and to waiting tests alike."""

import asyncio
from collections import defaultdict
from collections.abc import Callable

from bot.workspace.records import Json

Listener = Callable[[Json], None]


class Feed:
    """Pushes events to the listeners of one person; nobody hears what is not meant for that person."""

    def __init__(self) -> None:
        self._listeners: dict[str, list[Listener]] = defaultdict(list)
        self._wakers: dict[str, list[asyncio.Event]] = defaultdict(list)

    def subscribe(self, user: str, listener: Listener) -> Callable[[], None]:
        """Have `listener(event)` called for everything pushed to `user`. Returns the way out."""
        self._listeners[user].append(listener)
        return lambda: self._listeners[user].remove(listener)

    def push(self, user: str, event: Json) -> None:
        """Tell one person's clients."""
        for listener in list(self._listeners[user]):
            listener(event)
        for waker in self._wakers[user]:
            waker.set()

    def tell(self, user: str, event: Callable[[], Json]) -> None:
        """The same, for an event that costs something to make: made only where a client is open."""
        if self._listeners.get(user):
            self.push(user, event())
            return
        for waker in self._wakers[user]:
            waker.set()

    def push_to_all(self, event: Json) -> None:
        """Tell every client that is connected now."""
        for user in list(self._listeners):
            self.push(user, event)

    @property
    def watched(self) -> list[str]:
        """The people who have at least one client open."""
        return [user for user, listeners in self._listeners.items() if listeners]

    async def next_change(self, user: str, seen: asyncio.Event) -> None:
        """Wait until `seen` is set by the next push to `user`, then arm it again."""
        await seen.wait()
        seen.clear()

    def waker(self, user: str) -> asyncio.Event:
        """An event that every push to `user` sets. Give it back with `dismiss`."""
        event = asyncio.Event()
        self._wakers[user].append(event)
        return event

    def dismiss(self, user: str, waker: asyncio.Event) -> None:
        """Stop setting a waker."""
        self._wakers[user].remove(waker)
