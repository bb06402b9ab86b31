"""YAML with line numbers: the file's plain data, and the line on which each part of it stands."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

import yaml


class TextLoader(yaml.SafeLoader):
    """YAML whose every text can be written again.

    JSON writes 😀 as two escapes, the halves of a pair, which YAML leaves apart: they are joined. A half that
    stands alone is no character; it is a ConstructorError with its place.
    """

    def _text(self, node: yaml.ScalarNode) -> str:
        written = str(self.construct_scalar(node))
        try:
            return written.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
        except UnicodeDecodeError:
            problem = "an escape that is no character"
            raise yaml.constructor.ConstructorError(None, None, problem, node.start_mark) from None


TextLoader.add_constructor("tag:yaml.org,2002:str", TextLoader._text)


class _Loader(TextLoader):
    """YAML as people mean it: `no` and `22:00` are text, only true/false, numbers and null are not."""


# YAML 1.1 would read 22:00 as 1320, `no` as false and 2026-01-01 as a date.
_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("tag:yaml.org,2002:bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("tag:yaml.org,2002:int", r"[-+]?(?:0|[1-9][0-9]*)", "-+0123456789"),
    ("tag:yaml.org,2002:float", r"[-+]?[0-9]+\.[0-9]+", "-+0123456789"),
    ("tag:yaml.org,2002:null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("tag:yaml.org,2002:merge", r"<<", "<"),
):
    _Loader.add_implicit_resolver(_tag, re.compile(f"^(?:{_pattern})$"), list(_first))


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake: the line (from 1), the key it concerns (may be empty), what is wrong, what to write."""

    line: int
    key: str
    what: str
    remedy: str


class Unreadable(Exception):
    """The text is not one YAML mapping; `mistakes` says why."""

    def __init__(self, *mistakes: Mistake) -> None:
        super().__init__(mistakes[0].what)
        self.mistakes = mistakes


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML mapping as plain data, with the nodes it came from."""

    data: dict[str, object]
    node: yaml.MappingNode

    def line(self, path: Sequence[int | str], *, of_key: bool = False) -> int:
        """The line (from 1) of the value at `path`, or of the key where `of_key`; else of what holds it."""
        node: yaml.Node = self.node
        line = node.start_mark.line + 1
        for depth, part in enumerate(path):
            if isinstance(node, yaml.MappingNode):
                found = [pair for pair in node.value if pair[0].value == str(part)]
                if not found:
                    break
                key, node = found[-1]  # own keys stand after merged ones
                wants_key = of_key and depth == len(path) - 1
                line = (key if wants_key else node).start_mark.line + 1
            elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
                node = node.value[part]
                line = node.start_mark.line + 1
            else:
                break
        return line


def load(text: str) -> Document:
    """Read one YAML mapping. Raises Unreadable with the line of what is wrong."""
    loader: _Loader | None = None
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        if node is None:
            raise Unreadable(Mistake(1, "", "the file is empty", "Start from organisation.example.yaml."))
        if not isinstance(node, yaml.MappingNode):
            remedy = "Write it as `name: …`, `departments: …` and so on, as in organisation.example.yaml."
            raise Unreadable(Mistake(node.start_mark.line + 1, "", "a mapping of keys is expected", remedy))
        twice = tuple(_twice(node))
        if twice:
            raise Unreadable(*twice)
        data = loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        raise Unreadable(_not_yaml(error, text)) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        what = "not YAML: a character that may not stand in a text file"
        raise Unreadable(Mistake(line, "", what, "Delete the character.")) from error
    except RecursionError as error:
        what = "nested too deeply, or an anchor that contains itself"
        raise Unreadable(Mistake(1, "", what, "Write it as in organisation.example.yaml.")) from error
    finally:
        if loader is not None:
            loader.dispose()
    return Document(data, node)


def _not_yaml(error: yaml.MarkedYAMLError, text: str) -> Mistake:
    mark = error.problem_mark or error.context_mark
    line = (mark.line if mark else 0) + 1
    what = f"not YAML: {error.problem or error.context or 'cannot be read'}"
    remedy = "Look at indentation, colons and quotation marks there."
    if "'@' that cannot start any token" in what:
        what, remedy = "a handle without quotation marks", 'Write it in quotes, like "@csirt".'
    elif "'\\t' that cannot start any token" in what:
        what, remedy = "a tab where YAML wants spaces", "Indent with spaces."
    elif line > text.count("\n"):
        remedy = "Look further up for a bracket or quotation mark that is not closed."
    return Mistake(line, _key_written_on(line, text), what, remedy)


def _key_written_on(line: int, text: str) -> str:
    """The key on a line that is not YAML, as far as a look at its beginning can tell."""
    found = re.match(r"[\s-]*([A-Za-z_]+)\s*:", [*text.splitlines(), ""][line - 1])
    return found[1] if found else ""


def _twice(root: yaml.Node) -> Iterator[Mistake]:
    """Keys that stand twice in one mapping: YAML would silently keep the last."""
    waiting: list[tuple[yaml.Node, str]] = [(root, "")]
    visited: set[int] = set()
    while waiting:
        node, path = waiting.pop()
        if id(node) in visited:
            continue
        visited.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            waiting += [(each, f"{path}[{at}]") for at, each in enumerate(node.value)]
        elif isinstance(node, yaml.MappingNode):
            seen: dict[Hashable, int] = {}
            for key, value in node.value:
                name = str(key.value)
                here = f"{path}.{name}" if path else name
                if name in seen and name != "<<":
                    first = f"it already stands on line {seen[name]}"
                    yield Mistake(key.start_mark.line + 1, here, first, "Keep one of the two.")
                seen.setdefault(name, key.start_mark.line + 1)
                waiting.append((value, here))
