"""files.*: the upload in three steps, and looking files up."""

import mimetypes

from bot.workspace import messages, texts
from bot.workspace.arguments import Arguments
from bot.workspace.core import Core
from bot.workspace.model import File
from bot.workspace.records import Json
from bot.workspace.refusals import SlackRefusal, invalid_arguments
from bot.workspace.web_api.table import method

LARGEST_FILE = 1_000_000_000


@method("files.getUploadURLExternal", scopes=("files:write",), required=("filename", "length"), json=True)
def get_upload_url(core: Core, args: Arguments) -> Json:
    """Step one: an address for the bytes."""
    size = args.number("length", 0, 1, LARGEST_FILE, "file_upload_size_restricted")
    name = args.text("filename")
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    file = File(
        core.new_id("F"), name, kind, b"", core.bot_id, core.unix(), complete=False, expected_length=size
    )
    core.files[file.id] = file
    return {"upload_url": f"{core.base_url}/upload/{file.id}", "file_id": file.id}


@method("files.completeUploadExternal", scopes=("files:write",), required=("files",), json=True)
def complete_upload(core: Core, args: Arguments) -> Json:
    """Step three: the file is there; with a channel it is shared, as a message of the app."""
    wanted = args.structure("files")
    if not isinstance(wanted, list) or not all(isinstance(each, dict) and "id" in each for each in wanted):
        raise invalid_arguments("must provide an array of objects with id [json-pointer:/files]")
    files = []
    for each in wanted:
        file = core.files.get(each["id"])
        if file is None or (not file.complete and not file.content):
            raise SlackRefusal("file_not_found", each["id"], breach=True)
        file.complete, file.title = True, each.get("title", file.name)
        files.append(file)
    channels = args.names("channels") or args.names("channel_id")
    for id_ in channels:
        room = core.conversations.get(id_)
        if room is None or (room.is_private and core.bot_id not in room.members):
            raise SlackRefusal("channel_not_found", id_)
        if core.bot_id not in room.members:
            raise SlackRefusal("not_in_channel", id_)
        said: Json = {"text": texts.escape_stray(args.text("initial_comment"))}
        if args.optional("thread_ts"):
            said["thread_ts"] = args.text("thread_ts")
        messages.share(core, room, messages.by_bot(core) | said, files)
    return {"files": [file.as_slack(core.base_url) for file in files]}


def _visible_file(core: Core, id_: str) -> File:
    file = core.files.get(id_)
    if file is None or not file.complete:
        raise SlackRefusal("file_not_found", id_)
    return file


@method("files.info", scopes=("files:read",), required=("file",))
def info(core: Core, args: Arguments) -> Json:
    """One file."""
    return {"file": _visible_file(core, args.text("file")).as_slack(core.base_url), "comments": []}


@method("files.delete", scopes=("files:write",), required=("file",), json=True)
def delete(core: Core, args: Arguments) -> Json:
    """Take an own file away."""
    file = _visible_file(core, args.text("file"))
    if file.user != core.bot_id:
        raise SlackRefusal("cant_delete_file", file.id)
    del core.files[file.id]
    return {}
