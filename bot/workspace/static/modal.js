// Modals: the stack as the workspace tells it, one dialog for the view on top, entries kept while it changes.

import { blockNodes } from "./blocks.js";
import { fill, h, icon } from "./dom.js";
import { t } from "./language.js";
import { plainText } from "./mrkdwn.js";
import { closePopover, popoverOpen, toast } from "./popover.js";
import { post } from "./server.js";
import { state } from "./state.js";
import { makeSurface } from "./surface.js";
import { checkView } from "./validation.js";

let dialog = null;
let shown = null; // {view, depth}
const surfaces = new Map(); // view id → surface, so that the view below keeps its entries

/** Show `view` (the top of a stack of `depth`), or no modal at all when it is null. */
export function showView(view, depth = 1) {
  if (!view) return shut();
  const fresh = !shown || shown.view.id !== view.id;
  shown = { view, depth: Math.max(1, depth) };
  if (!surfaces.has(view.id))
    surfaces.set(view.id, makeSurface({ type: "view", view_id: view.id }, view.state?.values));
  if (!dialog) openDialog();
  draw(fresh);
  return undefined;
}

function openDialog() {
  dialog = h("dialog", { class: "dialog modal", "data-testid": "modal" });
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    if (popoverOpen()) closePopover();
    else leave(false);
  });
  document.body.append(dialog);
  dialog.showModal();
}

function shut() {
  closePopover();
  shown = null;
  surfaces.clear();
  dialog?.close();
  dialog?.remove();
  dialog = null;
}

/** The person goes back one view, or (`all`) leaves the whole stack. */
async function leave(all) {
  const { view } = shown;
  const answer = await post("close", { view_id: view.id, all });
  if (answer.error === "view_not_found") return shut();
  if (!answer.ok) return toast(t("failed"), { error: true });
  // The live line brings the view below; without one there is nothing left to show.
  if (shown?.view.id === view.id && (all || shown.depth === 1)) shut();
  return undefined;
}

function draw(fresh) {
  const { view, depth } = shown;
  const surface = surfaces.get(view.id);
  const focused = fresh ? null : focusPlace();
  const scroll = fresh ? 0 : dialog.querySelector(".modal-body")?.scrollTop || 0;
  closePopover();
  const standing = new Set();
  for (const block of view.blocks || []) {
    for (const element of [
      block.element,
      block.accessory,
      ...(block.type === "actions" ? block.elements : []),
    ].filter(Boolean))
      standing.add(JSON.stringify([block.block_id, element.action_id]));
  }
  surface.keepOnly(standing);

  const submit =
    view.submit &&
    h(
      "button",
      {
        class: "button primary",
        type: "submit",
        "data-testid": "modal-submit",
        disabled: view.submit_disabled,
      },
      h("span", { class: "button-words" }, plainText(view.submit.text)),
      h("span", { class: "spinner", "aria-hidden": "true" }),
    );
  const body = h(
    "div",
    { class: "modal-body" },
    h("div", { class: "modal-trouble", role: "alert", "data-testid": "modal-trouble" }),
    blockNodes(view.blocks, surface),
  );
  const form = h(
    "form",
    { class: "modal-form", novalidate: true },
    h(
      "header",
      { class: "modal-head" },
      depth > 1 &&
        h(
          "button",
          {
            class: "plain-button",
            type: "button",
            "aria-label": t("back"),
            "data-testid": "modal-back",
            on: { click: () => leave(false) },
          },
          icon("back"),
        ),
      h("h2", { id: "modal-title" }, plainText(view.title.text)),
      h(
        "button",
        {
          class: "plain-button",
          type: "button",
          "aria-label": t("close"),
          "data-testid": "modal-x",
          on: { click: () => leave(true) },
        },
        icon("close"),
      ),
    ),
    body,
    (submit || view.close) &&
      h(
        "footer",
        { class: "modal-foot" },
        h(
          "button",
          {
            class: "button",
            type: "button",
            "data-testid": "modal-close",
            on: { click: () => leave(false) },
          },
          view.close ? plainText(view.close.text) : t("cancel"),
        ),
        submit,
      ),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form);
  });
  dialog.setAttribute("aria-labelledby", "modal-title");
  dialog.dataset.callbackId = view.callback_id || "";
  fill(dialog, form);
  body.scrollTop = scroll;
  if (fresh)
    (
      dialog.querySelector("[data-focus]") ||
      firstControl() ||
      form.querySelector(".modal-head .plain-button:last-child")
    ).focus();
  else restoreFocus(focused);
}

const firstControl = () => dialog.querySelector(".field .element");

// After an update in place the cursor stays where it was, by block and action.
function focusPlace() {
  const at = document.activeElement;
  const element = at?.closest?.("[data-action-id]");
  const block = at?.closest?.("[data-block-id]");
  if (!element || !block) return null;
  return {
    block: block.dataset.blockId,
    action: element.dataset.actionId,
    part: at.dataset.part,
    start: at.selectionStart,
    end: at.selectionEnd,
  };
}

function restoreFocus(place) {
  const block = place && dialog.querySelector(`[data-block-id="${CSS.escape(place.block)}"]`);
  const element = block?.querySelector(`[data-action-id="${CSS.escape(place.action)}"]`);
  if (!element) return dialog.querySelector(".modal-head .plain-button:last-child").focus();
  const part = place.part && element.querySelector(`[data-part="${place.part}"]`);
  (part || element).focus();
  const control = document.activeElement;
  if (place.start !== undefined && place.start !== null && control.setSelectionRange)
    control.setSelectionRange(place.start, place.end);
  return undefined;
}

function showErrors(errors) {
  for (const field of dialog.querySelectorAll(".field")) {
    const words = errors[field.dataset.blockId];
    fill(field.querySelector(".field-error"), words ? [icon("warning"), h("span", {}, words)] : null);
    field.classList.toggle("invalid", Boolean(words));
    for (const control of field.querySelectorAll("input, textarea, [role=textbox]")) {
      if (words) control.setAttribute("aria-invalid", "true");
      else control.removeAttribute("aria-invalid");
    }
  }
  const first = dialog.querySelector(".field.invalid");
  if (!first) return;
  first.scrollIntoView({ block: "nearest" });
  first.querySelector(".element").focus();
  closePopover();
}

const trouble = (words) =>
  fill(dialog.querySelector(".modal-trouble"), words ? [icon("warning"), h("span", {}, words)] : null);

async function send(form) {
  const { view } = shown;
  const surface = surfaces.get(view.id);
  if (form.classList.contains("sending")) return;
  trouble(null);
  const wrong = checkView(view, surface);
  showErrors(wrong);
  if (Object.keys(wrong).length) return;
  form.classList.add("sending");
  const answer = await post("submit", { view_id: view.id, state: { values: surface.state() } });
  form.classList.remove("sending");
  if (!shown || shown.view.id !== view.id) return; // the live line was quicker
  if (!answer.ok && !answer.errors) {
    trouble(t("trouble"));
    dialog.querySelector(".modal-trouble").scrollIntoView({ block: "nearest" });
  } else if (answer.trouble) trouble(t("trouble"));
  else if (answer.response === "errors" || answer.errors) showErrors(answer.errors);
  else if (answer.response === "clear") shut();
  else if (answer.response === "update" || answer.response === "push")
    answer.view && showView(answer.view, shown.depth + (answer.response === "push" ? 1 : 0));
  else if (shown.depth === 1) shut();
}

/** The person changed: whatever was open belonged to somebody else. */
export function forgetViews() {
  if (state.me) shut();
}
