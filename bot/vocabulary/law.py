"""The words of what is due: to authorities, to the persons, to the controller."""

from __future__ import annotations

from bot.vocabulary.word import Word


class ObligationKind(Word):
    """What is due to whom: the law's reports and notices, in the order in which they are shown."""

    CONTROLLER_NOTICE = "controller_notice", "委託元への通知", "Notice to the controller"
    PRELIMINARY = "preliminary", "速報", "Preliminary report"
    FINAL = "final", "確報", "Final report"
    INDIVIDUAL_NOTICE = "individual_notice", "本人通知", "Individual notice"
    MN_PRELIMINARY = "mn_preliminary", "速報（マイナンバー）", "Preliminary report (My Number)"
    MN_FINAL = "mn_final", "確報（マイナンバー）", "Final report (My Number)"


class ReportKind(Word):
    """What was filed."""

    PRELIMINARY = "preliminary", "速報", "Preliminary"
    FOLLOW_UP = "follow_up", "続報・追完", "Follow-up"
    FINAL = "final", "確報", "Final"


class ReminderKind(Word):
    """How near an obligation is."""

    COUNTDOWN = "countdown", "あと◯", "Countdown"
    DUE = "due", "本日まで", "Due today"
    OVERDUE = "overdue", "期限を過ぎています", "Overdue"
