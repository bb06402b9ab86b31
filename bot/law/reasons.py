"""Why an assessment says what it says: codes with their place in the law."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.law.sources import Citation


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason. `params` are plain JSON values for its explanation (`wording.explain`).

    `cautious`: the texts are silent or leave room, and this is the product's careful reading.
    """

    code: str
    params: Mapping[str, Any]
    source: Citation
    cautious: bool = False


def reason(code: str, *, cautious: bool | None = None, **params: Any) -> Reason:
    """The reason called `code`, with its source; `cautious` overrides what the table says of it."""
    basis = BASIS[code]
    return Reason(code, params, basis.source, basis.cautious if cautious is None else cautious)


@dataclass(frozen=True, slots=True)
class Basis:
    """Where a reason code comes from."""

    source: Citation
    cautious: bool = False


def _basis(key: str, ja: str, en: str, *, cautious: bool = False) -> Basis:
    return Basis(Citation(key, ja, en), cautious)


_SILENT: Final = _basis("LEAKBOT", "", "", cautious=True)

BASIS: Final[dict[str, Basis]] = {
    "ruled_out": _basis("GL", "3-5-3-1", "3-5-3-1"),
    "own_intent": _basis("GL", "3-5-1-2、3-5-1-3", "3-5-1-2, 3-5-1-3"),
    "recovered_unread": _basis("GL", "3-5-1-2", "3-5-1-2"),
    "backup_exists": _basis("GL", "3-5-1-3、3-5-1-4", "3-5-1-3, 3-5-1-4"),
    "encrypted": _basis("RULE", "第7条第1号", "Art. 7 item 1"),
    "pseudonymized": _basis("ACT", "第41条第9項", "Art. 41(9)"),
    "scattered_data": _basis("ACT", "第16条、第26条", "Art. 16, 26"),
    "planned_only_item3": _basis("RULE", "第7条第3号", "Art. 7 item 3"),
    "no_trigger": _basis("RULE", "第7条", "Art. 7"),
    "not_over_1000": _basis("RULE", "第7条第4号", "Art. 7 item 4"),
    "over_1000": _basis("RULE", "第7条第4号", "Art. 7 item 4"),
    "max_over_1000": _basis("GL", "3-5-3-1", "3-5-3-1"),
    "persons_unknown": _SILENT,
    "mn_over_100": _basis("MNRULE", "第2条第4号", "Art. 2 item 4"),
    "mn_max_over_100": _basis("MNGL", "3", "3"),
    "mn_not_over_100": _basis("MNRULE", "第2条第4号", "Art. 2 item 4"),
    "mn_persons_unknown": _SILENT,
    "mn_effort_report": _basis("MNGL", "3-B", "3-B"),
    "final_30": _basis("RULE", "第8条第2項", "Art. 8(2)"),
    "final_60_malicious": _basis("RULE", "第8条第2項", "Art. 8(2)"),
    "final_rolled": _basis("GL", "3-5-3-4", "3-5-3-4"),
    "preliminary_not_rolled": _SILENT,
    "calendar_computed": _basis("HOLIDAYS", "第2条", "Art. 2", cautious=True),
    "aware_converted_to_jst": _SILENT,
    "clock_from_trigger_known_at": _basis("GL", "3-5-3-1", "3-5-3-1"),
    "malicious_unknown_short_clock": _SILENT,
    "suspected_counts": _basis("GL", "3-5-3-1", "3-5-3-1"),
    "protection_unknown": _SILENT,
    "kind_unknown": _SILENT,
    "processor_may_notify_controller": _basis("ACT", "第26条第1項ただし書", "Art. 26(1), proviso"),
    "processor_exempt_notified": _basis("RULE", "第9条", "Art. 9"),
    "processor_notified_class_open": _SILENT,
    "controller_told_by_processor": _basis("GL", "3-5-3-2、3-5-3-5", "3-5-3-2, 3-5-3-5"),
    "my_number_reported_apart": _basis("MNACT", "第29条の4", "Art. 29-4", cautious=True),
    "my_number_same_form_unconfirmed": _basis("LEAK", "", ""),
    "delegated_authority": _basis("ACT", "第150条", "Art. 150"),
}
