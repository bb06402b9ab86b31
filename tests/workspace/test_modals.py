"""Triggers, the stack of three, hashes, updates, and what a submission's answer does."""

import asyncio
from typing import Any

import pytest

from bot.workspace import Workspace
from tests.workspace.echo_bot import field, home, options, plain
from tests.workspace.errors import error_of, refused
from tests.workspace.listening import Listening

Json = dict[str, Any]


def form(callback_id: str = "form", *more: Json, **properties: Any) -> Json:
    """A modal with one required field."""
    blocks = [field("summary", "概要", {"type": "plain_text_input", "max_length": 20}), *more]
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain("フォーム"),
        "submit": plain("送信"),
        "blocks": blocks,
        **properties,
    }


def push_button() -> Json:
    element = {"type": "button", "action_id": "push", "text": plain("重ねる")}
    return {"type": "actions", "block_id": "buttons", "elements": [element]}


async def opened(local: Workspace, app: Listening, view: Json | None = None) -> Json:
    """The reporter types /leak and the app opens a modal."""
    await local.person("reporter").command("/leak")
    body = await app.next()
    answer = await app.client.views_open(trigger_id=body["trigger_id"], view=view or form())
    return dict(answer["view"])


async def test_a_modal_comes_back_complete(local: Workspace, app: Listening) -> None:
    view = await opened(local, app)
    assert view["root_view_id"] == view["id"]
    assert view["previous_view_id"] is None
    assert view["blocks"][0]["optional"] is False
    assert view["blocks"][0]["label"]["emoji"] is True
    assert view["state"] == {"values": {}}
    assert (view["external_id"], view["private_metadata"], view["app_id"]) == ("", "", "A0LEAKBOT")
    modal = await local.person("reporter").opens_modal("form")
    assert modal["id"] == view["id"]
    assert local.person("manager").modal is None


async def test_a_trigger_works_once(local: Workspace, app: Listening) -> None:
    await local.person("reporter").command("/leak")
    trigger = (await app.next())["trigger_id"]
    await app.client.views_open(trigger_id=trigger, view=form())
    assert await error_of(app.client.views_open(trigger_id=trigger, view=form())) == "exchanged_trigger_id"
    assert await error_of(app.client.views_open(trigger_id="1.2.3", view=form())) == "invalid_trigger_id"
    assert [violation.error for violation in local.violations] == [
        "exchanged_trigger_id",
        "invalid_trigger_id",
    ]


async def test_a_trigger_is_good_for_three_seconds(local: Workspace, app: Listening) -> None:
    assert local.patience.trigger == 3.0
    local.patience.trigger = 0.0
    await local.person("reporter").command("/leak")
    trigger = (await app.next())["trigger_id"]
    assert await error_of(app.client.views_open(trigger_id=trigger, view=form())) == "expired_trigger_id"
    assert local.violations[0].method_or_surface == "views.open"


async def test_a_wrong_view_is_explained_and_does_not_cost_the_trigger(
    local: Workspace, app: Listening
) -> None:
    await local.person("reporter").command("/leak")
    trigger = (await app.next())["trigger_id"]
    wrong = form(title=plain("あ" * 25))
    answer = await refused(app.client.views_open(trigger_id=trigger, view=wrong))
    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]"
    ]
    await app.client.views_open(trigger_id=trigger, view=form())
    huge = form("huge", *({"type": "section", "text": plain("あ" * 2900)} for _ in range(30)))
    assert await error_of(app.client.views_open(trigger_id=trigger, view=huge)) == "view_too_large"


async def test_three_modals_are_the_most(local: Workspace, app: Listening) -> None:
    reporter = local.person("reporter")
    view = await opened(local, app, form("one", push_button()))
    for depth in (2, 3, 4):
        await reporter.click(reporter.modal or {}, "push")
        trigger = (await app.next())["trigger_id"]
        pushed = app.client.views_push(trigger_id=trigger, view=form(f"number {depth}", push_button()))
        if depth < 4:
            top = (await pushed)["view"]
            assert (top["root_view_id"], top["callback_id"]) == (view["id"], f"number {depth}")
        else:
            assert await error_of(pushed) == "push_limit_reached"
    await reporter.close_view()
    assert (await reporter.opens_modal("number 2"))["previous_view_id"] == view["id"]
    await reporter.close_view(all_of_them=True)
    assert reporter.modal is None


async def test_pushing_needs_a_click_in_a_modal(local: Workspace, app: Listening) -> None:
    await local.person("reporter").command("/leak")
    trigger = (await app.next())["trigger_id"]
    assert await error_of(app.client.views_push(trigger_id=trigger, view=form())) == "not_found"


