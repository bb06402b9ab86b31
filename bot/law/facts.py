"""What may be known of a leak. "Not known" is a value of its own, and that of whatever nobody answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final, TypeVar

from bot.errors import InvalidField
from bot.law.persons import UNKNOWN_PERSONS, Persons
from bot.vocabulary import Word


class Answer(Word):
    """The answer to a question that is answered with yes or no."""

    YES = "true", "はい", "Yes"
    NO = "false", "いいえ", "No"
    UNKNOWN = "unknown", "不明", "Not known"


class Kind(Word):
    """What happened to the data (GL 3-5-1). Where a leak is confirmed or suspected, it is a leak."""

    LEAK = "leak", "漏えい", "Leak"
    LOSS = "loss", "滅失", "Loss"
    DAMAGE = "damage", "毀損", "Damage"
    UNKNOWN = "unknown", "不明", "Not known"


class DamageType(Word):
    """How the data was damaged (GL 3-5-1-4)."""

    ALTERED = "altered", "改ざん", "Altered"
    UNUSABLE = "unusable", "利用不能", "Unusable"
    UNKNOWN = "unknown", "不明", "Not known"


class Certainty(Word):
    """How sure it is. A suspicion counts like a confirmed leak (RULE 7)."""

    CONFIRMED = "confirmed", "確認済み", "Confirmed"
    SUSPECTED = "suspected", "おそれ", "Suspected"
    RULED_OUT = "ruled_out", "なかったことを確認", "Ruled out"
    UNKNOWN = "unknown", "不明", "Not known"


class DataStatus(Word):
    """What the information is to the Act (ACT 16; RULE 7(3) for what is still being acquired)."""

    PERSONAL_DATA = "personal_data", "個人データ", "Personal data"
    PLANNED = "planned", "個人データとして取り扱う予定の個人情報", "Meant to become personal data"
    SCATTERED = "scattered", "散在情報", "In no database and not meant for one"
    UNKNOWN = "unknown", "不明", "Not known"


class HandledAs(Word):
    """Whose data it is: the company's own, or entrusted to it (委託)."""

    CONTROLLER = "controller", "委託元・自社の取扱い", "Controller"
    PROCESSOR = "processor", "委託先", "Processor"
    UNKNOWN = "unknown", "不明", "Not known"


#: The recipient where no authority has been delegated; `none` is how the facts spell it.
NO_DELEGATION: Final = "none"


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the assessment reads, each under the name of its form field. Unanswered means not known."""

    kind: Kind = Kind.UNKNOWN
    damage_type: DamageType = DamageType.UNKNOWN  # damage only
    certainty: Certainty = Certainty.UNKNOWN
    data_status: DataStatus = DataStatus.UNKNOWN
    sensitive: Answer = Answer.UNKNOWN  # 要配慮個人情報 in the data
    financial_harm: Answer = Answer.UNKNOWN  # misuse could cause property damage
    malicious: Answer = Answer.UNKNOWN  # improper purpose suspected or confirmed, staff included
    persons: Persons = UNKNOWN_PERSONS
    encrypted: Answer = Answer.UNKNOWN  # strong, well implemented, and the key is safe
    pseudonymized: Answer = Answer.UNKNOWN  # 仮名加工情報 (ACT 41)
    recovered_unread: Answer = Answer.UNKNOWN  # leak: all of it back before any third party saw it
    backup_exists: Answer = Answer.UNKNOWN  # loss, damage/unusable: the same content is kept elsewhere
    own_intent: Answer = Answer.UNKNOWN  # leak: deliberate provision; loss: deletion for a good reason
    my_number: Answer = Answer.UNKNOWN
    my_number_persons: Persons = UNKNOWN_PERSONS
    my_number_public_exposure: Answer = Answer.UNKNOWN  # readable by the public by electronic means
    my_number_system: Answer = Answer.UNKNOWN  # the systems of MNRULE 2(1)
    role: HandledAs = HandledAs.UNKNOWN
    controller_notified: Answer = Answer.UNKNOWN  # the processor told the controller (RULE 9)
    delegated_to_authority: str = NO_DELEGATION  # a free label, see `authorities.py`
    trigger_known_at: datetime | None = None  # when the facts that make it reportable became known

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> Facts:
        """Read facts from JSON or YAML values, or from the option values of a form.

        Raises InvalidField naming the fact: `no_such_fact`, `not_a_choice`, `persons_form`, `persons_number`,
        `minimum_above_maximum`, `not_a_label`, `not_a_time`, `time_without_offset`, and for facts that cannot
        both be true `my_number_denied` and `more_than_persons`.
        """
        for name in mapping:
            if name not in FACT_NAMES:
                raise InvalidField(str(name), "no_such_fact", value=name)
        facts = cls(**{name: _READERS[name](name, value) for name, value in mapping.items()})
        _refuse_contradictions(facts)
        return facts

    def to_mapping(self) -> dict[str, Any]:
        """The facts as JSON values, under their own names; the opposite of `from_mapping`."""
        return {field.name: _to_json(getattr(self, field.name)) for field in fields(self)}


FACT_NAMES: Final = tuple(field.name for field in fields(Facts))

_Choice = TypeVar("_Choice", bound=Word)
_Reader = Callable[[str, object], Any]


def _choice_of(choices: type[_Choice]) -> _Reader:
    def read(name: str, value: object) -> _Choice:
        written = str(value).lower() if isinstance(value, bool) and choices is Answer else value
        for choice in choices:
            if isinstance(written, str) and choice.value == written:
                return choice
        raise InvalidField(name, "not_a_choice", value=value, choices=tuple(choices))

    return read


def _label(name: str, value: object) -> str:
    if value is None or value in ("unknown", "ppc"):
        return NO_DELEGATION
    if not isinstance(value, str) or not value.strip():
        raise InvalidField(name, "not_a_label", value=value)
    return value.strip()


def read_moment(name: str, value: object) -> datetime:
    """Read an ISO 8601 time with its offset; InvalidField(name, "not_a_time" | "time_without_offset")."""
    moment = value
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            raise InvalidField(name, "not_a_time", value=value) from None
    if not isinstance(moment, datetime):
        raise InvalidField(name, "not_a_time", value=value)
    if moment.utcoffset() is None:
        raise InvalidField(name, "time_without_offset", value=value)
    return moment


def _moment_or_none(name: str, value: object) -> datetime | None:
    return None if value is None or value == "unknown" else read_moment(name, value)


_READERS: Final[dict[str, _Reader]] = {name: _choice_of(Answer) for name in FACT_NAMES} | {
    "kind": _choice_of(Kind),
    "damage_type": _choice_of(DamageType),
    "certainty": _choice_of(Certainty),
    "data_status": _choice_of(DataStatus),
    "role": _choice_of(HandledAs),
    "persons": Persons.from_json,
    "my_number_persons": Persons.from_json,
    "delegated_to_authority": _label,
    "trigger_known_at": _moment_or_none,
}


def _refuse_contradictions(facts: Facts) -> None:
    numbered = facts.my_number_persons.minimum
    if facts.my_number is Answer.NO and numbered > 0:
        raise InvalidField("my_number_persons", "my_number_denied", minimum=numbered)
    if facts.persons.maximum is not None and numbered > facts.persons.maximum:
        raise InvalidField(
            "my_number_persons", "more_than_persons", minimum=numbered, maximum=facts.persons.maximum
        )


def _to_json(value: object) -> object:
    match value:
        case Answer():
            return value.value if value is Answer.UNKNOWN else value is Answer.YES
        case Word():
            return value.value
        case Persons():
            return value.to_json()
        case datetime():
            return value.isoformat()
    return value
