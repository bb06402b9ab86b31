"""The small words of the organisation file: references to people, durations, times of day, zones."""

from __future__ import annotations

import re
from datetime import time, timedelta
from difflib import get_close_matches
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BeforeValidator, StrictStr
from pydantic_core import PydanticCustomError

from bot.organisation.values import Step
from bot.vocabulary import TaskName

_USER = re.compile(r"[UW][A-Z0-9]{2,}")
_GROUP = re.compile(r"S[A-Z0-9]{2,}|@[^\s@]{1,80}")
_MAIL = re.compile(r"[^\s@<>,;:\"]+@[^\s@<>,;:\"]+\.[^\s@<>,;:\"]+")
_DURATION = re.compile(r"([0-9]{1,7})([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_LONGEST = timedelta(days=366)
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_DEPARTMENT = re.compile(r"[a-z0-9_-]{1,75}")

WHO = "Write a Slack user id (U0123ABCD) or an e-mail address."
WHO_OR_GROUP = (
    "Write a Slack user id (U0123ABCD), an e-mail address, "
    'a user-group id (S0123ABCD) or a group\'s handle in quotes ("@csirt").'
)


def mistake(what: str, remedy: str) -> PydanticCustomError:
    """The error of a validator: `what` is wrong and what to write instead."""
    return PydanticCustomError("mistake", "{what}", {"what": what, "remedy": remedy})


def _emoji(written: str) -> str:
    name = written.strip(":")
    if not re.fullmatch(r"[\w+'-]+", name):
        raise mistake(f'"{written}" is not the name of an emoji', 'Write it as in Slack, like "palm_tree".')
    return name


def _one_person(written: str) -> str:
    if _GROUP.fullmatch(written):
        raise mistake(f'"{written}" is a group, and one person is needed', WHO)
    if not (_USER.fullmatch(written) or _MAIL.fullmatch(written)):
        raise mistake(f'"{written}" is neither a Slack user id nor an e-mail address', WHO)
    return written


def _person_or_group(written: str) -> str:
    if not any(pattern.fullmatch(written) for pattern in (_USER, _MAIL, _GROUP)):
        what = f'"{written}" is neither a Slack user id, an e-mail address, a group id nor a handle'
        raise mistake(what, WHO_OR_GROUP)
    return written


def _each_once(written: tuple[str, ...]) -> tuple[str, ...]:
    for each in written:
        if written.count(each) > 1:
            raise mistake(f'"{each}" stands twice', "Keep it once.")
    return written


def _somebody(written: tuple[str, ...]) -> tuple[str, ...]:
    if not written:
        raise mistake("nobody is named", "Name at least one person. " + WHO_OR_GROUP)
    return written


def _duration(written: object) -> timedelta:
    if isinstance(written, timedelta):
        return written
    remedy = "Write a whole number and a unit: 30s, 10m, 2h or 3d."
    found = _DURATION.fullmatch(written) if isinstance(written, str) else None
    if not found:
        raise mistake(f"{shown(written)} is not a duration", remedy)
    length = timedelta(**{_UNITS[found[2]]: int(found[1])})
    if not length:
        raise mistake(f'"{written}" is no time at all', "Write at least 1s.")
    if length > _LONGEST:
        raise mistake(f'"{written}" is longer than a year', "Write a shorter one.")
    return length


def _period(written: object) -> timedelta | None:
    """Years of keeping, written in days. Less than a day would blank a case while people still read it."""
    if written is None or isinstance(written, timedelta):
        return written
    remedy = "Write a number of days, like 1825d for five years."
    found = re.fullmatch(r"([0-9]{1,5})d", written) if isinstance(written, str) else None
    if not found:
        raise mistake(f"{shown(written)} is not a number of days", remedy)
    if not int(found[1]):
        raise mistake(f'"{written}" is no time at all', remedy)
    return timedelta(days=int(found[1]))


def _step(written: object) -> Step:
    return Step(str(written), _duration(written))


def _time_of_day(written: object) -> time:
    found = _TIME.fullmatch(written) if isinstance(written, str) else None
    if not found:
        raise mistake(f"{shown(written)} is not a time of day", 'Write hours and minutes, like "22:00".')
    return time(int(found[1]), int(found[2]))


def _zone(written: object) -> ZoneInfo:
    zones = available_timezones()
    if isinstance(written, str) and written in zones:
        return ZoneInfo(written)
    near = get_close_matches(written, zones, n=1) if isinstance(written, str) else []
    remedy = f'Did you mean "{near[0]}"?' if near else 'Write an IANA name, like "Asia/Tokyo".'
    raise mistake(f"{shown(written)} is not a time zone", remedy)


def _department_id(written: str) -> str:
    if not _DEPARTMENT.fullmatch(written):
        remedy = "Write 1 to 75 of a-z, 0-9, _ and -, for example sales."
        raise mistake(f'"{written}" cannot be an id', remedy)
    return written


def _label(written: str) -> str:
    label = written.strip()
    if not label:
        raise mistake("the name is empty", "Write the name people know.")
    if len(label) > 75:  # Slack: the text of an option is 75 characters at most
        raise mistake(f"the name has {len(label)} characters", "Write at most 75 characters.")
    return label


def _folder(written: str) -> str:
    if not written.strip() or "\0" in written:
        raise mistake("the folder has no name", "Write a path, from this file's own folder on.")
    return written.strip()


def _task_name(written: str) -> str:
    if written in set(TaskName):
        return written
    near = get_close_matches(written, list(TaskName), n=1)
    remedy = f'Did you mean "{near[0]}"?' if near else f"Write one of {', '.join(TaskName)}."
    raise mistake(f'there is no task "{written}"', remedy)


def _own_task(written: str) -> str:
    if not _DEPARTMENT.fullmatch(written):
        raise mistake(f'"{written}" cannot be an id', "Write 1 to 75 of a-z, 0-9, _ and -.")
    if written in set(TaskName) or written.startswith("own-"):
        raise mistake(f'"{written}" is taken by the program', "Give the task another id.")
    return written


def _reason_why(written: str) -> str:
    if len(written) > 300:
        raise mistake(f"the text has {len(written)} characters", "Write at most 300 characters.")
    return written.strip()


def _file_size(written: object) -> int:
    remedy = "Write a whole number and a unit, like 50MB, from 1KB to 500MB."
    found = re.fullmatch(r"([0-9]{1,6})(KB|MB)", written) if isinstance(written, str) else None
    size = int(found[1]) * {"KB": 1000, "MB": 1_000_000}[found[2]] if found else 0
    if not 1000 <= size <= 500_000_000:
        raise mistake(f"{shown(written)} is no size a file may have", remedy)
    return size


def shown(written: object) -> str:
    """What was written, as a message quotes it."""
    match written:
        case None:
            return "nothing"
        case bool():
            return str(written).lower()
        case list():
            return "a list"
        case dict():
            return "a mapping"
    return f'"{written}"'


Person = Annotated[StrictStr, AfterValidator(_one_person)]
PersonOrGroup = Annotated[StrictStr, AfterValidator(_person_or_group)]
Persons = Annotated[tuple[Person, ...], AfterValidator(_each_once)]
People = Annotated[tuple[PersonOrGroup, ...], AfterValidator(_each_once)]
Somebody = Annotated[People, AfterValidator(_somebody)]
Duration = Annotated[timedelta, BeforeValidator(_duration)]
Period = Annotated[timedelta, BeforeValidator(_period)]
CountdownStep = Annotated[Step, BeforeValidator(_step)]
TimeOfDay = Annotated[time, BeforeValidator(_time_of_day)]
Zone = Annotated[ZoneInfo, BeforeValidator(_zone)]
DepartmentId = Annotated[StrictStr, AfterValidator(_department_id)]
FileSize = Annotated[int, BeforeValidator(_file_size)]
Emoji = Annotated[StrictStr, AfterValidator(_emoji)]
Label = Annotated[StrictStr, AfterValidator(_label)]
KnownTask = Annotated[StrictStr, AfterValidator(_task_name)]
OwnTask = Annotated[StrictStr, AfterValidator(_own_task)]
ReasonWhy = Annotated[StrictStr, AfterValidator(_reason_why)]
Folder = Annotated[StrictStr, AfterValidator(_folder)]
