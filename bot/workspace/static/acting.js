// What happens when somebody touches an element: ask, show that it works, tell the app, show when it fails.

import { confirmed } from "./confirm.js";
import { t } from "./language.js";
import { toast } from "./popover.js";

/** Tell the app of an action on `node`: after a question where one is asked for, with a mark while it works and when it fails. */
export async function act(element, field, node, fields) {
  if (field.input && !field.dispatch) return;
  if (element.confirm && !(await confirmed(element.confirm))) return;
  node.classList.remove("failed");
  node.classList.add("working");
  node.setAttribute("aria-busy", "true");
  const answer = await field.surface.act(field.blockId, element, fields);
  node.classList.remove("working");
  node.removeAttribute("aria-busy");
  if (answer.ok) return;
  node.classList.add("failed");
  node.title = t("action_failed");
  toast(t("failed"), { error: true });
}

/** Keep `fields` and tell the app if it wants to know. */
export function enter(element, field, node, fields) {
  field.surface.set(field.blockId, element, fields);
  act(element, field, node, fields);
}
