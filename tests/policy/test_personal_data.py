"""Personal data in what people type: all that is there is found, and ordinary sentences are left alone.

Every number here is made up, or one that the card schemes publish for tests.
"""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from stdnum import luhn

from bot.policy.personal_data import found, masked
from bot.vocabulary import PersonalData

ORDINARY = (Path(__file__).parent / "ordinary_sentences.txt").read_text(encoding="utf-8").splitlines()

# Published for tests by the payment services.
CARDS = (
    *("4111111111111111", "4012888888881881", "4242424242424242", "4000056655665556", "4917610000000000"),
    *("5555555555554444", "5105105105105100", "5200828282828210", "2223003122003222", "2720990000000007"),
    *("3530111333300000", "3566002020360505", "6011111111111117", "6011000990139424", "6200000000000005"),
)
SHORT_CARDS = ("378282246310005", "371449635398431", "30569309025904", "38520000023237", "36227206271667")


def made_my_number(eleven: str) -> str:
    """Twelve digits by the formula of the ministerial order, written here once more on its own."""
    total = sum(int(p) * (n + 1 if n <= 6 else n - 5) for n, p in enumerate(reversed(eleven), start=1))
    rest = total % 11
    return f"{eleven}{0 if rest <= 1 else 11 - rest}"


_DICE = random.Random(20261122)  # noqa: S311 - the same made-up numbers each time
MY_NUMBERS = tuple(made_my_number("".join(_DICE.choices("0123456789", k=11))) for _ in range(12))


def groups(number: str, between: str = " ") -> str:
    """Digits in groups of four."""
    return between.join(number[at : at + 4] for at in range(0, len(number), 4))


def wide(text: str) -> str:
    """The same in full-width characters."""
    return "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in text)


CARD, MINE = PersonalData.PAYMENT_CARD, PersonalData.MY_NUMBER
TRUE: list[tuple[PersonalData, str, str]] = [  # kind, text, what must not be left in it
    *((CARD, f"カード番号は{each}です", each) for each in CARDS + SHORT_CARDS),
    *((CARD, f"card {groups(each)} was in the mail", groups(each)) for each in CARDS),
    *((CARD, f"{groups(each, '-')}、有効期限12/28", groups(each, "-")) for each in CARDS[:5]),
    *((CARD, f"番号 {wide(each)} の方", wide(each)) for each in CARDS[:5]),
    (CARD, "Amexは3782 822463 10005でした", "822463"),
    (CARD, "4111ー1111ー1111ー1111", "4111ー1111"),
    *((MINE, f"マイナンバー {each} を送った", each) for each in MY_NUMBERS),
    *((MINE, f"{groups(each)}が写っていた", groups(each)) for each in MY_NUMBERS[:5]),
    *((MINE, f"番号は{groups(each, '-')}", groups(each, "-")) for each in MY_NUMBERS[:5]),
    *((MINE, f"個人番号：{wide(each)}", wide(each)) for each in MY_NUMBERS[:3]),
    *((MINE, f"The list had {each} in it", each) for each in MY_NUMBERS[:3]),
    (MINE, "マイナンバーは123456789012でした", "123456789012"),
    (MINE, f"1,山田,{MY_NUMBERS[4]},1980-01-01\n", MY_NUMBERS[4]),
    (CARD, f'2,"{CARDS[0]}",12/28\n3,{CARDS[5]},01/29\n', CARDS[5]),
    (PersonalData.EMAIL_LIST, "1,a@example.com,x\n2,b@example.com,y\n3,c@example.com,z", "b@example.com"),
    (PersonalData.PHONE_LIST, "03-1111-2222,090-1111-3333,0451114444", "0451114444"),
    (PersonalData.BANK_ACCOUNT, "口座番号 1234567 が見えていた", "1234567"),
    (PersonalData.BANK_ACCOUNT, "口座は７６５４３２１です", "７６５４３２１"),
    (PersonalData.BANK_ACCOUNT, "さくら銀行 本店 普通 1234567 山田", "1234567"),
    (PersonalData.BANK_ACCOUNT, "見本支店（普通）1234567", "1234567"),
    (PersonalData.BANK_ACCOUNT, "当座預金の2345678", "2345678"),
    (PersonalData.BANK_ACCOUNT, "口座番号：1234567、2345678、3456789", "3456789"),
    (PersonalData.BANK_ACCOUNT, "記号12340 番号12345671", "12345671"),
    (PersonalData.BANK_ACCOUNT, "The bank account 1234567 was shown", "1234567"),
    (PersonalData.EMAIL_LIST, "a@example.com, b@example.com, c@example.com", "b@example.com"),
    (PersonalData.EMAIL_LIST, "a@example.com\nb.c@example.co.jp\nd+e@example.org\n", "d+e@example.org"),
    (PersonalData.EMAIL_LIST, "宛先ａ＠example.com、b@example.com、c@example.comの三名", "c@example.com"),
    (PersonalData.PHONE_LIST, "090-1111-2222、080-1111-3333、03-1111-4444", "080-1111-3333"),
    (PersonalData.PHONE_LIST, "09011112222 08011113333 07011114444", "07011114444"),
    (PersonalData.PHONE_LIST, "(03)1111-2222／06(1111)3333／045-111-4444", "1111)3333"),
    (PersonalData.PHONE_LIST, "+81 90-1111-2222, +81-3-1111-3333, +81 6 1111 4444", "1111-3333"),
    (
        PersonalData.ADDRESS_LIST,
        "東京都港区芝1-2-3、大阪府大阪市北区梅田1丁目2番3号、北海道札幌市中央区北1条西2",
        "梅田1丁目2番3号",
    ),
    (PersonalData.ADDRESS_LIST, "〒100-0001 甲\n〒100-0002 乙\n〒100-0003 丙", "〒100-0002"),
    (PersonalData.ADDRESS_LIST, "〒１００－０００１、〒１００－０００２、〒１００－０００３", "０００３"),
]


