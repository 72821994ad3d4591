// Slack's mrkdwn to nodes: *bold*, _italic_, ~strike~, `code`, ``` blocks, > quotes, <links|text>, and its three entities.

import { element } from "./dom.js";
import { withMarks } from "./marks.js";
import { nameOf } from "./people.js";

const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };
const FENCE = /```\n?([\s\S]+?)\n?```/gu;
const QUOTED = /^(?:>|&gt;) ?/u;
const EDGE = "\\p{L}\\p{N}";

const styled = (mark) =>
  `(?<![${EDGE}${mark}])${mark}(?=\\S)([^${mark}\\n]*[^${mark}\\s])${mark}(?![${EDGE}${mark}])`;
const INLINE = new RegExp(["<([^<>\\n]+)>", "`([^`\\n]+)`", styled("\\*"), styled("_"), styled("~")].join("|"), "gu");
const STYLES = ["strong", "em", "s"];

// Slack decodes exactly these three, in plain_text and in mrkdwn.
export function decode(text) {
  return text.replace(/&(?:amp|lt|gt);/gu, (entity) => ENTITIES[entity]);
}

// A link only where it leads to the web or to a mailbox; everything else stays words.
export function link(address, words) {
  let url;
  try {
    url = new URL(address);
  } catch {
    return document.createTextNode(words);
  }
  if (!["http:", "https:", "mailto:"].includes(url.protocol)) return document.createTextNode(words);
  return element("a", { href: url.href, target: "_blank", rel: "noopener noreferrer" }, words);
}

const DAY = new Intl.DateTimeFormat(undefined, { weekday: "short", month: "short", day: "numeric" });
const HOUR = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });

// A date token in the reader's own zone; forms that are not known here show the fallback.
function moment(target, fallback) {
  const [, seconds, form = ""] = target.split("^");
  const date = new Date(Number(seconds) * 1000);
  const strange = /\{(?!date_short_pretty\}|time\})/u.test(form);
  if (Number.isNaN(date.getTime()) || strange) return document.createTextNode(fallback);
  const shown = form.replace("{date_short_pretty}", DAY.format(date)).replace("{time}", HOUR.format(date));
  return element("time", { datetime: date.toISOString(), title: fallback }, shown);
}

function bracketed(content) {
  const bar = content.indexOf("|");
  const target = bar < 0 ? content : content.slice(0, bar);
  const label = bar < 0 ? "" : decode(content.slice(bar + 1));
  if (/^[@#]/u.test(target)) return element("span", { class: "mention" }, target[0] + (label || nameOf(target.slice(1))));
  if (target.startsWith("!date^")) return moment(target, label);
  if (target.startsWith("!")) return element("span", { class: "mention" }, label || `@${target.slice(1)}`);
  return link(decode(target), label || decode(target));
}

function inline(text) {
  const nodes = [];
  let from = 0;
  for (const found of text.matchAll(INLINE)) {
    nodes.push(...withMarks(decode(text.slice(from, found.index))));
    const [, bracket, code, ...inner] = found;
    if (bracket !== undefined) nodes.push(bracketed(bracket));
    else if (code !== undefined) nodes.push(element("code", {}, decode(code)));
    else {
      const style = inner.findIndex((one) => one !== undefined);
      nodes.push(element(STYLES[style], {}, inline(inner[style])));
    }
    from = found.index + found[0].length;
  }
  nodes.push(...withMarks(decode(text.slice(from))));
  return nodes.filter((node) => node !== "");
}

function joined(lines) {
  return lines.flatMap((line, at) => (at ? [element("br"), ...inline(line)] : inline(line)));
}

// Neighbouring lines of one kind go together.
function paragraphs(text) {
  const groups = [];
  for (const line of text.split("\n")) {
    const quoted = QUOTED.test(line);
    const last = groups.at(-1);
    if (!last || last.quoted !== quoted) groups.push({ quoted, lines: [] });
    groups.at(-1).lines.push(quoted ? line.replace(QUOTED, "") : line);
  }
  return groups.map(({ quoted, lines }) => element(quoted ? "blockquote" : "p", {}, joined(lines)));
}

export function mrkdwn(text) {
  const nodes = [];
  let from = 0;
  const plain = (until) => {
    const part = text.slice(from, until).replace(/^\n|\n$/gu, "");
    if (part) nodes.push(...paragraphs(part));
  };
  for (const found of text.matchAll(FENCE)) {
    plain(found.index);
    nodes.push(element("pre", {}, decode(found[1])));
    from = found.index + found[0].length;
  }
  plain(text.length);
  return nodes;
}

// For places of one line, such as a context element.
export function mrkdwnLine(text) {
  return joined(text.split("\n"));
}
