// The six sections of a customer profile: what is known, and what is still missing.

import { byId, capitalised, element, percent, time } from "./dom.js";

const SECTIONS = [
  ["companyProfile", "Company"],
  ["behaviorProfile", "Behaviour"],
  ["requirementsProfile", "Requirements"],
  ["engagementProfile", "Engagement"],
  ["intelligenceProfile", "Intelligence"],
  ["profileMeta", "About this profile"],
];
const SHARES = new Set(["confidenceScore"]);
const HIDDEN = new Set(["conversionProbability"]); // `conversion` says the same with its band
const ALARMS = new Set(["contradictions", "stale"]); // nothing to say is good news
const MOMENTS = new Set(["lastUpdated", "nextScheduledUpdate"]);

const label = (name) => capitalised(name.replace(/[A-Z]/gu, (letter) => ` ${letter.toLowerCase()}`));
const unknown = (value) =>
  value === null || value === undefined || value === "" || value === "unknown" || (Array.isArray(value) && !value.length);

export function duration(seconds) {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function path(address) {
  try {
    return decodeURI(new URL(address, location.href).pathname).replace(/^\/site\//u, "/");
  } catch {
    return address;
  }
}

function shown(name, value, words) {
  if (unknown(value)) return element("span", { class: "missing" }, "not known yet");
  if (SHARES.has(name)) return percent(value);
  if (MOMENTS.has(name)) return time(value, { precise: true });
  if (name === "timeOnSite") return duration(value);
  if (Array.isArray(value)) {
    return value.map(name === "pagesVisited" ? path : words).map((one) => element("span", { class: "chip" }, one));
  }
  return typeof value === "object" ? value.words : words(value);
}

export function createSections() {
  const root = byId("sections");
  const parts = SECTIONS.map(([id, title], at) => {
    const count = element("span", { class: "count" });
    const list = element("dl");
    const box = element("details", { open: at === 0 || at === 2 }, element("summary", {}, element("span", {}, title), count), list);
    root.append(box);
    return { id, count, list };
  });

  return {
    // `labels` names values in words; a value without one is shown as it is.
    show(profile, labels) {
      const words = (value) => (Object.hasOwn(labels, value) ? labels[value] : String(value));
      byId("sections-empty").hidden = profile !== null;
      root.hidden = profile === null;
      if (!profile) return;
      for (const { id, count, list } of parts) {
        const fields = Object.entries(profile[id]).filter(
          ([name, value]) => !HIDDEN.has(name) && !(ALARMS.has(name) && unknown(value)),
        );
        count.textContent = `${fields.filter(([, value]) => !unknown(value)).length} of ${fields.length}`;
        list.replaceChildren(
          ...fields.map(([name, value]) => element("div", {}, element("dt", {}, label(name)), element("dd", {}, shown(name, value, words)))),
        );
      }
    },
  };
}
