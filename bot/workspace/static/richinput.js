// rich_text_input: a small editor for bold, italic, strike, code and lists; what it holds is a rich_text block.

import { h, icon } from "./dom.js";
import { t } from "./language.js";
import { richText } from "./richtext.js";

const MARKS = [
  ["bold", "B", "bold"],
  ["italic", "I", "italic"],
  ["strike", "S", "strikeThrough"],
];

/** The editor. `value`: a rich_text block or null; `changed(block or null)`. */
export function richTextInput(element, field, value, changed) {
  const area = h("div", {
    class: "text rich-area",
    contenteditable: "true",
    role: "textbox",
    "aria-multiline": "true",
    "data-placeholder": element.placeholder?.text || "",
    ...field.label,
  });
  if (value) area.append(...richText(value).childNodes);
  const tool = (label, content, run) =>
    h(
      "button",
      {
        type: "button",
        class: "plain-button",
        "aria-label": label,
        title: label,
        tabindex: "-1",
        on: { pointerdown: (event) => event.preventDefault(), click: run },
      },
      content,
    );
  const command = (name) => () => {
    area.focus();
    document.execCommand(name);
  };
  const tools = h(
    "div",
    { class: "rich-tools" },
    MARKS.map(([key, letter, name]) =>
      tool(t(key), h("span", { class: `tool-${key}` }, letter), command(name)),
    ),
    tool(t("bullets"), icon("list"), command("insertUnorderedList")),
    tool(t("numbers"), "1.", command("insertOrderedList")),
  );
  const tell = () => changed(readArea(area));
  area.addEventListener("input", tell);
  area.addEventListener("paste", (event) => {
    // Only the words come along, never somebody else's layout.
    event.preventDefault();
    document.execCommand("insertText", false, event.clipboardData.getData("text/plain"));
  });
  const node = h("div", { class: "rich-input" }, tools, area);
  node.focus = () => area.focus();
  return node;
}

const BLOCKS = new Set(["DIV", "P", "UL", "OL", "PRE", "BLOCKQUOTE"]);

/** The rich_text block that an editor's content stands for, or null when it is empty. */
function readArea(area) {
  if (!area.textContent.trim()) return null;
  const elements = [];
  let section = null;
  const current = () => {
    if (!section) elements.push((section = { type: "rich_text_section", elements: [] }));
    return section.elements;
  };
  const walk = (node) => {
    for (const child of node.childNodes) {
      if (child.nodeName === "UL" || child.nodeName === "OL") {
        elements.push({
          type: "rich_text_list",
          style: child.nodeName === "OL" ? "ordered" : "bullet",
          elements: [...child.children].map((item) => ({ type: "rich_text_section", elements: spans(item) })),
        });
        section = null;
      } else if (BLOCKS.has(child.nodeName)) {
        if (section?.elements.length) section.elements.push({ type: "text", text: "\n" });
        walk(child);
      } else if (child.nodeName === "BR") current().push({ type: "text", text: "\n" });
      else current().push(...spans({ childNodes: [child] }));
    }
  };
  walk(area);
  return { type: "rich_text", elements };
}

function spans(node, style = {}) {
  const found = [];
  for (const child of node.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) {
      if (child.data)
        found.push({ type: "text", text: child.data, ...(Object.keys(style).length ? { style } : {}) });
      continue;
    }
    const mark = {
      B: "bold",
      STRONG: "bold",
      I: "italic",
      EM: "italic",
      S: "strike",
      STRIKE: "strike",
      DEL: "strike",
      CODE: "code",
    }[child.nodeName];
    found.push(...spans(child, mark ? { ...style, [mark]: true } : style));
  }
  return found;
}
