// Invitations beside the closed chat: watches the page, asks the rules, and shows one when it is time.
// Loaded only where there are rules. Nothing is sent before an invitation is to be composed or is pressed.

import { applies, arrived, dismissed, mayShow, shown } from "./rules.js";

const LOOK_EVERY = 1_000;

// `free()`: whether an invitation may stand on the page now. `show(text, buttons, {press, dismiss})` draws one.
// `accept(label, prompt)`: the chat opens, with a button's words as the visitor's first ones or with none ("").
export function createProactive({ settings, base, memory, page, locale, free, show, accept }) {
  const silent = navigator.globalPrivacyControl === true;
  const query = new URLSearchParams(location.search);
  const utm = Object.fromEntries(["source", "medium", "campaign"].map((name) => [name, query.get(`utm_${name}`) || ""]));
  let remembered = arrived(memory.read(), Date.now());
  if (!remembered.utm || Object.values(utm).some(Boolean)) remembered.utm = utm;
  let url = location.href;
  let seconds = 0;
  let scroll = 0;
  let composing = false;
  let stopped = false;
  // Under Global Privacy Control nobody is known again, and pages are not told: what needs that stays silent.
  const plain = ({ when, text }) => text && !when.visits && !when.utm;
  const rules = silent ? settings.proactive.filter(plain) : settings.proactive;
  remember(remembered);

  function remember(value) {
    remembered = { ...value, utm: remembered.utm };
    memory.write(remembered);
  }

  function facts(moment) {
    return { url: location.href, seconds, scroll, visits: remembered.visit, utm: remembered.utm, locale, now: new Date(), ...moment };
  }

  function look(moment = {}) {
    if (stopped || composing || !free()) return;
    const now = Date.now();
    const held = memory.read(); // another tab may have shown or closed one meanwhile
    if (held && held.visit === remembered.visit) remembered = held;
    const rule = rules.find((one) => mayShow(one, remembered, settings.mostInvitations, now) && applies(one, facts(moment)));
    if (rule) invite(rule);
  }

  async function invite(rule) {
    composing = true;
    remember(shown(remembered, rule, Date.now()));
    const { text, buttons, quote } = rule.text ? rule : await compose();
    composing = false;
    if (!text || stopped || !free()) return;
    show(text, buttons || [], {
      press: (label) => accept(label, quote || text),
      dismiss: () => remember(dismissed(remembered, rule)),
    });
  }

  async function compose() {
    try {
      const response = await fetch(`${base}invitation`, {
        method: "POST",
        credentials: "omit",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ page: page() }),
      });
      return response.ok ? await response.json() : {};
    } catch {
      return {};
    }
  }

  function tick() {
    if (location.href !== url) {
      url = location.href;
      seconds = scroll = 0;
    }
    if (document.visibilityState !== "visible") return;
    seconds += LOOK_EVERY / 1_000;
    look();
  }

  function onScroll() {
    const root = document.documentElement;
    const read = (window.scrollY + window.innerHeight) / Math.max(1, root.scrollHeight);
    scroll = Math.max(scroll, Math.min(100, Math.round(read * 100)));
  }

  function onLeave(event) {
    if (!event.relatedTarget && event.clientY <= 0) look({ exit: true });
  }

  const ticker = setInterval(tick, LOOK_EVERY);
  addEventListener("scroll", onScroll, { passive: true });
  document.addEventListener("mouseout", onLeave);
  onScroll();
  look();

  return {
    track: (name) => look({ event: name }),
    destroy() {
      stopped = true;
      clearInterval(ticker);
      removeEventListener("scroll", onScroll);
      document.removeEventListener("mouseout", onLeave);
    },
  };
}
