"""What is wrong with a fact, in words: shown beside the field of a form, or on the terminal."""

from __future__ import annotations

from typing import Final

from bot.errors import InvalidField
from bot.vocabulary import Locale

#: The longest piece of a wrong value that is repeated to the person who wrote it.
_SHOWN: Final = 40

_Pair = tuple[str, str]

_WRONG: Final[dict[str, dict[Locale, _Pair]]] = {
    "no_such_fact": {
        "ja": ("「{value}」という事実はありません。", "名前を確認してください。"),
        "en": ('there is no fact called "{value}".', "Check the spelling."),
    },
    "not_a_choice": {
        "ja": ("「{value}」は選べません。", "次から選んでください: {choices}"),
        "en": ('"{value}" is not one of its values.', "Write one of: {choices}."),
    },
    "not_a_label": {
        "ja": ("「{value}」は提出先の名前ではありません。", "提出先のID、または none を指定してください。"),
        "en": ('"{value}" is not the id of an authority.', "Write its id, or none."),
    },
    "not_a_mapping": {
        "ja": ("事実は「名前: 値」の形で書いてください。", "例: sensitive: true"),
        "en": ("the facts must be names with values.", "For example sensitive: true."),
    },
    "not_a_time": {
        "ja": ("「{value}」は時刻として読めません。", "例: 2026-11-24T10:00:00+09:00"),
        "en": ('"{value}" is not a time.', "Write it like 2026-11-24T10:00:00+09:00."),
    },
    "time_without_offset": {
        "ja": ("時刻「{value}」に時差の指定がありません。", "日本時間なら末尾に +09:00 を付けてください。"),
        "en": ('the time "{value}" has no offset.', "For Japan time add +09:00 at its end."),
    },
    "before_aware_at": {
        "ja": ("「{value}」は最初に気づいた時刻より前です。", "気づいた時刻以後の時刻にしてください。"),
        "en": ('"{value}" is before aware_at.', "Write a later time, or correct aware_at."),
    },
    "before_rules": {
        "ja": ("{earliest}より前の規定は扱っていません。", "日付を確認してください。"),
        "en": ("rules before {earliest} are not encoded.", "Check the date."),
    },
    "too_far_ahead": {
        "ja": ("{latest}年より後の祝日はわかりません。", "日付を確認してください。"),
        "en": ("no holidays are known after {latest}.", "Check the date."),
    },
    "persons_form": {
        "ja": (
            "人数の書き方が正しくありません。",
            "{{exact: N}}、{{min: N, max: N}}、unknown などで書いてください。",
        ),
        "en": (
            "this is not a number of people.",
            "Write {{exact: N}}, {{min: N, max: N}}, {{min: N}}, {{max: N}} or unknown.",
        ),
    },
    "persons_number": {
        "ja": ("「{value}」は人数ではありません。", "0以上の整数で書いてください。"),
        "en": ('"{value}" is not a number of people.', "Write a whole number from 0."),
    },
    "not_a_number_of_people": {
        "ja": ("「{value}」は人数として読めません。", "例: 1200、800〜1200、1000以上、不明"),
        "en": (
            '"{value}" cannot be read as a number of people.',
            "Write it like 1200, 800-1200, 1000- or unknown.",
        ),
    },
    "minimum_above_maximum": {
        "ja": ("最小{minimum}人が最大{maximum}人を上回っています。", "小さい数を先に書いてください。"),
        "en": (
            "the minimum {minimum} is above the maximum {maximum}.",
            "Write the smaller number as minimum.",
        ),
    },
    "my_number_denied": {
        "ja": (
            "マイナンバーは含まれないとされていますが、{minimum}人分の人数があります。",
            "どちらかを直してください。",
        ),
        "en": (
            "My Number is said not to be included, but {minimum} people are given.",
            "Correct one of the two.",
        ),
    },
    "more_than_persons": {
        "ja": (
            "{minimum}人は、本人の数の最大{maximum}人を上回っています。",
            "どちらかの人数を直してください。",
        ),
        "en": ("{minimum} is above the {maximum} persons concerned at most.", "Correct one of the two."),
    },
}

REASONS: Final = frozenset(_WRONG)


def field_error(error: InvalidField, locale: Locale) -> _Pair:
    """What is wrong and what to write instead, as two sentences in `locale`.

    Only for the reasons in REASONS, those that this package raises.
    """
    values = {name: _shown(value) for name, value in error.values.items()}
    what, remedy = _WRONG[error.reason][locale]
    return what.format(**values), remedy.format(**values)


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(str(each) for each in value)
    text = " ".join(str(value).split())
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