def test_there_are_enough_sentences_to_measure_with() -> None:
    assert len(set(ORDINARY)) == len(ORDINARY) >= 150
    assert len(TRUE) >= 60


def test_no_ordinary_sentence_is_touched() -> None:
    touched = {each: masked(each).text for each in ORDINARY if masked(each).text != each}
    assert touched == {}, f"{len(touched)} false alarms in {len(ORDINARY)} sentences"


@pytest.mark.parametrize(("kind", "text", "item"), TRUE)
def test_what_is_there_is_found_and_masked(kind: PersonalData, text: str, item: str) -> None:
    assert item in text
    result = masked(text)
    assert result.kinds == (kind,)
    assert item not in result.text
    assert f"［{kind.ja}" in result.text or f"[{kind.en}" in result.text


def test_the_marks_say_what_stood_there() -> None:
    assert masked("番号は4111 1111 1111 1111、以上").text == "番号は［カード番号 末尾1111］、以上"
    assert masked("It was 4111 1111 1111 1111.").text == "It was [card …1111]."
    assert masked(f"マイナンバー {MY_NUMBERS[0]} の方").text == "マイナンバー ［マイナンバー］ の方"


@pytest.mark.parametrize("card", CARDS)
def test_a_card_with_a_wrong_check_digit_is_no_card(card: str) -> None:
    wrong = card[:-1] + str((int(card[-1]) + 1) % 10)
    assert not luhn.is_valid(wrong)
    assert found(f"番号は{wrong}です") == ()


def test_of_random_twelve_digits_no_more_than_the_check_digit_lets_through() -> None:
    numbers = ["".join(_DICE.choices("0123456789", k=12)) for _ in range(2000)]
    assert sum(bool(found(f"番号は{each}でした")) for each in numbers) / len(numbers) < 0.13


PIECES = st.sampled_from(
    [
        *("4111 1111 1111 1111", "378282246310005", MY_NUMBERS[0], groups(MY_NUMBERS[1], "-"), "1234567"),
        *(
            "口座番号",
            "普通",
            "支店",
            "記号12340 番号12345671",
            "マイナンバー",
            "注文番号",
            "〒100-0001",
            "東京都港区芝1-2",
        ),
        *(
            "090-1111-2222",
            "03(1111)2222",
            "+81 3 1111 2222",
            "a@b.jp",
            "c@d.jp",
            "e@f.jp",
            "。",
            "、",
            "\n",
            " ",
            "-",
        ),
        *(
            "［口座番号］",
            "［カード番号 末尾1234］",
            "[card …1234]",
            "a",
            "件",
            "１",
            "ー",
            "1",
            "0",
            "\0",
            "@",
        ),
    ]
)
TEXTS = st.one_of(
    st.text(max_size=200),
    st.text(alphabet="0123456789０１-ー 　@.〒口座普通ab\n", max_size=200),
    st.lists(PIECES, max_size=25).map("".join),
)


