"""The answers an assessment can give."""

from __future__ import annotations

from bot.vocabulary import Word


class Decision(Word):
    """What the law asks of the company."""

    REPORT = "report", "報告義務あり", "Report required"
    EXEMPT = "exempt", "報告義務を免除", "Exempt from reporting"
    UNDETERMINED = "undetermined", "判断できません（事実を確認してください）", "Cannot be decided yet"
    NO_REPORT = "no_report", "報告義務なし", "No report required"


class Voluntary(Word):
    """A report that may, or should, be made without a duty."""

    NONE = "none", "なし", "None"
    OPTIONAL = "optional", "任意の報告が可能", "A voluntary report is possible"
    EFFORT = "effort", "報告するよう努める（番号法）", "Report as a duty of effort (My Number)"
