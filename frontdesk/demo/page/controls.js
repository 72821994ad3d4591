// Block Kit's interactive elements to nodes. What somebody does with one leaves it as a "kit-action" event that bubbles,
// with the action as Slack sends it: action_id, block_id, type, and a value or what was selected.

import { element } from "./dom.js";
import { decode, link } from "./mrkdwn.js";
import { everybody } from "./people.js";

const words = (text) => (text && typeof text.text === "string" ? decode(text.text) : "");

function tell(node, action) {
  node.dispatchEvent(new CustomEvent("kit-action", { bubbles: true, detail: action }));
}

function action(item, block, more) {
  return { type: item.type, action_id: item.action_id, block_id: block?.block_id ?? "", ...more };
}

function button(item, block) {
  const style = item.style ? ` ${item.style}` : "";
  const label = words(item.text);
  if (item.url) {
    const target = link(item.url, label);
    if (target.nodeType === Node.ELEMENT_NODE) target.className = `control${style}`;
    return target;
  }
  const node = element("button", { type: "button", class: `control${style}` }, label);
  node.addEventListener("click", () => tell(node, action(item, block, { value: item.value ?? "" })));
  return node;
}

function overflow(item, block) {
  const choices = (item.options ?? []).map((one) => {
    const node = element("button", { type: "button", class: "choice" }, words(one.text));
    node.addEventListener("click", () => {
      menu.open = false;
      tell(menu, action(item, block, { selected_option: one }));
    });
    return node;
  });
  const summary = element("summary", { class: "control more", "aria-label": "More actions" }, "⋯");
  const menu = element("details", { class: "overflow" }, summary, element("div", { class: "choices" }, choices));
  menu.addEventListener("focusout", (event) => {
    if (!menu.contains(event.relatedTarget)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    event.stopPropagation();
    event.preventDefault();
    menu.open = false;
    summary.focus();
  });
  return menu;
}

function menuOf(item, choices, chosen) {
  const empty = chosen === undefined ? element("option", { value: "" }, words(item.placeholder) || "Choose") : null;
  const options = choices.map(([value, label]) => element("option", { value, selected: value === chosen }, label));
  const label = words(item.placeholder) || null;
  return element("select", { class: "control pick-one", "aria-label": label }, empty, options);
}

function chosen(item) {
  const options = item.options ?? [];
  const node = menuOf(item, options.map((one) => [one.value, words(one.text)]), item.initial_option?.value);
  return { node, read: () => ({ selected_option: options.find((one) => one.value === node.value) ?? null }) };
}

function select(item, block) {
  const { node, read } = chosen(item);
  node.addEventListener("change", () => read().selected_option && tell(node, action(item, block, read())));
  return node;
}

const ELEMENTS = { button, overflow, static_select: select };

export function control(item, block) {
  if (Object.hasOwn(ELEMENTS, item.type)) return ELEMENTS[item.type](item, block);
  return element("span", { class: "control" }, words(item.text) || words(item.placeholder) || item.type.replaceAll("_", " "));
}

function typed(item) {
  const shared = { maxlength: item.max_length, placeholder: words(item.placeholder) || null };
  const node = item.multiline ? element("textarea", { ...shared, rows: "5" }) : element("input", { ...shared, type: "text" });
  node.value = item.initial_value ?? "";
  return { node, read: () => ({ value: node.value.trim() === "" ? null : node.value }) };
}

function number(item) {
  const step = item.is_decimal_allowed ? "any" : "1";
  const node = element("input", { type: "number", inputmode: "decimal", min: item.min_value, max: item.max_value, step });
  node.value = item.initial_value ?? "";
  return { node, read: () => ({ value: node.value === "" ? null : node.value }) };
}

function moment(item) {
  const node = element("input", { type: "datetime-local" });
  if (item.initial_date_time) node.value = local(item.initial_date_time);
  const seconds = () => (node.value ? Math.floor(new Date(node.value).getTime() / 1000) : null);
  return { node, read: () => ({ selected_date_time: seconds() }) };
}

function local(seconds) {
  const date = new Date(seconds * 1000);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function person(item) {
  const node = menuOf(item, everybody(), item.initial_user);
  return { node, read: () => ({ selected_user: node.value || null }) };
}

const FIELDS = {
  plain_text_input: typed,
  number_input: number,
  datetimepicker: moment,
  static_select: chosen,
  users_select: person,
};

// A field of a form: its node, and `read()` for what is in it in the shape of Slack's `view.state.values`.
export function field(item) {
  const made = (FIELDS[item.type] ?? typed)(item);
  made.node.classList.add("field");
  if (item.focus_on_load) made.node.autofocus = true;
  return { node: made.node, read: () => ({ type: item.type, ...made.read() }) };
}
