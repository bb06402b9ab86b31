"""What a sign suggests before anybody has assessed: cautious starting values, each with its reason.

A sign is not yet a reportable situation. Suggestions fill only what nobody has answered, and a person's
answer always stands before them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, assert_never

from bot.vocabulary import Indicator, Locale, Protection


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A starting value in the form of `Facts.from_mapping`, and why it is suggested."""

    value: str | bool
    ja: str
    en: str

    def reason(self, locale: Locale) -> str:
        """Why it is suggested, in `locale`."""
        return self.ja if locale == "ja" else self.en


_LEAK: Final = Suggestion(
    "leak",
    "社外に出た可能性があるため、漏えいのおそれとして扱います。",
    "The data may have left the company, so it is treated as a suspected leak.",
)
_SUSPECTED: Final = Suggestion(
    "suspected",
    "まだ確認されていないため、おそれとして扱います。",
    "Nothing has been confirmed yet, so it counts as suspected.",
)
_THEFT: Final = Suggestion(
    True,
    "盗難は、不正の目的による行為のおそれがあると考えられます。",
    "A theft suggests an improper purpose.",
)
_STRANGER: Final = Suggestion(
    True,
    "権限のない人がアクセスした形跡は、不正の目的による行為のおそれがあると考えられます。",
    "Traces of access by somebody without authority suggest an improper purpose.",
)
_INTRUSION: Final = Suggestion(
    True,
    "不正アクセスは、不正の目的による行為のおそれがあると考えられます。",
    "Unauthorised access suggests an improper purpose.",
)
_TRADED: Final = Suggestion(
    True,
    "データが売買されているなら、不正に持ち出されたおそれがあると考えられます。",
    "Data that is traded suggests that it was taken with an improper purpose.",
)
_CLAIMED: Final = Suggestion(
    True,
    "保有を告げる不審な連絡は、不正に持ち出されたおそれを示すと考えられます。",
    "A strange message claiming to hold the data suggests that it was taken with an improper purpose.",
)
_FINDER: Final = Suggestion(
    "unknown",
    "拾得・持ち去りの可能性を否定できないため、不正の目的の有無は不明とします。",
    "Somebody may have picked it up or taken it, so the purpose is not known.",
)
_SOURCE_OPEN: Final = Suggestion(
    "unknown",
    "流出の経路がまだわからないため、不正の目的の有無は不明とします。",
    "It is not known yet how the data got out, so the purpose is not known.",
)
_INSIDER: Final = Suggestion(
    "unknown",
    "内部の人による持ち出しも不正の目的に当たり得るため、確認が必要です。",
    "Taking by the company's own staff may count as improper purpose too; this needs to be checked.",
)
_KEY: Final = Suggestion(
    "unknown",
    "鍵・IDが使われた形跡の有無を、まだ確認していません。",
    "It has not been checked yet whether the key or the ID was used.",
)
_NOT_YET_A_LEAK: Final = Suggestion(
    "unknown",
    "鍵・IDの紛失だけでは漏えいとは限りません。データに届いた形跡を確認してください。",
    "A lost key or ID alone is not a leak; check for traces of access to data.",
)
_ENTRUSTED_BY_US: Final = Suggestion(
    "controller",
    "委託先・取引先からの報告なので、自社を委託元として扱います。",
    "The report came from a processor or partner, so the company is taken for the controller.",
)


def suggested_facts(indicator: Indicator) -> Mapping[str, Suggestion]:
    """What the sign suggests, by the name of the fact. Facts not named here are simply not known."""
    suspected = {"kind": _LEAK, "certainty": _SUSPECTED}
    match indicator:
        case Indicator.MEDIA_LOST:
            return suspected | {"malicious": _FINDER}
        case Indicator.MEDIA_STOLEN:
            return suspected | {"malicious": _THEFT}
        case Indicator.MEDIA_ACCESSED:
            return suspected | {"malicious": _STRANGER}
        case Indicator.SYSTEM_INTRUSION:
            return suspected | {"malicious": _INTRUSION}
        case Indicator.DATA_TRADED:
            return suspected | {"malicious": _TRADED}
        case Indicator.POSSESSION_CLAIM:
            return suspected | {"malicious": _CLAIMED}
        case Indicator.EXTERNAL_INQUIRY | Indicator.PRESS_OR_AUTHORITY_INQUIRY | Indicator.ONLINE_RUMOR:
            return suspected | {"malicious": _SOURCE_OPEN}
        case Indicator.INTERNAL_TIP:
            return suspected | {"malicious": _INSIDER}
        case Indicator.PARTNER_REPORT:
            return suspected | {"malicious": _SOURCE_OPEN, "role": _ENTRUSTED_BY_US}
        case Indicator.KEY_OR_CREDENTIAL_LOST:
            return {"certainty": _NOT_YET_A_LEAK, "malicious": _KEY}
        case Indicator.OTHER:
            return {"certainty": _SUSPECTED}
    assert_never(indicator)


_WEAK: Final = Suggestion(
    False,
    "パスワードだけでは、高度な暗号化等の措置とは認められないと考えられます。",
    "A password alone is hardly the high-grade encryption the rules ask for.",
)
_BARE: Final = Suggestion(False, "保護されていないとの報告です。", "It was reported as not protected.")
_UNPROVEN: Final = Suggestion(
    "unknown",
    "暗号の方式と鍵の管理を確認するまでは、保護されていないものとして扱います。",
    "Until cipher and key are checked, the data counts as not protected.",
)


def suggested_protection(protection: Protection) -> Mapping[str, Suggestion]:
    """What the reporter's word on the protection suggests; "encrypted" alone proves nothing (RULE 7(1))."""
    match protection:
        case Protection.ENCRYPTED:
            return {"encrypted": _UNPROVEN}
        case Protection.PASSWORD:
            return {"encrypted": _WEAK}
        case Protection.NONE:
            return {"encrypted": _BARE}
        case Protection.UNKNOWN:
            return {}
    assert_never(protection)
