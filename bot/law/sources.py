"""The texts behind each rule: key, title in Japanese and English, public address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.vocabulary import Locale

#: The state of the law that the tables of this package encode.
RULES_AS_OF: Final = date(2026, 11, 22)


@dataclass(frozen=True, slots=True)
class Source:
    """A law, guideline or page of the authority. `address` is public."""

    key: str
    ja: str
    en: str
    address: str

    def title(self, locale: Locale) -> str:
        """What the text is called in `locale`."""
        return self.ja if locale == "ja" else self.en


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in a source: its key, and the article or section as it is cited in each language."""

    key: str
    ja: str
    en: str

    @property
    def source(self) -> Source:
        """The text cited."""
        return SOURCES[self.key]

    def label(self, locale: Locale) -> str:
        """How the place is cited in `locale`, the title included."""
        place = self.ja if locale == "ja" else self.en
        return f"{self.source.title(locale)} {place}".strip()


SOURCES: Final = {
    source.key: source
    for source in (
        Source(
            "ACT",
            "個人情報保護法",
            "Act on the Protection of Personal Information",
            "https://laws.e-gov.go.jp/law/415AC0000000057",
        ),
        Source(
            "RULE",
            "個人情報保護法施行規則",
            "Enforcement Rules of the Act on the Protection of Personal Information",
            "https://laws.e-gov.go.jp/law/428M60020000003",
        ),
        Source(
            "GL",
            "個人情報保護法ガイドライン（通則編）",
            "PPC Guidelines (General Rules)",
            "https://www.ppc.go.jp/personalinfo/legal/guidelines_tsusoku/",
        ),
        Source(
            "MNACT",
            "番号法",
            "My Number Act",
            "https://laws.e-gov.go.jp/law/425AC0000000027",
        ),
        Source(
            "MNRULE",
            "番号法29条の4の規則（平成27年特定個人情報保護委員会規則第5号）",
            "My Number leak rules (PPC Rule No. 5 of 2015)",
            "https://laws.e-gov.go.jp/law/427M60020000005",
        ),
        Source(
            "MNGL",
            "特定個人情報ガイドライン（事業者編）別添2",
            "My Number Guidelines for businesses, annex 2",
            "https://www.ppc.go.jp/legal/policy/my_number_guideline_jigyosha/",
        ),
        Source(
            "HOL",
            "行政機関の休日に関する法律",
            "Act on Holidays of Administrative Organs",
            "https://laws.e-gov.go.jp/law/363AC0000000091",
        ),
        Source(
            "HOLIDAYS",
            "国民の祝日に関する法律",
            "Act on National Holidays",
            "https://laws.e-gov.go.jp/law/323AC1000000178",
        ),
        Source(
            "LEAK",
            "個人情報保護委員会「漏えい等の対応とお役立ち資料」",
            "PPC page on responding to leaks",
            "https://www.ppc.go.jp/personalinfo/legal/leakAction/",
        ),
        Source(
            "QA_4_7",
            "個人情報保護委員会FAQ（金融分野）4-7",
            "PPC FAQ (finance) 4-7",
            "https://www.ppc.go.jp/all_faq_index/faq2-q4-7/",
        ),
        Source(
            "QA_4_8",
            "個人情報保護委員会FAQ（金融分野）4-8",
            "PPC FAQ (finance) 4-8",
            "https://www.ppc.go.jp/all_faq_index/faq2-q4-8/",
        ),
        Source(
            "QA_17_14",
            "個人情報保護委員会FAQ（マイナンバー）17-14",
            "PPC FAQ (My Number) 17-14",
            "https://www.ppc.go.jp/all_faq_index/faq5-q17-14/",
        ),
        Source(
            "METI",
            "経済産業省「個人情報保護（信用分野）」",
            "METI page on credit businesses",
            "https://www.meti.go.jp/policy/economy/consumer/credit/kojinjouhouhogohou.html",
        ),
        Source(
            "MLIT",
            "国土交通省 関東地方整備局「個人情報保護」",
            "MLIT Kanto regional bureau page",
            "https://www.ktr.mlit.go.jp/kensan/kensan00000004.html",
        ),
        Source(
            "LEAKBOT",
            "leakbotの慎重な取扱い（法令・ガイドラインに明文なし）",
            "leakbot's cautious reading (law and guidelines are silent)",
            "",
        ),
    )
}
