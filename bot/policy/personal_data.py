"""Personal data where it does not belong: found in what people type, and masked.

A report tells that a list of cards leaked; it need not hold the cards. Numbers are recognised by their own
check digit, lists by their length. What stands behind another label (注文番号, tracking no.) is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from stdnum import luhn
from stdnum.jp import in_ as my_number

from bot.vocabulary import Locale, PersonalData

#: One address or telephone number is how to reach somebody; this many different ones are a list.
LIST: Final = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """One item: `text[start:end]`."""

    kind: PersonalData
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Masked:
    """A text in which every item is replaced by its mark, and what kinds there were, in fixed order."""

    text: str
    kinds: tuple[PersonalData, ...]


def masked(text: str) -> Masked:
    """The text with `［マイナンバー］`, `［カード番号 末尾1234］` … in place of the items.

    Marks are in the text's own language. What was masked already stays as it is: masking twice changes
    nothing.
    """
    findings = found(text)
    locale: Locale = "en" if _LATIN.search(text) and not _JAPANESE.search(text) else "ja"
    parts, end = [], 0
    for finding in findings:
        parts += [text[end : finding.start], _mark(finding, text, locale)]
        end = finding.end
    kinds = {finding.kind for finding in findings}
    return Masked("".join([*parts, text[end:]]), tuple(kind for kind in PersonalData if kind in kinds))


def found(text: str) -> tuple[Finding, ...]:
    """Every item in the text, from left to right, none overlapping another."""
    # Same length all along, so that places stay places. Marks are walls that nothing is found across.
    plain = _MARKS.sub(_wall, text).translate(_PLAIN)
    findings: list[Finding] = []
    before = -1
    while len(findings) > before:  # again, since what stood beside an item may be one by itself without it
        before = len(findings)
        for kind, search in _SEARCHES:
            places = list(search(plain))
            findings += [Finding(kind, *place) for place in places]
            plain = _walled(plain, places)
    return tuple(sorted(findings, key=lambda finding: finding.start))


_WALL: Final = "\0"
_JAPANESE: Final = re.compile(r"[぀-ヿ㐀-鿿]")
_LATIN: Final = re.compile(r"[A-Za-z]")


def _wall(match: re.Match[str]) -> str:
    return _WALL * len(match[0])


def _walled(plain: str, places: list[tuple[int, int]]) -> str:
    parts, last = [], 0
    for start, end in sorted(places):
        parts += [plain[last:start], _WALL * (end - start)]
        last = end
    return "".join([*parts, plain[last:]])


def _mark(finding: Finding, text: str, locale: Locale) -> str:
    label = finding.kind.label(locale)
    if finding.kind is PersonalData.PAYMENT_CARD:
        last = _digits(text[finding.start : finding.end].translate(_PLAIN))[-4:]
        label += f" 末尾{last}" if locale == "ja" else f" …{last}"
    return f"［{label}］" if locale == "ja" else f"[{label}]"


def _digits(text: str) -> str:
    return "".join(each for each in text if "0" <= each <= "9")


#: Full-width forms as ASCII, every dash as "-" (ー too: people type it between numbers), every space as " ".
_PLAIN: Final[dict[int, int | str]] = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    **dict.fromkeys(map(ord, "‐‑‒–—―−ーｰ－"), "-"),
    **dict.fromkeys(map(ord, "\u00a0\u2002\u2003\u2009\u3000\t"), " "),
}

_ALL_MARKS: Final = "|".join(
    [re.escape(f"［{kind.ja}") + "(?: 末尾[0-9]{4})?］" for kind in PersonalData]
    + [re.escape(f"[{kind.en}") + r"(?: …[0-9]{4})?\]" for kind in PersonalData]
)
_MARKS: Final = re.compile(_ALL_MARKS)

# A number begins and ends where no letter, digit or joined digit stands beside it, nor inside an address
# of the web. A comma ends it: what is pasted from a table has no spaces.
_BEFORE: Final = r"(?<![0-9A-Za-z_])(?<![0-9][-.])(?<![A-Za-z]/)"
_AFTER: Final = r"(?![0-9A-Za-z_])(?![-.][0-9])"

#: A label right before a number that says it is something else. Parcel and order numbers have twelve digits
#: too, and one in eleven of them has a fitting check digit.
_OTHER_LABEL: Final = re.compile(
    r"(?:追跡|伝票|送り状|荷物|問い?合わ?せ|注文|受注|発注|受付|整理|管理|法人|資産|製造|シリアル|会員|契約|請求|見積|案件|事案"
    r"|チケット|照会|申請|文書|顧客|お客様|社員|従業員|商品|型|予約|決済|取引|登録|参照|機器|端末|ロット|ケ-ス"
    r"|tracking|parcel|order|invoice|ticket|serial|case|reference|ref|request|incident|device|asset|batch|lot"
    r"|imei|isbn|jan|id|build|version|transaction|booking)"
    r"[\s]*(?:番号|ナンバ-|コ-ド|id|number|no\.?|num|code|#|№)?[\s]*(?:は|が|の|:|=|「|\(|is|#|no\.?|-)?[\s]*$",
    re.IGNORECASE,
)
_LOOK_BACK: Final = 30  # characters in which a label may stand


def _labelled_otherwise(plain: str, start: int) -> bool:
    return _OTHER_LABEL.search(plain[max(0, start - _LOOK_BACK) : start]) is not None


# My Number (個人番号): twelve digits, the last of them a check digit (検査用数字): 番号法施行令 8条 and
# 平成26年総務省令85号 5条.
_TWELVE: Final = re.compile(
    rf"{_BEFORE}(?:[0-9]{{12}}|[0-9]{{4}}([ .-]{{1,3}})[0-9]{{4}}\1[0-9]{{4}}"
    rf"|[0-9]{{3}}([ -])[0-9]{{3}}\2[0-9]{{3}}\2[0-9]{{3}}|[0-9]{{6}}[ -][0-9]{{6}}){_AFTER}"
)
_MY_NUMBER_LABEL: Final = re.compile(r"(?:マイナンバ-|個人番号|my ?number)[^0-9\0\n。]{0,8}$", re.IGNORECASE)


def _my_numbers(plain: str) -> Iterator[tuple[int, int]]:
    for match in _TWELVE.finditer(plain):
        before = plain[max(0, match.start() - _LOOK_BACK) : match.start()]
        # Behind its own label even a mistyped one is one.
        if _MY_NUMBER_LABEL.search(before) or (
            my_number.is_valid(_digits(match[0]))
            and not _labelled_otherwise(plain, match.start())
            and not _is_time(match[0])
        ):
            yield match.span()


def _is_time(digits: str) -> bool:
    """`202611222118` is a moment as systems write it."""
    try:
        return 1990 <= datetime.strptime(digits, "%Y%m%d%H%M").year < 2100  # noqa: DTZ007 - only whether
    except ValueError:
        return False


# Payment cards: first digits and lengths as the card schemes assign them (ISO/IEC 7812), check digit by Luhn.
_GAP: Final = r"[ .-]{0,3}"
_CARD: Final = re.compile(
    rf"{_BEFORE}(?:"
    rf"(?:4[0-9]{{3}}|5[1-5][0-9]{{2}}|2(?:22[1-9]|2[3-9][0-9]|[3-6][0-9]{{2}}|7[01][0-9]|720)"
    rf"|35(?:2[89]|[3-8][0-9])|6011|64[4-9][0-9]|65[0-9]{{2}}|62[0-9]{{2}})"
    rf"({_GAP})[0-9]{{4}}\1[0-9]{{4}}\1[0-9]{{4}}"
    rf"|3[47][0-9]{{2}}({_GAP})[0-9]{{6}}\2[0-9]{{5}}"
    rf"|3(?:0[0-59]|[689][0-9])[0-9]({_GAP})[0-9]{{6}}\3[0-9]{{4}}"
    rf"|62[0-9]{{15,17}}){_AFTER}"
)


def _cards(plain: str) -> Iterator[tuple[int, int]]:
    for match in _CARD.finditer(plain):
        if luhn.is_valid(_digits(match[0])) and not _labelled_otherwise(plain, match.start()):
            yield match.span()


# Bank accounts have no check digit: seven digits in a sentence that speaks of an account before them.
_SENTENCE: Final = re.compile(r"[^\n。]+")
_ACCOUNT: Final = re.compile(
    r"口座|(?:普通|当座|貯蓄|総合)預金|支店[^0-9\n。]{0,8}(?:普通|当座|貯蓄)"
    r"|(?:普通|当座|貯蓄|\(普\)|\(当\))(?= ?:? ?[0-9]{7}(?![0-9]))|bank account|account (?:number|no)",
    re.IGNORECASE,
)
_SEVEN: Final = re.compile(
    rf"{_BEFORE}(?<!〒)(?<!〒 )(?<![¥$€])(?<![¥$€] )[0-9]{{7}}"
    rf"(?! ?[件人名円個通枚台回%]|万| ?(?:people|yen|records|rows)){_AFTER}"
)
# Japan Post Bank: 記号 (five digits beginning with 1) and 番号 (up to eight ending in 1).
_POST_BANK: Final = re.compile(
    rf"記号[^0-9\n\0。]{{0,4}}1[0-9]{{4}}[^0-9\n\0。]{{0,4}}番号[^0-9\n\0。]{{0,4}}[0-9]{{2,8}}{_AFTER}"
)


def _bank_accounts(plain: str) -> Iterator[tuple[int, int]]:
    for sentence in _SENTENCE.finditer(plain):
        text, at = sentence[0], sentence.start()
        post = [match.span() for match in _POST_BANK.finditer(text)]
        yield from ((at + start, at + end) for start, end in post)
        if spoken_of := _ACCOUNT.search(text):
            for match in _SEVEN.finditer(text, spoken_of.end()):
                inside = any(start <= match.start() < end for start, end in post)
                if not inside and not _labelled_otherwise(plain, at + match.start()):
                    yield at + match.start(), at + match.end()


_EMAIL: Final = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5}"
)
_PHONE: Final = re.compile(
    rf"{_BEFORE}(?:\+81[- ]?(?:\(0\))?[1-9][0-9]{{0,3}}[- ]?[0-9]{{1,4}}[- ]?[0-9]{{4}}"
    r"|0[5789]0[- ]?[0-9]{4}[- ]?[0-9]{4}"
    r"|0[1-9][0-9]{0,3}-[0-9]{1,4}-[0-9]{4}"
    r"|\(0[1-9][0-9]{0,3}\) ?[0-9]{1,4}-[0-9]{4}|0[1-9][0-9]{0,3}\([0-9]{1,4}\)[0-9]{4}"
    rf"|0[1-9][0-9]{{8}}){_AFTER}"
)
#: Toll-free and company numbers: nobody's own.
_COMPANY_PHONE: Final = re.compile(r"0120|0800|0570|0990")
_PREFECTURE: Final = (
    "北海道|青森県|岩手県|宮城県|秋田県|山形県|福島県|茨城県|栃木県|群馬県|埼玉県|千葉県|東京都|神奈川県|新潟県|富山県"
    "|石川県|福井県|山梨県|長野県|岐阜県|静岡県|愛知県|三重県|滋賀県|京都府|大阪府|兵庫県|奈良県|和歌山県|鳥取県|島根県"
    "|岡山県|広島県|山口県|徳島県|香川県|愛媛県|高知県|福岡県|佐賀県|長崎県|熊本県|大分県|宮崎県|鹿児島県|沖縄県"
)
_POSTCODE: Final = r"〒 ?[0-9]{3}-?[0-9]{4}"
_ADDRESS: Final = re.compile(
    rf"(?:{_POSTCODE} {{0,2}})?(?:{_PREFECTURE}) ?[^\s0-9、。,\0]{{1,12}}?[市区町村郡][^0-9、。,\n\0]{{0,20}}"
    rf"[0-9]{{1,5}}(?:(?:-|丁目|番地?の?|号|の| ?)[0-9]{{1,4}}){{0,4}}(?:丁目|番地|号)?|{_POSTCODE}"
)


def _emails(plain: str) -> Iterator[tuple[int, int]]:
    yield from _list(plain, _EMAIL, lambda each: each.lower())


def _phones(plain: str) -> Iterator[tuple[int, int]]:
    yield from _list(plain, _PHONE, lambda each: "" if _COMPANY_PHONE.match(_digits(each)) else _digits(each))


def _addresses(plain: str) -> Iterator[tuple[int, int]]:
    yield from _list(plain, _ADDRESS, lambda each: each.replace(" ", ""))


def _list(plain: str, item: re.Pattern[str], same: Callable[[str], str]) -> Iterator[tuple[int, int]]:
    """All items where there are enough different ones; `same` gives what makes two one, empty for none."""
    matches = [(match.span(), same(match[0])) for match in item.finditer(plain)]
    if len({identity for _, identity in matches if identity}) >= LIST:
        yield from (place for place, identity in matches if identity)


#: In this order: what is more certain takes its digits first.
_SEARCHES: Final[tuple[tuple[PersonalData, Callable[[str], Iterator[tuple[int, int]]]], ...]] = (
    (PersonalData.PAYMENT_CARD, _cards),
    (PersonalData.MY_NUMBER, _my_numbers),
    (PersonalData.BANK_ACCOUNT, _bank_accounts),
    (PersonalData.EMAIL_LIST, _emails),
    (PersonalData.ADDRESS_LIST, _addresses),
    (PersonalData.PHONE_LIST, _phones),
)
