// "Are you sure?" before an action, where the app asks for it.

import { h, uniqueId } from "./dom.js";
import { textObject } from "./mrkdwn.js";

/** Show Slack's confirm object; true when the person says yes. */
export function confirmed(question) {
  return new Promise((resolve) => {
    const title = uniqueId("confirm");
    const deny = h(
      "button",
      { class: "button", type: "button", "data-testid": "confirm-deny" },
      question.deny.text,
    );
    const accept = h(
      "button",
      {
        class: `button ${question.style === "danger" ? "danger" : "primary"}`,
        type: "button",
        "data-testid": "confirm-accept",
      },
      question.confirm.text,
    );
    const dialog = h(
      "dialog",
      { class: "dialog confirm", "aria-labelledby": title, "data-testid": "confirm" },
      h("h2", { id: title }, question.title.text),
      h("div", { class: "confirm-text" }, textObject(question.text)),
      h("div", { class: "dialog-buttons" }, deny, accept),
    );
    const answer = (yes) => {
      dialog.close();
      dialog.remove();
      resolve(yes);
    };
    deny.addEventListener("click", () => answer(false));
    accept.addEventListener("click", () => answer(true));
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      answer(false);
    });
    document.body.append(dialog);
    dialog.showModal();
    accept.focus();
  });
}
