// What is seen: the button, the invitation beside it, and the panel with the conversation.

import { element, icon } from "./element.js";
import { OUT, createLines, face } from "./lines.js";
import { brandColours } from "./colours.js";
import { adoptStyles } from "./styles.js";
import { createViewport, small } from "./viewport.js";

const CHAT = ["M20.5 11.6a8 8 0 0 1-8.3 7.9 9 9 0 0 1-3.4-.7L4 20.2l1.3-4a7.6 7.6 0 0 1-1.8-4.6 8 8 0 0 1 8.5-7.8 8 8 0 0 1 8.5 7.8z", "M8.6 11.7h.01M12 11.7h.01M15.4 11.7h.01"];
const DOWN = ["M6 9.5l6 6 6-6"];
const CROSS = ["M6 6l12 12", "M18 6L6 18"];
const ANEW = ["M13 20H5.5A1.5 1.5 0 0 1 4 18.5v-13A1.5 1.5 0 0 1 5.5 4h13A1.5 1.5 0 0 1 20 5.5V12", "M18 15v6M15 18h6"];
const SHIELD = ["M12 3l7 3v5c0 5-3 8-7 10-4-2-7-5-7-10V6z"];
const ARROW = ["M5 12h14", "M13 6l6 6-6 6"];
// Pixels from the end within which new lines scroll into view.
const NEAR_END = 80;
const TALLEST = 132;

