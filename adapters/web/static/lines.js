// Turning lines of the conversation into nodes, and keeping the nodes in step with the lines.

import { element, icon } from "./element.js";
import { link, render, safeLink } from "./markdown.js";

const PAUSE = 20 * 60; // seconds of silence after which the time is shown
const SPARK = ["M12 3.5l1.9 5.1a2.6 2.6 0 0 0 1.5 1.5l5.1 1.9-5.1 1.9a2.6 2.6 0 0 0-1.5 1.5L12 20.5l-1.9-5.1a2.6 2.6 0 0 0-1.5-1.5L3.5 12l5.1-1.9a2.6 2.6 0 0 0 1.5-1.5z"];
const PERSON = ["M12 12.2a3.9 3.9 0 1 0 0-7.8 3.9 3.9 0 0 0 0 7.8z", "M4.8 20a7.2 7.2 0 0 1 14.4 0"];
export const OUT = ["M8 16L16.5 7.5", "M9.5 7.5h7v7"];
const ENVELOPE = ["M4 6h16v12H4z", "M4.5 6.5L12 13l7.5-6.5"];

export const face = (person) => element("span", { class: "face", "aria-hidden": "true" }, icon(...(person ? PERSON : SPARK)));

// A person's picture over the drawn face. Fetched and painted, since the page's policy may forbid images; where even
// that fails the drawn face stays.
function portrait(address) {
  const drawn = face(true);
  if (!address) return drawn;
  const paint = async () => {
    const response = await fetch(address, { credentials: "omit" });
    if (!response.ok) return;
    const picture = await createImageBitmap(await response.blob());
    const canvas = element("canvas", { width: 60, height: 60 });
    canvas.getContext("2d").drawImage(picture, 0, 0, 60, 60);
    drawn.replaceChildren(canvas);
  };
  paint().catch(() => {});
  return drawn;
}

// What a source is called: the last words of its path, else its host.
function sourceName(address) {
  const { pathname, hostname } = new URL(address);
  const words = pathname.split("/").filter(Boolean).pop() || "";
  try {
    return decodeURIComponent(words).replace(/\.\w{2,5}$/, "").replace(/[-_]+/g, " ").trim() || hostname;
  } catch {
    return hostname;
  }
}

export function createLines({ log, base, settings, words, retry }) {
  const kept = new Map(); // key -> {node, looks}
  const clock = new Intl.DateTimeFormat(words.language, { hour: "numeric", minute: "2-digit" });
  const date = new Intl.DateTimeFormat(words.language, { weekday: "short", day: "numeric", month: "short" });
  const hosts = settings.linkHosts || [];

  function when(at) {
    const moment = new Date(at * 1000);
    const today = moment.toDateString() === new Date().toDateString();
    return `${today ? "" : `${date.format(moment)}, `}${clock.format(moment)}`;
  }

  const rep = (line) => (line.reply && line.reply.rep) || {};
  const picture = (line) => (/^[0-9a-f]{32}$/.test(rep(line).picture) ? `${base}pictures/${rep(line).picture}` : "");

  function author(line) {
    if (line.author === "visitor") return words.you;
    return line.author === "rep" ? rep(line).name || words.team : settings.assistant;
  }

  function sources(citations) {
    const safe = new Map();
    for (const { url, quote } of citations) {
      const address = safeLink(url, hosts);
      if (address && !safe.has(address)) safe.set(address, quote);
    }
    if (!safe.size) return null;
    const item = ([address, quote]) =>
      element("li", {}, link(address, element("span", {}, sourceName(address)), { title: quote }));
    const list = element("ul", { class: "sources", "aria-label": words.sources }, ...[...safe].map(item));
    for (const anchor of list.querySelectorAll("a")) anchor.prepend(icon(...OUT));
    return list;
  }

  function hint(prompt) {
    return prompt ? element("p", { class: "hint" }, icon(...ENVELOPE), element("span", { dir: "auto" }, prompt)) : null;
  }

  function state(line) {
    if (line.state === "failed") {
      const again = element("button", { type: "button", onclick: () => retry(line.clientId) }, words.retry);
      return element("p", { class: "state wrong" }, words.failed, again);
    }
    if (line.state === "sending" && line.slow) return element("p", { class: "state" }, words.sending);
    return line.cut ? element("p", { class: "state" }, words.cut) : null;
  }

  function draw(line, first) {
    const mine = line.author === "visitor";
    const said = element("span", { class: "unseen" }, `${author(line)}: `);
    const text = mine ? [element("span", { dir: "auto" }, line.text)] : render(line.text, hosts);
    const bubble = element("div", { class: "bubble" }, said, ...text);
    const reply = line.reply || {};
    const named = first && line.author === "rep" ? element("p", { class: "name", "aria-hidden": "true" }, author(line)) : null;
    const body = element("div", { class: "body" }, named, bubble, sources(reply.citations || []), hint(reply.emailPrompt), state(line));
    const classes = ["line", mine && "mine", first && "first", line.state === "sending" && "waiting", line.slow && "slow"].filter(Boolean);
    return element("div", { class: classes.join(" ") }, mine || !first ? null : line.author === "rep" ? portrait(picture(line)) : face(false), body);
  }

  // Everything to stand in the log, in order: times between pauses, and the lines.
  function wanted(lines) {
    const items = [];
    let before = null;
    for (const line of lines) {
      const paused = !before || line.at - before.at > PAUSE;
      if (paused) items.push({ key: `at ${line.at}`, looks: "", draw: () => element("p", { class: "when" }, when(line.at)) });
      const first = paused || before.author !== line.author || author(before) !== author(line);
      const looks = [first, line.state, line.slow, line.cut, line.text, line.seq && Boolean(line.reply)].join("|");
      items.push({ key: line.clientId || line.seq, looks, draw: () => draw(line, first) });
      before = line;
    }
    return items;
  }

  return function update(lines) {
    const items = wanted(lines);
    const keys = new Set(items.map(({ key }) => key));
    for (const [key, { node }] of kept) {
      if (keys.has(key)) continue;
      node.remove();
      kept.delete(key);
    }
    let place = log.firstChild;
    for (const { key, looks, draw: make } of items) {
      let held = kept.get(key);
      if (!held || held.looks !== looks) {
        const node = make();
        if (held) {
          node.classList.add("still");
          if (place === held.node) place = held.node.nextSibling;
          held.node.remove();
        }
        kept.set(key, (held = { node, looks }));
      }
      if (held.node === place) place = place.nextSibling;
      else log.insertBefore(held.node, place);
    }
  };
}
