// The rich_text block: sections, lists, quotes and preformatted text of styled elements. Nothing in it is escaped.

import { element } from "./dom.js";
import { link } from "./mrkdwn.js";

const STYLES = [["bold", "strong"], ["italic", "em"], ["strike", "s"], ["code", "code"]];

function emoji(item) {
  const points = (item.unicode || "").split("-").map((point) => Number.parseInt(point, 16));
  return points.every((point) => point > 0 && point <= 0x10ffff) ? String.fromCodePoint(...points) : `:${item.name}:`;
}

const LEAVES = {
  text: (item) => item.text || "",
  link: (item) => link(item.url || "", item.text || item.url || ""),
  emoji,
  user: (item) => element("span", { class: "mention" }, `@${item.user_id}`),
  usergroup: (item) => element("span", { class: "mention" }, `@${item.usergroup_id}`),
  channel: (item) => element("span", { class: "mention" }, `#${item.channel_id}`),
  broadcast: (item) => element("span", { class: "mention" }, `@${item.range}`),
  date: (item) => item.fallback || "",
};

function leaf(item) {
  const node = Object.hasOwn(LEAVES, item.type) ? LEAVES[item.type](item) : "";
  const style = item.style || {};
  return STYLES.reduce((inner, [name, tag]) => (style[name] === true ? element(tag, {}, inner) : inner), node);
}

const leaves = (item) => (item.elements || []).map(leaf);

const PARTS = {
  rich_text_section: (item) => element("p", {}, leaves(item)),
  rich_text_quote: (item) => element("blockquote", {}, leaves(item)),
  rich_text_preformatted: (item) => element("pre", {}, leaves(item)),
  rich_text_list: (item) =>
    element(
      item.style === "ordered" ? "ol" : "ul",
      { class: item.indent ? `indent-${Math.min(item.indent, 4)}` : null },
      (item.elements || []).map((one) => element("li", {}, leaves(one))),
    ),
};

export function richText(block) {
  return (block.elements || []).map((item) => (Object.hasOwn(PARTS, item.type) ? PARTS[item.type](item) : null));
}
