"""The sample company of every workspace: seven people by their roles, two groups, two channels."""

from bot.workspace.model import Conversation, Group, User

TEAM_ID = "T0SAMPLE"
TEAM_NAME = "株式会社サンプル"
TEAM_DOMAIN = "sample"
APP_ID = "A0LEAKBOT"
BOT_USER_ID = "U0LEAKBOT"
BOT_ID = "B0LEAKBOT"
SLACKBOT_ID = "USLACKBOT"
MAIL_DOMAIN = "sample.example"

COLORS = ("#2d6a8a", "#8a4b2d", "#5c7a29", "#7a3b6e", "#b07d12", "#3f5fa8", "#a33a3a", "#2a7f78", "#6b5b95")

# handle, id, name (ja), name (en), locale
_PEOPLE = (
    ("reporter", "U0REPORTER", "営業担当（報告する人）", "Sales staff (reporter)", "ja-JP"),
    ("manager", "U0MANAGER", "営業部 責任者", "Sales manager", "ja-JP"),
    ("deputy", "U0DEPUTY", "営業部 代行者", "Sales deputy", "ja-JP"),
    ("hr_manager", "U0HRMGR", "人事部 責任者", "HR manager", "en-US"),
    ("privacy", "U0PRIVACY", "個人情報保護担当", "Privacy office", "ja-JP"),
    ("legal", "U0LEGAL", "法務担当", "Legal", "ja-JP"),
    ("ciso", "U0CISO", "最終連絡先（CISO）", "CISO (last resort)", "ja-JP"),
)
_SALES = ["U0REPORTER", "U0MANAGER", "U0DEPUTY"]


def people(bot_name: str) -> list[User]:
    """The seven people, the bot's user and Slackbot."""
    staff = [
        User(id_, handle, name, english, f"{handle}@{MAIL_DOMAIN}", locale, color=COLORS[position])
        for position, (handle, id_, name, english, locale) in enumerate(_PEOPLE)
    ]
    bot = User(BOT_USER_ID, bot_name, bot_name, bot_name, "", "ja-JP", is_bot=True, color="#1f4e5f")
    slackbot = User(SLACKBOT_ID, "slackbot", "Slackbot", "Slackbot", "", "ja-JP", color="#4d4d4d")
    return [*staff, bot, slackbot]


def groups() -> list[Group]:
    """The two user groups."""
    return [
        Group("S0SALES", "sales", "営業部", list(_SALES)),
        Group("S0CSIRT", "csirt", "CSIRT", ["U0LEGAL", "U0CISO"]),
    ]


def channels(created: int) -> list[Conversation]:
    """The public channels; the bot is a member of none. `created` is in unix seconds."""
    everyone = [id_ for _, id_, *_ in _PEOPLE]
    return [
        Conversation("C0GENERAL", "general", "public", "U0CISO", created, list(everyone), is_general=True),
        Conversation("C0SALES", "sales", "public", "U0MANAGER", created, list(_SALES)),
    ]
