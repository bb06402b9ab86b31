// Files: as they hang on a message, and the input that takes them in a modal.

import { fill, h, icon } from "./dom.js";
import { t } from "./language.js";
import { upload } from "./server.js";
import { state } from "./state.js";

/** 12 KB */
function size(bytes) {
  if (bytes < 1024) return t("bytes", { n: bytes });
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

/** A file of a message: its name opens it. */
export function fileCard(file) {
  const own = file.permalink || file.url_private;
  // The demo has no log-in; the address itself says who asks.
  const address = own && `${own}?user=${encodeURIComponent(state.me.id)}`;
  return h(
    address ? "a" : "div",
    { class: "file-card", href: address, target: address ? "_blank" : null, rel: "noopener noreferrer" },
    h("span", { class: "file-icon" }, icon("file")),
    h(
      "span",
      { class: "file-words" },
      h("span", { class: "file-name" }, file.title || file.name),
      h("span", { class: "file-size" }, file.size === undefined ? "" : size(file.size)),
    ),
  );
}

/** A file that was handed over, with the way to take it back. */
export function fileChip(file, remove) {
  return h(
    "span",
    { class: "file-chip" },
    icon("file"),
    h("span", {}, file.name),
    h("span", { class: "file-size" }, size(file.size || 0)),
    h(
      "button",
      {
        type: "button",
        class: "chip-remove",
        "aria-label": t("remove", { name: file.name }),
        on: { click: remove },
      },
      icon("close"),
    ),
  );
}

/** file_input: files are handed over as soon as they are chosen; `changed(files)` gets their file objects. */
export function fileInput(element, field, changed) {
  const max = element.max_files || 10;
  let files = [...(field.surface.get(field.blockId, element).files || [])];
  const chooser = h("input", {
    type: "file",
    class: "visually-hidden",
    multiple: max > 1,
    accept: element.filetypes?.map((ending) => `.${ending}`).join(","),
    tabindex: "-1",
    "aria-hidden": "true",
  });
  const button = h(
    "button",
    { class: "button", type: "button", ...field.label, on: { click: () => chooser.click() } },
    icon("file"),
    t("add_file"),
  );
  const list = h("div", { class: "file-list" });
  const note = h("span", { class: "file-note" }, t("drop_file"));
  const node = h(
    "div",
    { class: "file-input" },
    list,
    h("div", { class: "file-actions" }, button, note, chooser),
  );

  function draw() {
    fill(
      list,
      files.map((file) =>
        fileChip(file, () => {
          files = files.filter((other) => other !== file);
          changed(files);
          draw();
        }),
      ),
    );
    button.disabled = files.length >= max;
  }

  async function take(chosen) {
    for (const file of [...chosen].slice(0, max - files.length)) {
      fill(note, t("uploading"));
      const answer = await upload(file);
      fill(note, answer.ok ? t("drop_file") : t("upload_failed"));
      if (!answer.ok) return;
      files = [...files, answer.file];
      changed(files);
      draw();
    }
  }

  chooser.addEventListener("change", async () => {
    await take(chooser.files);
    chooser.value = "";
  });
  node.addEventListener("dragover", (event) => event.preventDefault());
  node.addEventListener("drop", (event) => {
    event.preventDefault();
    take(event.dataTransfer.files);
  });
  draw();
  node.focus = () => button.focus();
  return node;
}