@given(TEXTS)
@example("〒00000004111 1111 1111東京都:区00東京都:区0")  # a number that only the masked item beside it hid
def test_masking_twice_changes_nothing_and_nothing_is_left(text: str) -> None:
    once = masked(text)
    assert found(once.text) == ()
    assert masked(once.text).text == once.text
    assert bool(once.kinds) == bool(found(text))


@given(TEXTS)
def test_findings_lie_in_order_inside_the_text(text: str) -> None:
    end = 0
    for finding in found(text):
        assert end <= finding.start < finding.end <= len(text)
        end = finding.end


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "4",
        "0",
        "1 ",
        "1-",
        "4111 ",
        "〒",
        "a",
        "a@",
        "a.",
        "東京都",
        "東京都区",
        "口座",
        "記号1",
        "+81",
        "番号",
    ],
)
def test_the_longest_text_is_read_at_once(piece: str) -> None:
    began = time.perf_counter()
    masked((piece * 3000)[:3000])
    assert time.perf_counter() - began < 0.5, "a form must be answered within three seconds"


@pytest.mark.parametrize(
    ("digits", "left"),
    [
        ("198901150006", False),
        ("199001150007", True),
        ("202601150001", True),
        ("209901150008", True),
        ("210001150000", False),
        ("202613150007", False),
    ],
)
def test_a_moment_of_our_time_is_no_my_number_although_its_check_digit_fits(digits: str, left: bool) -> None:
    assert made_my_number(digits[:11]) == digits
    assert (found(f"{digits} に気づいた") == ()) is left


def test_the_digits_of_a_post_bank_account_are_one_item() -> None:
    text = "口座は 記号12340 番号1234567 です。"
    assert [(each.kind, text[each.start : each.end]) for each in found(text)] == [
        (PersonalData.BANK_ACCOUNT, "記号12340 番号1234567")
    ]


@pytest.mark.parametrize(
    ("addresses", "listed"),
    [
        (("東京都港区芝1-2", "大阪府大阪市北区梅田3-4", "北海道札幌市中央区5-6"), True),
        (("東京都港区芝1-2", "東京都 港区芝1-2", "大阪府大阪市北区梅田3-4"), False),
        (("東京都港区芝1-2", "大阪府大阪市北区梅田3-4"), False),
    ],
)
def test_only_different_addresses_make_a_list(addresses: tuple[str, ...], listed: bool) -> None:
    assert (masked("、".join(addresses)).kinds == (PersonalData.ADDRESS_LIST,)) is listed


@pytest.mark.parametrize(
    ("mails", "listed"),
    [
        (("a@x.jp", "b@x.jp", "c@x.jp"), True),
        (("a@x.jp", "A@X.jp", "b@x.jp"), False),
    ],
)
def test_only_different_addresses_of_mail_make_a_list(mails: tuple[str, ...], listed: bool) -> None:
    assert (masked("、".join(mails)).kinds == (PersonalData.EMAIL_LIST,)) is listed


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("090-1111-2222、090-3333-4444、090-5555-6666", "［電話番号］、［電話番号］、［電話番号］"),
        ("090-1111-2222、090-3333-4444、0120-11-2222", "090-1111-2222、090-3333-4444、0120-11-2222"),
        (
            "0120-11-2222、090-1111-2222、090-3333-4444、090-5555-6666",
            "0120-11-2222、［電話番号］、［電話番号］、［電話番号］",
        ),
        ("1234567番まで確認し、口座に振り込んだ", "1234567番まで確認し、口座に振り込んだ"),
        ("はい。口座は 記号12340 番号12345671 です。", "はい。口座は ［口座番号］ です。"),
        ("はい。普通預金 1234567 と 7654321 です。", "はい。普通預金 ［口座番号］ と ［口座番号］ です。"),
        ("4111 1111 1111 1111", "［カード番号 末尾1111］"),
        ("a card: 4111 1111 1111 1111", "a card: [card …1111]"),
        (
            f"件の 4111 1111 1111 1111 と {MY_NUMBERS[0]} と 4242 4242 4242 4242",
            "件の ［カード番号 末尾1111］ と ［マイナンバー］ と ［カード番号 末尾4242］",
        ),
    ],
)
def test_what_is_left_of_a_text(text: str, left: str) -> None:
    assert masked(text).text == left
