// Slack's Block Kit to nodes. Unknown blocks say what they are instead of vanishing.

import { control } from "./controls.js";
import { element } from "./dom.js";
import { decode, mrkdwn, mrkdwnLine } from "./mrkdwn.js";
import { richText } from "./rich_text.js";

const words = (text) => (text && typeof text.text === "string" ? text.text : "");

function lines(text) {
  return text.split("\n").flatMap((line, at) => (at ? [element("br"), line] : [line]));
}

function text(object) {
  if (object.type === "mrkdwn") return mrkdwn(words(object));
  return [element("p", {}, lines(decode(words(object))))];
}

function contextElement(item) {
  if (item.type === "image") return element("span", { class: "picture" }, item.alt_text || "image");
  if (item.type === "mrkdwn") return element("span", {}, mrkdwnLine(words(item)));
  return element("span", {}, lines(decode(words(item))));
}

const RENDERERS = {
  header: (block) => [element("h3", {}, decode(words(block.text)))],
  section: (block) => [
    element("div", { class: "said" }, block.text ? text(block.text) : null),
    block.fields ? element("div", { class: "fields" }, block.fields.map((one) => element("div", {}, text(one)))) : null,
    block.accessory ? control(block.accessory, block) : null,
  ],
  context: (block) => block.elements.map(contextElement),
  divider: () => [element("hr")],
  actions: (block) => block.elements.map((item) => control(item, block)),
  rich_text: richText,
  image: (block) => [element("span", { class: "picture" }, block.alt_text || "image")],
};

function render(block) {
  const kind = Object.hasOwn(RENDERERS, block.type) ? block.type : "unknown";
  if (kind === "unknown") return element("div", { class: "block unknown" }, `Block: ${block.type}`);
  return element("div", { class: `block ${kind}` }, RENDERERS[kind](block));
}

// The nodes of a message's blocks, or of its text when it has none.
export function renderBlocks(blocks, fallback = "") {
  if (Array.isArray(blocks) && blocks.length) return blocks.map(render);
  return [element("div", { class: "block section" }, mrkdwn(fallback))];
}
