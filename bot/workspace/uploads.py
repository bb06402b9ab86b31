"""Bytes of files: taking them in from people and from the app, giving them out to who may see them."""

import mimetypes

from aiohttp import web

from bot.workspace.core import Core
from bot.workspace.model import File

_LOGIN_PAGE = (
    "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Sign in to continue.</body></html>"
)


def receive_upload(core: Core, user: str, name: str, content: bytes, mimetype: str | None = None) -> File:
    """A file a person hands over (for a form's file_input)."""
    kind = mimetype or mimetypes.guess_type(name)[0] or "application/octet-stream"
    file = File(core.new_id("F"), name, kind, content, user, core.unix(), expected_length=len(content))
    core.files[file.id] = file
    return file


class Uploads:
    """The end points `/upload/<id>` and `/files/<id>/<name>`."""

    def __init__(self, core: Core) -> None:
        self._core = core

    async def receive(self, request: web.Request) -> web.StreamResponse:
        """Step two of an upload: the raw bytes, or a form with one file."""
        file = self._core.files.get(request.match_info["id"])
        if file is None or file.complete:
            return web.Response(status=404, text="no such upload")
        if request.content_type == "multipart/form-data":
            parts = (await request.post()).values()
            content = b"".join(part.file.read() for part in parts if isinstance(part, web.FileField))
        else:
            content = await request.read()
        if len(content) != file.expected_length:
            self._core.breach("upload", "length_mismatch", f"{len(content)} of {file.expected_length} bytes")
            return web.Response(status=400, text="length mismatch")
        file.content = content
        return web.Response(text=f"OK - {len(content)}")

    async def give(self, request: web.Request) -> web.StreamResponse:
        """A file, with the app's token and `files:read`, or to a person of the page (`?user=U…`)."""
        file = self._core.files.get(request.match_info["id"])
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        by_app = token == self._core.bot_token and "files:read" in self._core.scopes
        by_person = file is not None and self._may_see(request.query.get("user", ""), file)
        if not by_app and not by_person:
            # Slack answers with its login page and status 200; clients must look at the type.
            return web.Response(text=_LOGIN_PAGE, content_type="text/html")
        if file is None:
            return web.Response(status=404, text="no such file")
        # Attached and never sniffed: an uploaded page must not run in the workspace's own origin.
        headers = {
            "Content-Disposition": "attachment",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox",
        }
        return web.Response(body=file.content, content_type=file.mimetype, headers=headers)

    def _may_see(self, user: str, file: File) -> bool:
        if user == file.user:
            return True
        return any(
            user in room.members
            for id_ in file.channels
            if (room := self._core.conversations.get(id_)) is not None
        )
