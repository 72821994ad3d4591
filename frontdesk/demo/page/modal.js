// A modal view as a dialog. `submit` is given Slack's `view.state.values`; what it answers (or resolves to) closes the
// dialog, unless it is a map of errors by block.

import { renderBlocks } from "./blocks.js";
import { field } from "./controls.js";
import { element } from "./dom.js";
import { decode } from "./mrkdwn.js";

const words = (text) => (text && typeof text.text === "string" ? decode(text.text) : "");
let count = 0;

function inputRow(block, fields) {
  const { node, read } = field(block.element);
  const id = `kit-field-${(count += 1)}`;
  const hint = block.hint ? element("p", { class: "hint", id: `${id}-hint` }, words(block.hint)) : null;
  const error = element("p", { class: "error", id: `${id}-error`, role: "alert" });
  node.id = id;
  node.required = !block.optional;
  node.setAttribute("aria-describedby", [hint?.id, error.id].filter(Boolean).join(" "));
  fields.push({ block, node, read, error });
  const optional = block.optional ? element("span", { class: "soft" }, " (optional)") : null;
  return element("div", { class: "row" }, element("label", { for: id }, words(block.label), optional), node, hint, error);
}

function values(fields) {
  const state = {};
  for (const { block, read } of fields) state[block.block_id] = { [block.element.action_id]: read() };
  return state;
}

function show(fields, errors) {
  for (const { block, node, error } of fields) {
    error.textContent = errors[block.block_id] ?? "";
    node.setAttribute("aria-invalid", String(Boolean(errors[block.block_id])));
  }
  fields.find(({ block }) => errors[block.block_id])?.node.focus();
}

export function openModal(view, { submit, closed = () => {} }) {
  const fields = [];
  const rows = view.blocks.flatMap((block) =>
    block.type === "input" ? [inputRow(block, fields)] : renderBlocks([block]),
  );
  const cancel = element("button", { type: "button", class: "control" }, words(view.close) || "Cancel");
  const send = view.submit ? element("button", { type: "submit", class: "control primary" }, words(view.submit)) : null;
  const title = element("h2", { id: `kit-modal-${(count += 1)}` }, words(view.title));
  const form = element("form", { method: "dialog" }, title, element("div", { class: "kit rows" }, rows), element("div", { class: "ends" }, cancel, send));
  const dialog = element("dialog", { class: "modal", "aria-labelledby": title.id }, form);
  cancel.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    dialog.remove();
    closed();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (send) send.disabled = true;
    const errors = await submit(values(fields), view);
    if (send) send.disabled = false;
    if (errors && Object.keys(errors).length) show(fields, errors);
    else dialog.close();
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