// `on`: toggle(), close(), fresh(), elsewhere(), say(text, button), typing(), retry(clientId).
export function createView({ base, settings, words, on }) {
  const tool = (label, shape, act) =>
    element("button", { type: "button", class: "tool", "aria-label": label, title: label, onclick: act }, icon(...shape));

  const badge = element("span", { class: "badge", "aria-hidden": "true", hidden: true });
  const launcher = element(
    "button",
    { type: "button", class: "launcher", "aria-expanded": "false", "aria-controls": "panel", "aria-label": words.launch, onclick: on.toggle },
    icon(...CHAT), icon(...DOWN), badge,
  );

  const log = element("div", { class: "log", role: "log", "aria-live": "polite", "aria-relevant": "additions", "aria-label": words.log });
  const dots = element("div", { class: "bubble", "aria-hidden": "true" }, element("i"), element("i"), element("i"));
  const typing = element("div", { class: "line typing", hidden: true }, face(), element("div", { class: "body" }, dots));
  const replies = element("div", { class: "replies", role: "group", "aria-label": words.replies, hidden: true });
  const scroll = element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": words.log, onscroll: scrolled }, log, typing, replies);
  const status = element("p", { class: "unseen", role: "status" });
  const aside = element("p", { class: "unseen", role: "status" }); // reads an invitation out; the focus stays where it is
  const notice = element("div", { class: "notice", role: "status", hidden: true });
  const input = element("textarea", { rows: "1", placeholder: words.write, "aria-label": words.write, maxlength: "4000", enterkeyhint: "send", oninput: written, onkeydown: submitOnEnter });
  const send = element("button", { type: "submit", "aria-label": words.send, "aria-disabled": "true" }, icon(...ARROW));
  const compose = element("form", { class: "compose", onsubmit: submit }, input, send);
  const head = element(
    "header", { class: "head" }, face(),
    element("div", { class: "names" }, element("h2", { class: "title", id: "title" }, settings.title), element("p", { class: "who" }, who())),
    settings.continueOn && tool(words.elsewhere.replace("{app}", settings.continueOn), OUT, on.elsewhere),
    tool(words.privacy, SHIELD, () => on.say(words.privacy, true)), tool(words.fresh, ANEW, on.fresh), tool(words.close, CROSS, on.close),
  );
  const panel = element("div", { class: "panel", id: "panel", role: "dialog", "aria-labelledby": "title", tabindex: "-1", hidden: true, onkeydown: keys }, head, scroll, status, notice, compose);
  const root = element("div", { class: `root ${settings.position === "left" ? "left" : ""}`, "data-theme": settings.theme, dir: words.direction, lang: words.language }, panel, aside, launcher);
  const host = element("div", { id: "frontdesk-widget" });
  const shadow = host.attachShadow({ mode: "open" });
  adoptStyles(shadow);
  for (const [name, value] of Object.entries(brandColours(settings.colour))) root.style.setProperty(name, value);
  shadow.append(root);
  document.body.append(host);

  const update = createLines({ log, base, settings, words, retry: on.retry });
  const viewport = createViewport(panel, () => near && toEnd());
  // Whether the newest line is in sight.
  let near = true;
  let offered = "";
  let teaser = null;
  let returnTo = null;

  function who() {
    return settings.assistant.toLowerCase() === words.role.toLowerCase() ? words.role : `${settings.assistant} · ${words.role}`;
  }

  function written() {
    input.dir = input.value ? "auto" : ""; // what is empty has no direction of its own
    input.style.height = "36px";
    input.style.height = `${Math.min(TALLEST, input.scrollHeight)}px`;
    send.setAttribute("aria-disabled", String(!input.value.trim()));
    if (input.value.trim()) on.typing();
  }

  function submit(event) {
    event.preventDefault();
    const text = input.value.trim();
    if (!text) return;
    input.value = "";
    written();
    on.say(text, false);
    toEnd();
    input.focus();
  }

  function submitOnEnter(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit(event);
  }

  function keys(event) {
    if (event.key === "Escape") {
      event.stopPropagation();
      on.close();
    } else if (event.key === "Tab" && small.matches) wrap(event);
  }

  // On a small screen the panel covers the page, so the focus stays within.
  function wrap(event) {
    const stops = [...panel.querySelectorAll("button, a[href], textarea, [tabindex='0']")].filter((one) => one.getClientRects().length);
    const [from, to] = event.shiftKey ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]];
    if (shadow.activeElement !== from) return;
    event.preventDefault();
    to.focus();
  }

  function scrolled() {
    if (!panel.hidden) near = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR_END;
  }

  function toEnd() {
    scroll.scrollTop = scroll.scrollHeight;
  }

  function press(text) {
    input.focus();
    on.say(text, true);
  }

  function offer(buttons) {
    const wanted = buttons.join("\n");
    if (wanted === offered) return;
    offered = wanted;
    replies.replaceChildren(...buttons.map((text) => element("button", { type: "button", dir: "auto", onclick: () => press(text) }, text)));
    replies.hidden = !buttons.length;
  }

  function dropTeaser() {
    if (teaser) teaser.remove();
    teaser = null;
    aside.textContent = "";
  }

  return {
    get isOpen() {
      return !panel.hidden;
    },
    open({ focus = true } = {}) {
      if (this.isOpen) return;
      dropTeaser();
      returnTo = document.activeElement === host || document.activeElement === document.body ? launcher : document.activeElement;
      panel.hidden = false;
      root.classList.add("open");
      launcher.setAttribute("aria-expanded", "true");
      launcher.setAttribute("aria-label", words.close);
      near = true;
      viewport.fit();
      if (focus) (window.matchMedia("(pointer: coarse)").matches ? panel : input).focus({ preventScroll: true });
    },
    close() {
      if (!this.isOpen) return;
      const within = shadow.activeElement !== null;
      panel.hidden = true;
      viewport.fit();
      root.classList.remove("open");
      launcher.setAttribute("aria-expanded", "false");
      launcher.setAttribute("aria-label", words.launch);
      if (within && returnTo && returnTo.isConnected) returnTo.focus({ preventScroll: true });
    },
    // `quiet`: what is drawn was said before and is not read out again.
    show({ lines, buttons, waiting, unread, quiet }) {
      log.setAttribute("aria-live", quiet ? "off" : "polite");
      update(lines);
      offer(buttons);
      if (typing.hidden === waiting) status.textContent = waiting ? `${settings.assistant} ${words.typing}` : "";
      typing.hidden = !waiting;
      badge.hidden = !unread;
      badge.textContent = unread > 9 ? "9+" : String(unread);
      if (!this.isOpen) launcher.setAttribute("aria-label", unread ? `${words.launch}, ${words.unread.replace("{n}", unread)}` : words.launch);
      if (near) toEnd();
    },
    get noticed() {
      return notice.textContent;
    },
    notice(text) {
      notice.hidden = !text;
      notice.textContent = text;
    },
    get isTeasing() {
      return teaser !== null;
    },
    // An invitation beside the button. `press("")` opens the chat, `press(label)` with those words said.
    tease(text, buttons, { press, dismiss }) {
      const drop = () => {
        const within = teaser && teaser.contains(shadow.activeElement);
        dropTeaser();
        dismiss();
        if (within) launcher.focus({ preventScroll: true });
      };
      const said = element("button", { type: "button", class: "words", dir: "auto", onclick: () => press("") }, text);
      const cross = element("button", { type: "button", class: "dismiss", "aria-label": words.dismiss, onclick: drop }, icon(...CROSS));
      const offers = buttons.map((label) => element("button", { type: "button", dir: "auto", onclick: () => press(label) }, label));
      const replies = offers.length ? element("div", { class: "offers", role: "group", "aria-label": words.replies }, ...offers) : null;
      const onkeydown = (event) => event.key === "Escape" && drop();
      teaser = element("div", { class: "teaser", role: "region", "aria-label": words.invitation, onkeydown }, element("div", { class: "top" }, said, cross), replies);
      root.insertBefore(teaser, launcher);
      aside.textContent = `${settings.assistant}: ${text}`;
    },
    destroy() {
      viewport.destroy();
      host.remove();
    },
  };
}
