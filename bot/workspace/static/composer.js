// The message box: Enter sends, "/" offers the app's commands, "@" people, and the lightning holds the shortcuts.

import { fill, h, icon, uniqueId } from "./dom.js";
import { t } from "./language.js";
import { avatar, personName, shortName } from "./names.js";
import { showMenu, toast } from "./popover.js";
import { fileChip } from "./files.js";
import { post, upload } from "./server.js";
import { state } from "./state.js";

/** A message box for a channel, or for a thread in it. `sent()` is called after something went out. */
export function makeComposer({ channel, placeholder, thread = null, sent = () => {} }) {
  const listId = uniqueId("suggestions");
  const area = h("textarea", {
    class: "composer-text",
    rows: 1,
    placeholder,
    "aria-label": placeholder,
    "data-testid": thread ? "thread-composer" : "composer",
    "aria-autocomplete": "list",
    "aria-controls": listId,
    "aria-expanded": "false",
    role: "combobox",
  });
  const send = h(
    "button",
    {
      class: "send",
      type: "button",
      "aria-label": t("send"),
      title: t("send"),
      "data-testid": thread ? "thread-send" : "composer-send",
      disabled: true,
      on: { click: submit },
    },
    icon("send"),
  );
  const bolt =
    !thread &&
    h(
      "button",
      {
        class: "composer-tool",
        type: "button",
        "aria-label": t("shortcuts"),
        title: t("shortcuts"),
        "aria-haspopup": "menu",
        "data-testid": "shortcuts",
        on: { click: () => showShortcuts(bolt) },
      },
      icon("bolt"),
    );
  const chooser = h("input", {
    type: "file",
    class: "visually-hidden",
    multiple: true,
    tabindex: "-1",
    "aria-hidden": "true",
    on: { change: () => attach([...chooser.files]).then(() => (chooser.value = "")) },
  });
  const clip = h(
    "button",
    {
      class: "composer-tool",
      type: "button",
      "aria-label": t("attach"),
      title: t("attach"),
      "data-testid": thread ? "thread-attach" : "attach",
      on: { click: () => chooser.click() },
    },
    icon("clip"),
  );
  const attached = h("div", { class: "file-list composer-files" });
  const suggestions = h("div", { class: "suggestions", role: "listbox", id: listId, hidden: true });
  const node = h(
    "div",
    { class: "composer" },
    suggestions,
    area,
    attached,
    h("div", { class: "composer-bar" }, bolt, clip, chooser, h("span", { class: "composer-gap" }), send),
  );
  const mentioned = new Map(); // "@name" → user id
  let files = []; // handed over already, not shared yet
  let found = [];
  let active = 0;

  function grow() {
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight, 200)}px`;
    send.disabled = !area.value.trim() && !files.length;
  }

  async function attach(chosen) {
    for (const file of chosen) {
      const answer = await upload(file);
      if (answer.ok) files = [...files, answer.file];
      else toast(t("upload_failed"), { error: true });
    }
    drawFiles();
    area.focus();
  }

  function drawFiles() {
    fill(
      attached,
      files.map((file) =>
        fileChip(file, () => {
          files = files.filter((other) => other !== file);
          drawFiles();
        }),
      ),
    );
    grow();
  }

  function suggest() {
    const before = area.value.slice(0, area.selectionStart);
    const command = before.match(/^\/(\S*)$/);
    const at = before.match(/(?:^|\s)@(\S*)$/);
    found = [];
    if (command && !thread)
      found = state.commands
        .filter((c) => c.name.startsWith(before))
        .map((c) => ({
          label: c.name,
          hint: c.usage_hint,
          description: c.description,
          testid: `command-${c.name.slice(1)}`,
          take: () => write(`${c.name} `),
        }));
    else if (at)
      found = [...state.people.values()]
        .filter(
          (p) =>
            !p.deleted && `${p.name} ${p.name_en} ${p.handle}`.toLowerCase().includes(at[1].toLowerCase()),
        )
        .slice(0, 8)
        .map((p) => ({
          label: personName(p),
          picture: () => avatar(p, "small"),
          take: () => mention(p, at[1]),
        }));
    active = 0;
    drawSuggestions();
  }

  function drawSuggestions() {
    suggestions.hidden = !found.length;
    area.setAttribute("aria-expanded", found.length ? "true" : "false");
    area.setAttribute("aria-activedescendant", found.length ? `${listId}-${active}` : "");
    fill(
      suggestions,
      found.map((item, place) => {
        const row = h(
          "div",
          {
            class: `option ${place === active ? "active" : ""}`,
            role: "option",
            id: `${listId}-${place}`,
            "aria-selected": place === active ? "true" : "false",
            "data-testid": item.testid,
          },
          item.picture?.(),
          h(
            "span",
            { class: "option-words" },
            h(
              "span",
              {},
              h("strong", {}, item.label),
              item.hint && h("span", { class: "option-hint" }, ` ${item.hint}`),
            ),
            item.description && h("span", { class: "option-description" }, item.description),
          ),
        );
        row.addEventListener("pointerdown", (event) => event.preventDefault());
        row.addEventListener("click", item.take);
        return row;
      }),
    );
  }

  function mention(person, typed) {
    const words = `@${shortName(person)}`;
    mentioned.set(words, person.id);
    const start = area.selectionStart - typed.length - 1;
    area.setRangeText(`${words} `, start, area.selectionStart, "end");
    found = [];
    drawSuggestions();
    grow();
    area.focus();
  }

  function write(words) {
    area.value = words;
    area.focus();
    area.setSelectionRange(words.length, words.length);
    grow();
    suggest();
  }

  async function submit() {
    const words = area.value.trim();
    if (!words && !files.length) return;
    write("");
    const command = !thread && words.match(/^(\/\S+)\s*([\s\S]*)$/);
    if (command) return runCommand(channel, command[1], command[2].trim(), () => write(words));
    let text = words; // the workspace escapes what people type
    for (const [name, id] of mentioned) text = text.replaceAll(name, `<@${id}>`);
    const shared = files;
    files = [];
    drawFiles();
    const answer = await post("post", {
      channel,
      text,
      ...(thread ? { thread_ts: thread } : {}),
      ...(shared.length ? { files: shared.map((file) => file.id) } : {}),
    });
    if (!answer.ok) {
      files = shared;
      drawFiles();
      toast(t("failed"), { error: true });
      write(words);
    }
    return sent();
  }

  area.addEventListener("input", () => {
    grow();
    suggest();
  });
  area.addEventListener("blur", () =>
    setTimeout(() => {
      found = [];
      drawSuggestions();
    }, 150),
  );
  area.addEventListener("keydown", (event) => {
    // While a Japanese word is being composed, Enter belongs to the input method.
    if (event.isComposing || event.keyCode === 229) return undefined;
    if (found.length && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      active = (active + (event.key === "ArrowDown" ? 1 : -1) + found.length) % found.length;
      return drawSuggestions();
    }
    if (found.length && event.key === "Escape") {
      found = [];
      return drawSuggestions();
    }
    const whole = found.length && found[active].label === area.value.trim();
    if (found.length && (event.key === "Tab" || (event.key === "Enter" && !whole))) {
      event.preventDefault();
      return found[active].take();
    }
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      return submit();
    }
    return undefined;
  });
  node.addEventListener("dragover", (event) => event.preventDefault());
  node.addEventListener("drop", (event) => {
    event.preventDefault();
    attach([...event.dataTransfer.files]);
  });
  node.write = write;
  return node;
}

// The workspace says these itself, in a message only this person sees.
const SAID = new Set(["operation_timeout", "dispatch_failed"]);

async function runCommand(channel, command, text, giveBack) {
  const answer = await post("command", { channel, command, text });
  if (answer.ok || SAID.has(answer.error)) return;
  toast(t("failed"), { error: true });
  giveBack();
}

function showShortcuts(anchor) {
  const own = state.shortcuts.filter((shortcut) => shortcut.type === "global");
  showMenu(
    anchor,
    [
      own.length ? t("shortcuts") : null,
      ...own.map((shortcut) => ({
        label: shortcut.name,
        description: shortcut.description,
        iconName: "bolt",
        testid: `shortcut-${shortcut.callback_id}`,
        run: () => runShortcut(shortcut.callback_id),
      })),
      state.commands.length ? t("commands") : null,
      ...state.commands.map((command) => ({
        label: command.name,
        description: command.description,
        iconName: "forward",
        testid: `menu-command-${command.name.slice(1)}`,
        run: () => anchor.closest(".composer").write(`${command.name} `),
      })),
    ],
    { label: t("shortcuts") },
  );
}

async function runShortcut(callbackId) {
  const answer = await post("shortcut", { callback_id: callbackId });
  if (!answer.ok) toast(t("error_shortcut"), { error: true });
}
