"""Values as they should be, spoilt somewhere: parts missing, of the wrong kind, hostile, doubled."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import strategies as st

#: What stands in place of something good. (JSON knows no infinity; Python's reader takes it all the same.)
HOSTILE: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1.5, 1e400, 2**63, 10**400, [], {}, [None], {"id": None}, {"value": []}),
    *([[[[]]]], [[]] * 50, {"": ""}, {"a": {"a": {"a": {}}}}, "", " ", "\n", "x" * 4000, "\u0000", "\u202e"),
    *("9" * 400, "１２", "{", "[]", "null", "unknown", "true", "0x1F", "1e9", "2026-02-30", "25:61"),
    *("2026-9999", "../../etc/passwd", "'; DROP TABLE case; --", "1700000000.000100", "\ud800"),
    *("<!channel> <@U0MANAGER> <https://x.example|y>", "U0STRANGER", "C0UNKNOWN", "{{ 7*7 }}"),
)
ANYTHING = st.sampled_from(HOSTILE) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)


@st.composite
def spoilt(draw: st.DrawFn, good: Any) -> Any:
    """A copy of something good in which one to three parts are gone, replaced or doubled."""
    value = copy.deepcopy(good)
    for _ in range(draw(st.integers(1, 3))):
        if not (places := _places(value)):
            break
        inside, key = draw(st.sampled_from(places))
        match draw(st.sampled_from(("replaced", "replaced", "replaced", "gone", "renamed"))):
            case "gone":
                del inside[key]
            case "renamed" if isinstance(inside, dict):
                inside[draw(st.text(max_size=8))] = inside.pop(key)
            case _:
                inside[key] = copy.deepcopy(draw(ANYTHING))
    return value


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every part, at any depth: what holds it, and under which key."""
    found: list[tuple[Any, Any]] = []
    keys: Any = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        found.append((value, key))
        found += _places(value[key])
    return found
