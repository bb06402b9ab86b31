"""The company of the demo shows what an organisation file can say, and everybody named in it is there."""

from __future__ import annotations

from bot.demo import hire
from bot.organisation import read
from bot.policy.criteria import named
from bot.resources import PACKAGE, resource
from bot.vocabulary import CriterionKind
from bot.workspace import Workspace


def test_everybody_whom_the_demos_file_names_is_there() -> None:
    local = Workspace(manifest=resource("app_manifest.yml"))
    hire(local)
    company = read(PACKAGE / "demo_organisation.yaml")
    called = {*company.privacy_office, *company.response_team, *company.last_resort, *company.crisis_team}
    for each in company.departments:
        called |= {each.manager, *each.deputies, *each.members, each.contact_point or "@sales"}
    assert called <= {person.user.email for person in local.people} | {"@sales"}


def test_the_demo_has_criteria_a_crisis_team_and_contact_points() -> None:
    company = read(PACKAGE / "demo_organisation.yaml")
    assert all(named(company.criteria, kind) for kind in CriterionKind)
    assert company.crisis_team
    assert all(department.contact_point for department in company.departments)
