// Whether an invitation may be shown: pure functions of a rule, of what is known of the visit, and of what is remembered.

const VISIT_GAP = 30 * 60_000; // milliseconds without a page after which a visit is over
const DAY = 86_400_000;

export function globMatches(glob, address) {
  const { origin, pathname } = new URL(address);
  const parts = glob.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  const whole = new RegExp(`^${parts.join(".*")}$`);
  const path = pathname.replace(/(.)\/$/, "$1");
  const shown = glob.startsWith("/") ? [pathname, path] : [origin + pathname, origin + path];
  return shown.some((one) => whole.test(one));
}

const wordMatches = (glob, word) => !glob || globMatches(`/${glob}`, `https://x/${encodeURI(word || "")}`);

export function localeMatches(wanted, locale) {
  const [asked, has] = [wanted.toLowerCase().replace(/-\*$/, ""), locale.toLowerCase()];
  return has === asked || has.startsWith(`${asked}-`);
}

const minutes = (time) => time.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);

// `hours`: {zone, days, since, until}. A part of the week that goes past midnight belongs to the day it began on.
export function withinHours({ zone, days, since = "00:00", until = "24:00" }, now) {
  let parts;
  try {
    const shape = { timeZone: zone, weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
    parts = Object.fromEntries(new Intl.DateTimeFormat("en-GB", shape).formatToParts(now).map(({ type, value }) => [type, value]));
  } catch {
    return false; // a zone this browser does not know: nobody can be said to be there
  }
  const names = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
  const today = names.indexOf(parts.weekday.toLowerCase());
  const at = Number(parts.hour) * 60 + Number(parts.minute);
  const [from, to] = [minutes(since), minutes(until)];
  const on = (day) => !days || days.includes(names[(day + 7) % 7]);
  if (from < to) return on(today) && at >= from && at < to;
  return (on(today) && at >= from) || (on(today - 1) && at < to);
}

// `facts`: {url, seconds, scroll, visits, utm, locale, now, exit, event}; `exit` and `event` only in their moment.
export function applies({ when }, facts) {
  const { url, seconds = 0, scroll = 0, exit = false, visits = 1, utm, locale, hours, event } = when;
  if (url && !url.some((glob) => globMatches(glob, facts.url))) return false;
  if (facts.seconds < seconds || facts.scroll < scroll || facts.visits < visits) return false;
  if ((exit && !facts.exit) || (event && facts.event !== event)) return false;
  if (utm && !["source", "medium", "campaign"].every((name) => wordMatches(utm[name], facts.utm[name]))) return false;
  if (locale && !locale.some((one) => localeMatches(one, facts.locale))) return false;
  return !hours || withinHours(hours, facts.now);
}

// What is remembered of a visitor: {visit, at, count, shown: {rule: {at, visit}}, dismissed: {rule: true}, hushed}.
export function arrived(memory, now) {
  const held = memory && typeof memory === "object" ? memory : {};
  const fresh = !(now - held.at < VISIT_GAP);
  return {
    visit: (Number(held.visit) || 0) + (fresh ? 1 : 0),
    at: now,
    count: fresh ? 0 : Number(held.count) || 0,
    shown: held.shown || {},
    dismissed: held.dismissed || {},
    hushed: fresh ? false : held.hushed === true,
  };
}

// Whether a rule's cap, and that of all rules together, leave room. Who closed one is shown no other in that visit.
export function mayShow({ id, oncePer }, memory, most, now) {
  if (memory.hushed || memory.count >= most || memory.dismissed[id]) return false;
  const last = memory.shown[id];
  if (!last) return true;
  if (oncePer === "visitor") return false;
  return oncePer === "visit" ? last.visit !== memory.visit : now - last.at >= oncePer * DAY;
}

export const shown = (memory, { id }, now) => ({
  ...memory, count: memory.count + 1, shown: { ...memory.shown, [id]: { at: now, visit: memory.visit } },
});

export const dismissed = (memory, { id }) => ({ ...memory, hushed: true, dismissed: { ...memory.dismissed, [id]: true } });