async def test_updates_and_stale_hashes(local: Workspace, app: Listening) -> None:
    view = await opened(local, app, form(external_id="mine"))
    client = app.client
    first = (await client.views_update(view_id=view["id"], hash=view["hash"], view=form("next")))["view"]
    assert first["hash"] != view["hash"]
    stale = client.views_update(view_id=view["id"], hash=view["hash"], view=form())
    assert await error_of(stale) == "hash_conflict"
    assert await error_of(client.views_update(external_id="mine", view=form())) == "not_found"
    both = client.api_call("views.update", json={"view_id": "V1", "external_id": "x", "view": form()})
    assert await error_of(both) == "invalid_arguments"
    await local.person("reporter").close_view()
    assert await error_of(client.views_update(view_id=view["id"], view=form())) == "not_found"
    # A view closed by its reader, or changed by another process, is nobody's mistake.
    assert [violation.error for violation in local.violations] == ["invalid_arguments"]


async def test_input_survives_an_update_where_the_ids_stay(local: Workspace, app: Listening) -> None:
    live = field(
        "kind", "種類", {"type": "static_select", "options": options("a", "b")}, dispatch_action=True
    )
    reporter = local.person("reporter")
    view = await opened(local, app, form("form", live))
    await reporter.click(view, "value", "b", block_id="kind")
    body = await app.next()
    assert body["actions"][0]["selected_option"]["value"] == "b"
    assert body["view"]["state"]["values"]["kind"]["value"]["selected_option"]["value"] == "b"
    await app.client.views_update(view_id=view["id"], view=form("form", live))
    assert reporter.modal is not None
    assert reporter.modal["state"]["values"]["kind"]["value"]["selected_option"]["value"] == "b"
    other = {**live, "block_id": "kind_again"}
    await app.client.views_update(view_id=view["id"], view=form("form", other))
    assert reporter.modal["state"]["values"]["kind_again"]["value"]["selected_option"] is None


async def test_external_ids_are_unique(local: Workspace, app: Listening) -> None:
    await opened(local, app, form(external_id="mine"))
    await local.person("manager").command("/leak")
    trigger = (await app.next())["trigger_id"]
    again = app.client.views_open(trigger_id=trigger, view=form(external_id="mine"))
    assert await error_of(again) == "duplicate_external_id"


async def test_the_client_checks_before_anything_is_sent(local: Workspace, app: Listening) -> None:
    amount = {"type": "number_input", "is_decimal_allowed": False, "min_value": "1"}
    view = form(
        "form",
        field("amount", "数", amount),
        field("mail", "メール", {"type": "email_text_input"}, optional=True),
    )
    await opened(local, app, view)
    reporter = local.person("reporter")
    sent = await reporter.submit({"amount": "0", "mail": "nobody", "summary": "x" * 21})
    assert sent.ok is False
    assert sent.errors == {
        "summary": "20 文字以内で入力してください。",
        "amount": "1 以上の数値を入力してください。",
        "mail": "有効なメールアドレスを入力してください。",
    }
    assert app.heard.empty()
    sent = await reporter.submit({"amount": "3", "mail": None, "summary": "ok"})
    assert sent.closed
    with pytest.raises(AssertionError, match="no modal open"):
        await reporter.submit({})


async def test_what_a_submission_carries(local: Workspace, app: Listening) -> None:
    await opened(local, app, form("form", private_metadata="opaque"))
    await local.person("reporter").submit({"summary": "なくしました"})
    body = await app.next()
    assert body["type"] == "view_submission"
    assert body["user"]["id"] == "U0REPORTER"
    assert body["view"]["private_metadata"] == "opaque"
    assert body["view"]["state"]["values"] == {
        "summary": {"value": {"type": "plain_text_input", "value": "なくしました"}}
    }
    assert body["trigger_id"]
    assert body["response_urls"] == []


