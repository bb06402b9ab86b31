"""The browser page's side of the workspace: the routes under `/client/`."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.workspace import sight
from bot.workspace.client_acting import Acting
from bot.workspace.client_finding import ClientError, Finding
from bot.workspace.client_live import Live, refuse_strange_origin
from bot.workspace.client_looking import Looking
from bot.workspace.core import Core
from bot.workspace.model import User
from bot.workspace.records import Json
from bot.workspace.uploads import receive_upload

Answer = Callable[[User, Json], Awaitable[Json]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class ClientApi:
    """The end points under `/client/`. Whoever the page says it is, it is: the demo has no passwords."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._find = Finding(core)
        self._looking, self._acting, self._live = Looking(core), Acting(core), Live(core)

    def routes(self) -> list[web.RouteDef]:
        """Everything under `/client/`."""
        acting = self._acting
        posts: dict[str, Answer] = {
            "command": acting.command,
            "action": acting.action,
            "submit": acting.submit,
            "close": acting.close,
            "shortcut": acting.shortcut,
            "message_shortcut": acting.message_shortcut,
            "home": acting.home,
            "post": acting.post,
            "read": acting.read,
            "react": acting.react,
            "suggest": acting.suggest,
            "locale": acting.locale,
        }
        return [
            *(web.post(f"/client/{name}", self._json(answer)) for name, answer in posts.items()),
            web.get("/client/boot", self._json(self._looking.boot)),
            web.get("/client/history", self._json(self._looking.history)),
            web.post("/client/clock", self._live.clock),
            web.post("/client/upload", self._upload),
            web.get("/client/people_unread", self._people_unread),
            web.get("/client/events", self._live.events),
        ]

    def _json(self, answer: Answer) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            refuse_strange_origin(request)
            try:
                values: Json = dict(request.query)
                if request.method == "POST":
                    values |= await request.json()
                result = {"ok": True, **await answer(self._find.user(values), values)}
            except ClientError as error:
                result = {"ok": False, "error": str(error)}
            except (KeyError, ValueError, TypeError) as error:
                result = {"ok": False, "error": "invalid_arguments", "detail": str(error)}
            return web.json_response(result)

        return handle

    async def _people_unread(self, request: web.Request) -> web.StreamResponse:
        return web.json_response({"ok": True, **sight.everyones_unread(self._core)})

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        refuse_strange_origin(request)
        form = await request.post()
        part = form["file"]
        user = self._core.find_user(str(form["user"]))
        if user is None or not isinstance(part, web.FileField):
            return web.json_response({"ok": False, "error": "invalid_arguments"})
        file = receive_upload(self._core, user.id, part.filename, part.file.read(), part.content_type)
        shown = {key: file.as_slack(self._core.base_url)[key] for key in ("id", "name", "size", "mimetype")}
        return web.json_response({"ok": True, "file": shown})
