"""What the facts are called, for people."""

from __future__ import annotations

from typing import Final

from bot.vocabulary import Locale

FACT_LABELS: Final[dict[str, dict[Locale, str]]] = {
    "kind": {"ja": "漏えい・滅失・毀損の別", "en": "Leak, loss or damage"},
    "damage_type": {"ja": "毀損の内容", "en": "How it was damaged"},
    "certainty": {"ja": "確かさ", "en": "How sure it is"},
    "data_status": {"ja": "情報の位置づけ", "en": "What the information is"},
    "sensitive": {"ja": "要配慮個人情報の有無", "en": "Special care-required information"},
    "financial_harm": {"ja": "財産的被害のおそれ", "en": "Risk of property damage"},
    "malicious": {"ja": "不正の目的のおそれ", "en": "Improper purpose suspected"},
    "persons": {"ja": "本人の数", "en": "Number of persons"},
    "encrypted": {"ja": "高度な暗号化等の措置", "en": "High-grade encryption"},
    "pseudonymized": {"ja": "仮名加工情報", "en": "Pseudonymously processed information"},
    "recovered_unread": {"ja": "閲覧前に全て回収", "en": "All recovered unread"},
    "backup_exists": {"ja": "同じ内容の別の保管", "en": "Same content kept elsewhere"},
    "own_intent": {"ja": "自社の意図による提供・削除", "en": "Provided or deleted on purpose"},
    "my_number": {"ja": "マイナンバー（特定個人情報）の有無", "en": "My Number included"},
    "my_number_persons": {"ja": "マイナンバーに係る本人の数", "en": "Persons with My Number"},
    "my_number_public_exposure": {
        "ja": "マイナンバーの不特定多数による閲覧のおそれ",
        "en": "My Number readable by the public",
    },
    "my_number_system": {
        "ja": "情報提供ネットワークシステム等の特定個人情報",
        "en": "My Number network, benefit-office or public-body systems",
    },
    "role": {"ja": "委託元・委託先の別", "en": "Controller or processor"},
    "controller_notified": {"ja": "委託元への通知", "en": "Controller notified"},
    "delegated_to_authority": {"ja": "権限委任先", "en": "Delegated authority"},
    "trigger_known_at": {
        "ja": "報告対象事態に当たると知った時刻",
        "en": "When the reportable facts became known",
    },
}


def fact_label(name: str, locale: Locale) -> str:
    """What the fact called `name` is called for people."""
    return FACT_LABELS[name][locale]