@pytest.mark.parametrize(
    ("answer", "response", "on_top"),
    [
        ({}, "close", None),
        ({"response_action": "clear"}, "clear", None),
        ({"response_action": "errors", "errors": {"summary": "詳しく"}}, "errors", "form"),
        ({"response_action": "update", "view": form("updated")}, "update", "updated"),
        ({"response_action": "push", "view": form("pushed")}, "push", "pushed"),
    ],
)
async def test_answers_to_a_submission(
    local: Workspace, app: Listening, answer: Json, response: str, on_top: str | None
) -> None:
    reporter = local.person("reporter")
    view = await opened(local, app)
    app.answer = answer
    sent = await reporter.submit({"summary": "x"})
    assert (sent.response, sent.trouble) == (response, None)
    assert sent.ok == (response != "errors")
    assert (reporter.modal["callback_id"] if reporter.modal else None) == on_top
    if response == "update":
        assert reporter.modal is not None
        assert reporter.modal["id"] == view["id"]
    assert local.violations == []


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"response_action": "errors", "errors": {"nothing": "x"}}, "invalid_errors"),
        ({"response_action": "errors", "errors": {"summary": ""}}, "invalid_errors"),
        ({"response_action": "update", "view": {"type": "modal"}}, "invalid_arguments"),
        ({"response_action": "explode"}, "invalid_response_action"),
    ],
)
async def test_wrong_answers_to_a_submission_are_trouble(
    local: Workspace, app: Listening, answer: Json, error: str
) -> None:
    await opened(local, app)
    app.answer = answer
    sent = await local.person("reporter").submit({"summary": "x"})
    assert (sent.ok, sent.trouble, sent.closed) == (False, "invalid_response", False)
    assert [(each.method_or_surface, each.error) for each in local.violations] == [
        ("view_submission answer", error)
    ]


async def test_no_answer_leaves_the_form_open_in_trouble(local: Workspace, app: Listening) -> None:
    local.patience.ack = 0.2
    await opened(local, app)
    app.silent = True
    sent = await local.person("reporter").submit({"summary": "x"})
    assert (sent.ok, sent.trouble, sent.response) == (False, "operation_timeout", "trouble")
    assert local.person("reporter").modal is not None
    assert [violation.error for violation in local.violations] == ["not_acknowledged"]


async def test_closing_is_told_only_where_asked_for(local: Workspace, app: Listening) -> None:
    reporter = local.person("reporter")
    await opened(local, app)
    await reporter.close_view()
    await opened(local, app, form(notify_on_close=True))
    await reporter.close_view()
    body = await app.next()
    assert (body["type"], body["is_cleared"]) == ("view_closed", False)
    assert "trigger_id" not in body
    assert app.heard.empty()


async def test_the_home(local: Workspace, app: Listening) -> None:
    reporter = local.person("reporter")
    opening = asyncio.ensure_future(reporter.open_home())
    body = await app.next()
    assert (body["event"]["type"], body["event"]["tab"]) == ("app_home_opened", "home")
    assert "view" not in body["event"]
    published = (await app.client.views_publish(user_id="U0REPORTER", view=home(1)))["view"]
    assert (await opening or {})["id"] == published["id"]
    again = (await app.client.views_publish(user_id="U0REPORTER", view=home(2), hash=published["hash"]))[
        "view"
    ]
    assert again["id"] == published["id"]
    stale = app.client.views_publish(user_id="U0REPORTER", view=home(3), hash=published["hash"])
    assert await error_of(stale) == "hash_conflict"
    await reporter.click(again, "open_modal")
    body = await app.next()
    assert body["container"] == {"type": "view", "view_id": published["id"]}
    assert body["view"]["type"] == "home"
    modal = app.client.views_publish(user_id="U0REPORTER", view=form())
    assert await error_of(modal) == "invalid_arguments"


async def test_conversation_defaults_and_response_urls(local: Workspace, app: Listening) -> None:
    element = {
        "type": "conversations_select",
        "default_to_current_conversation": True,
        "response_url_enabled": True,
    }
    await opened(local, app, form("form", field("where", "どこへ", element)))
    await local.person("reporter").submit({"summary": "x"})
    body = await app.next()
    assert body["view"]["state"]["values"]["where"]["value"]["selected_conversation"] == "C0GENERAL"
    assert body["response_urls"][0]["channel_id"] == "C0GENERAL"


async def test_files_in_a_form_reach_the_app_whole(local: Workspace, app: Listening) -> None:
    reporter = local.person("reporter")
    await opened(local, app, form("form", field("files", "ファイル", {"type": "file_input"}, optional=True)))
    await reporter.submit({"summary": "x", "files": [await reporter.upload("photo.png", b"png!")]})
    body = await app.next()
    file = body["view"]["state"]["values"]["files"]["value"]["files"][0]
    assert (file["name"], file["mimetype"], file["size"], file["user"]) == (
        "photo.png",
        "image/png",
        4,
        "U0REPORTER",
    )


async def test_suggestions(local: Workspace, app: Listening) -> None:
    reporter = local.person("reporter")
    view = await opened(local, app, form("form", field("pick", "検索", {"type": "external_select"})))
    app.answer = {"options": options("a")}
    answer = await reporter.suggestions(view, "pick", "value", "あ")
    assert answer["options"][0]["value"] == "a"
    assert (await app.next())["value"] == "あ"
    app.answer = {"options": [{"value": "a"}]}
    assert (await reporter.suggestions(view, "pick", "value", "い"))["ok"] is False
    assert local.violations[0].method_or_surface == "block_suggestion answer"
