"""Reads the organisation file. A mistake becomes one line, FILE:LINE: KEY: what is wrong, and the remedy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.errors import ConfigurationError
from bot.organisation.document import Document, Mistake, Unreadable, load
from bot.organisation.schema import OrganisationEntry
from bot.organisation.values import Organisation
from bot.organisation.words import shown

_EXPECTED = {
    "string_type": "text is expected",
    "bool_type": "true or false is expected",
    "int_type": "a whole number is expected",
    "tuple_type": "a list is expected",
    "model_type": "a mapping of keys is expected",
    "dict_type": "a mapping of keys is expected",
    "greater_than_equal": "the number is too small",
}
_WRITE = {
    "string_type": "Write text, in quotation marks where it looks like a number.",
    "bool_type": "Write true or false.",
    "int_type": "Write a whole number without unit, like 1000.",
    "tuple_type": "Write a list, like [a, b]; [] for none.",
    "model_type": "Write its keys below it, indented, as in organisation.example.yaml.",
    "dict_type": "Write its keys below it, indented, as in organisation.example.yaml.",
    "greater_than_equal": "Write 1 or more.",
}


def read(path: Path) -> Organisation:
    """Read and validate the organisation file at `path`.

    Raises ConfigurationError naming file, line, key and remedy, also where the file cannot be read.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        remedy = "Copy organisation.example.yaml there, or set LEAKBOT_ORGANISATION to the right path."
        raise ConfigurationError(f"{path}: there is no such organisation file.", remedy) from None
    except OSError as error:
        remedy = "Set LEAKBOT_ORGANISATION to a file this user may read."
        raise ConfigurationError(f"{path}: cannot be read ({error.strerror}).", remedy) from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ConfigurationError(f"{path}:{line}: not UTF-8 text.", "Save the file as UTF-8.") from None
    organisation = parse(text, str(path))
    if organisation.templates is not None:
        folder = _folder(path, text, organisation.templates, "templates")
        organisation = replace(organisation, templates=folder)
    if organisation.evidence.store is not None:
        folder = _folder(path, text, organisation.evidence.store, "evidence", "store")
        organisation = replace(organisation, evidence=replace(organisation.evidence, store=folder))
    return organisation


def _folder(path: Path, text: str, written: Path, *key: str) -> Path:
    """A folder the file names, which must exist. It counts from the file's own; an absolute one stays."""
    folder = path.parent / written
    if not folder.is_dir():
        where = f"{path}:{load(text).line(key)}: {'.'.join(key)}"
        remedy = "Make the folder, or correct the path; it counts from this file's own folder."
        raise ConfigurationError(f"{where}: there is no folder {folder}.", remedy)
    return folder


def place(path: Path, channel: int) -> str:
    """FILE:LINE of the channel of this number (from 1), for mistakes that only show when it is used.

    The file alone where it cannot be read any more.
    """
    try:
        document = load(path.read_bytes().decode("utf-8-sig"))
    except (OSError, ValueError, Unreadable):
        return str(path)
    return f"{path}:{document.line(['paging', 'channels', channel - 1])}"


def parse(text: str, name: str) -> Organisation:
    """Validate the organisation file's text; `name` stands for the file in messages.

    Raises ConfigurationError for the first mistake by line, saying how many more there are.
    """
    try:
        document = load(text)
    except Unreadable as error:
        raise _refusal(name, error.mistakes) from None
    try:
        entry = OrganisationEntry.model_validate(document.data)
    except ValidationError as error:
        found = _told(error.errors(include_url=False))
        mistakes = [_mistake(details, document) for details in found]
        raise _refusal(name, [*mistakes, *_same_ids(document)]) from None
    same = tuple(_same_ids(document))
    if same:
        raise _refusal(name, same)
    return entry.value()


def _refusal(name: str, mistakes: Sequence[Mistake]) -> ConfigurationError:
    first = min(mistakes, key=lambda each: each.line)
    where = f"{name}:{first.line}: " + (f"{first.key}: " if first.key else "")
    more = len(mistakes) - 1
    count = f" ({more} more mistake{'s' if more > 1 else ''} in this file.)" if more else ""
    return ConfigurationError(f"{where}{first.what}.", first.remedy + count)


def _same_ids(document: Document) -> Iterator[Mistake]:
    """Departments with an id that stands further up already."""
    departments = document.data.get("departments")
    seen: dict[str, int] = {}
    for at, each in enumerate(departments if isinstance(departments, list) else []):
        written = each.get("id") if isinstance(each, dict) else None
        if not isinstance(written, str):
            continue
        line = document.line(["departments", at, "id"])
        if written in seen:
            what = f'"{written}" is the id of the department on line {seen[written]} already'
            yield Mistake(line, f"departments[{at}].id", what, "Give each department an id of its own.")
        seen.setdefault(written, line)


def _told(found: Sequence[ErrorDetails]) -> list[ErrorDetails]:
    """All but the keys that are missing only because they stand there misspelt."""
    misspelt = {
        (*details["loc"][:-1], _near(details["loc"]))
        for details in found
        if details["type"] == "extra_forbidden"
    }
    return [details for details in found if details["type"] != "missing" or details["loc"] not in misspelt]


def _mistake(details: ErrorDetails, document: Document) -> Mistake:
    path = details["loc"]
    at_key = bool(path) and path[-1] == "[key]"  # the key itself is wrong, not its value
    path = path[:-1] if at_key else path
    key = _written(path)
    kind = details["type"]
    context: dict[str, Any] = details.get("ctx", {})
    if kind == "missing":
        what, remedy = "the key is missing", f"Add `{path[-1]}:` as in organisation.example.yaml."
        return Mistake(document.line(path[:-1]), key, what, remedy)
    if kind in ("extra_forbidden", "invalid_key"):
        return Mistake(document.line(path, of_key=True), key, "there is no such key", _did_you_mean(path))
    line = document.line(path, of_key=at_key)
    if kind == "mistake":
        return Mistake(line, key, context["what"], context["remedy"])
    if kind == "literal_error":
        return Mistake(
            line, key, f"{shown(details['input'])} cannot be chosen", f"Write {context['expected']}."
        )
    return Mistake(line, key, _EXPECTED.get(kind, details["msg"]), _WRITE.get(kind, "Correct it."))


def _written(path: Sequence[int | str]) -> str:
    """`departments[1].manager`"""
    written = ""
    for part in path:
        written += f"[{part}]" if isinstance(part, int) else f".{part}"
    return written.removeprefix(".")


def _did_you_mean(path: Sequence[int | str]) -> str:
    near = _near(path)
    return f'Did you mean "{near}"?' if near else f"Delete it; the keys here are {', '.join(_keys_at(path))}."


def _near(path: Sequence[int | str]) -> str | None:
    """The key that may have been meant by the unknown one at the end of `path`."""
    return next(iter(get_close_matches(str(path[-1]), _keys_at(path), n=1)), None)


def _keys_at(path: Sequence[int | str]) -> list[str]:
    """The keys there are beside the one at the end of `path`."""
    return [field.alias or name for name, field in _model_at(path[:-1]).model_fields.items()]


def _model_at(path: Sequence[int | str]) -> type[BaseModel]:
    """The part of the schema at `path`."""
    model: type[BaseModel] = OrganisationEntry
    for part in path:
        if isinstance(part, int):
            continue
        for name, field in model.model_fields.items():
            if part in (name, field.alias):
                model = _model_in(field.annotation) or model
    return model


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for each in get_args(annotation) if (found := _model_in(each))), None)
