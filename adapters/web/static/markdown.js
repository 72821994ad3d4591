// A small, safe part of Markdown, made of nodes: paragraphs, lists, strong, em, code, and links to allowed hosts.
// Text never becomes markup. One pass, no backtracking.

import { element } from "./element.js";

const MARK = /(\*\*|__|[*_`]|\[[^[\]\n]{1,300}\]\([^()\s]{1,2000}\))/;
const BULLET = /^\s{0,3}(?:[-*+•]|(\d{1,3})[.)])\s+(.*)$/;
const DEPTH = 4;
const REACH = 40; // parts looked at for the end of a mark: keeps a page of asterisks cheap

// The address of a link that may be followed, or "".
export function safeLink(address, hosts) {
  try {
    const url = new URL(address);
    const own = url.origin === location.origin;
    if (url.username || url.password || !(url.protocol === "https:" || (own && url.protocol === "http:"))) return "";
    return own || hosts.includes(url.hostname) ? url.href : "";
  } catch {
    return "";
  }
}

export function link(address, content, attributes = {}) {
  return element("a", { href: address, target: "_blank", rel: "noopener noreferrer", ...attributes }, content);
}

function inline(text, hosts, depth = 0) {
  const parts = text.split(MARK);
  const nodes = [];
  for (let at = 0; at < parts.length; at += 1) {
    const part = parts[at];
    if (!part) continue;
    if (at % 2 === 0) {
      nodes.push(part);
      continue;
    }
    if (part[0] === "[") {
      nodes.push(...linked(part, hosts));
      continue;
    }
    const close = depth < DEPTH ? closing(parts, at) : -1;
    if (close < 0) {
      nodes.push(part);
      continue;
    }
    const inner = parts.slice(at + 1, close).join("");
    if (part === "`") nodes.push(element("code", {}, inner));
    else nodes.push(element(part.length === 2 ? "strong" : "em", {}, ...inline(inner, hosts, depth + 1)));
    at = close;
  }
  return nodes;
}

// Where a mark ends: the next equal one, hugging text on both sides; underscores inside words are letters.
function closing(parts, at) {
  const mark = parts[at];
  const before = parts[at - 1] || "";
  const after = parts[at + 1] || "";
  if (mark[0] === "_" && /\w$/.test(before)) return -1;
  if (mark !== "`" && /^\s/.test(after)) return -1;
  const end = parts.slice(at + 2, at + REACH).indexOf(mark) + at + 2;
  return end > at + 1 && parts.slice(at + 1, end).join("").trim() ? end : -1;
}

function linked(part, hosts) {
  const split = part.lastIndexOf("](");
  const label = part.slice(1, split);
  const address = part.slice(split + 2, -1);
  const safe = safeLink(address, hosts);
  return [safe ? link(safe, label) : label];
}

export function render(text, hosts) {
  const blocks = [];
  let paragraph = [];
  let list = null;
  const flush = () => {
    if (paragraph.length) {
      const nodes = paragraph.flatMap((line, at) => (at ? [element("br"), ...inline(line, hosts)] : inline(line, hosts)));
      blocks.push(element("p", { dir: "auto" }, ...nodes));
    }
    paragraph = [];
  };
  for (const line of text.split("\n")) {
    const item = BULLET.exec(line);
    if (item) {
      flush();
      const kind = item[1] ? "ol" : "ul";
      if (!list || list.localName !== kind) blocks.push((list = element(kind, { dir: "auto" })));
      list.append(element("li", {}, ...inline(item[2], hosts)));
      continue;
    }
    list = null;
    if (line.trim()) paragraph.push(line);
    else flush();
  }
  flush();
  return blocks;
}
