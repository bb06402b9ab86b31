"""Who receives the reports: the PPC, or the ministry to which it delegated the receipt (権限委任), as data.

Delegation changes; LIST_ADDRESS leads to the page of the PPC that asks for the line of business. An
organisation may name a recipient that is not listed here: its id is then shown as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.law.sources import SOURCES
from bot.vocabulary import Locale

PPC: Final = "ppc"
#: The recipient of the individual notice: the people whose data it is.
PERSONS_CONCERNED: Final = "persons"
#: The recipient of the processor's notice (RULE 9): whoever entrusted the data to it.
CONTROLLER: Final = "controller"
LIST_ADDRESS: Final = SOURCES["LEAK"].address


class Standing(StrEnum):
    """How sure a row is."""

    CONFIRMED = "confirmed"  # read in the words of the authority
    SECONDARY = "secondary"  # read in another source
    UNCONFIRMED = "unconfirmed"  # never shown as settled


@dataclass(frozen=True, slots=True)
class Authority:
    """A recipient of reports. `address` is the public page that says where and how to file."""

    id: str
    ja: str
    en: str
    address: str
    standing: Standing

    def name(self, locale: Locale) -> str:
        """What the recipient is called, in `locale`."""
        return self.ja if locale == "ja" else self.en


@dataclass(frozen=True, slots=True)
class Delegation:
    """Which line of business reports where. `authority` None: not delegated, the PPC itself."""

    authority: str | None
    business_ja: str
    business_en: str
    receiver_ja: str
    receiver_en: str
    standing: Standing


_C, _S, _U = Standing.CONFIRMED, Standing.SECONDARY, Standing.UNCONFIRMED

AUTHORITIES: Final = {
    authority.id: authority
    for authority in (
        Authority(PPC, "個人情報保護委員会", "Personal Information Protection Commission", LIST_ADDRESS, _C),
        Authority("fsa", "金融庁", "Financial Services Agency", SOURCES["QA_4_7"].address, _C),
        Authority(
            "meti", "経済産業省", "Ministry of Economy, Trade and Industry", SOURCES["METI"].address, _C
        ),
        Authority(
            "mlit",
            "国土交通省",
            "Ministry of Land, Infrastructure, Transport and Tourism",
            SOURCES["MLIT"].address,
            _C,
        ),
        Authority("npa", "国家公安委員会", "National Public Safety Commission", LIST_ADDRESS, _S),
        Authority("mic", "総務省", "Ministry of Internal Affairs and Communications", LIST_ADDRESS, _U),
        Authority("moj", "法務省", "Ministry of Justice", LIST_ADDRESS, _U),
        Authority("mof", "財務省", "Ministry of Finance", LIST_ADDRESS, _U),
        Authority("mhlw", "厚生労働省", "Ministry of Health, Labour and Welfare", LIST_ADDRESS, _U),
        Authority("maff", "農林水産省", "Ministry of Agriculture, Forestry and Fisheries", LIST_ADDRESS, _U),
        Authority("moe", "環境省", "Ministry of the Environment", LIST_ADDRESS, _U),
    )
}

DELEGATIONS: Final = (
    Delegation(
        "fsa",
        "金融庁の監督を受ける金融関連業（銀行・保険・証券・貸金・資金決済など）",
        "finance supervised by the FSA (bank, insurance, securities, money lending, payment)",
        "金融庁長官、財務（支）局長。業法上、都道府県の監督を受ける場合は知事",
        "FSA Commissioner or local finance bureau; the governor where the prefecture supervises",
        _C,
    ),
    Delegation(
        "meti",
        "指定信用情報機関、認定割賦販売協会",
        "designated credit bureaus, certified instalment sales association",
        "経済産業省 商取引監督課（様式を電子メールで提出）",
        "METI, commercial transactions supervision division, by e-mail with the form",
        _C,
    ),
    Delegation(
        None,
        "包括・個別信用購入あっせん業者",
        "credit purchase intermediaries",
        "個人情報保護委員会",
        "PPC",
        _C,
    ),
    Delegation(
        "mlit",
        "宅地建物取引業（大臣免許）、マンション管理業、賃貸住宅管理業、特定転貸事業者等",
        "real estate brokers (minister's licence), condominium and rental housing management, subleasing",
        "地方整備局長。知事免許の場合は都道府県",
        "regional development bureau; the prefecture where it licensed",
        _C,
    ),
    Delegation(
        "mlit",
        "不動産鑑定業",
        "real estate appraisal",
        "大臣登録は地方整備局等、知事登録は知事",
        "regional bureau (minister's registration) or governor (prefectural registration)",
        _C,
    ),
    Delegation(
        "mlit",
        "不動産特定共同事業、住宅宿泊管理業、建設業、測量業",
        "real estate joint enterprises, home-sharing management, construction, surveying",
        "地方整備局",
        "regional development bureau",
        _S,
    ),
    Delegation(
        "npa",
        "公安委員会の監督を受ける事業（警備業・探偵業など）",
        "businesses under public safety commissions (security, private detectives)",
        "国家公安委員会（都道府県公安委員会）",
        "National Public Safety Commission, through the prefectural commission",
        _S,
    ),
    Delegation(
        "mic", "電気通信業、放送業など", "telecommunications, broadcasting", "総務省", "the ministry", _U
    ),
    Delegation("moj", "債権管理回収業など", "debt collection", "法務省", "the ministry", _U),
    Delegation("mof", "たばこ、塩など", "tobacco, salt", "財務省", "the ministry", _U),
    Delegation(
        "mhlw", "労働者派遣、職業紹介など", "staffing, job placement", "厚生労働省", "the ministry", _U
    ),
    Delegation(
        "maff", "商品先物、卸売市場など", "commodity and food markets", "農林水産省", "the ministry", _U
    ),
    Delegation("moe", "環境省の所管事業", "businesses under the ministry", "環境省", "the ministry", _U),
)

_NO_AUTHORITY: Final = {
    PERSONS_CONCERNED: {"ja": "本人", "en": "the persons concerned"},
    CONTROLLER: {"ja": "委託元", "en": "the controller"},
}


def recipient_name(identifier: str, locale: Locale) -> str:
    """What a recipient is called: an authority, persons, the controller, or the organisation's own label."""
    if identifier in _NO_AUTHORITY:
        return _NO_AUTHORITY[identifier][locale]
    authority = AUTHORITIES.get(identifier)
    return authority.name(locale) if authority else identifier


def is_settled(identifier: str) -> bool:
    """Whether the receipt of reports by this recipient was read in the words of the authority."""
    authority = AUTHORITIES.get(identifier)
    return authority is not None and authority.standing is Standing.CONFIRMED
