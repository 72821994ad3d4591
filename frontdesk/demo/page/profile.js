// The visitor's profile: mode, persona with its probabilities, readiness with its receipt, facts with their quotes.

import { byId, capitalised, element, flash, percent, time } from "./dom.js";
import { createSections, duration } from "./sections.js";

const MODES = { lead_generation: "Lead mode", sales: "Sales mode", human: "With a person" };
const NONE = "None of these";

function languageName(tag) {
  try {
    return new Intl.DisplayNames(undefined, { type: "language" }).of(tag);
  } catch {
    return tag;
  }
}

function signed(points) {
  const rounded = Math.round(points * 10) / 10;
  return rounded < 0 ? `\u2212${-rounded}` : `+${rounded}`;
}

// Bars keep their row between updates, so that a change of probability is seen as movement.
function createBars(list) {
  const rows = new Map();

  function row(id) {
    const name = element("span", { class: "name" });
    const share = element("span", { class: "share" });
    const fill = element("span", { class: "fill" });
    const node = element("li", { class: id === null ? "none" : null }, name, share, element("span", { class: "bar", "aria-hidden": "true" }, fill));
    rows.set(id, { node, name, share, fill });
    return rows.get(id);
  }

  return (candidates, chosen) => {
    const wanted = new Set(candidates.map(({ id }) => id));
    for (const [id, { node }] of rows) {
      if (wanted.has(id)) continue;
      node.remove();
      rows.delete(id);
    }
    for (const { id, name, probability } of candidates) {
      const { node, name: label, share, fill } = rows.get(id) || row(id);
      label.textContent = name;
      share.textContent = percent(probability);
      fill.style.width = `${Math.max(0, Math.min(1, probability)) * 100}%`;
      node.classList.toggle("chosen", id !== null && id === chosen);
      list.append(node);
    }
  };
}

// Values of one field that were taken from the same words with the same trust make one row.
function grouped(facts) {
  const rows = new Map();
  for (const fact of facts) {
    const { field, quote, source, standing, confidence, note } = fact;
    const key = JSON.stringify([field, quote, source, standing, confidence, note]);
    if (rows.has(key)) rows.get(key).push(fact);
    else rows.set(key, [fact]);
  }
  return [...rows.values()];
}

function factRow(facts, isNew) {
  const [fact] = facts;
  const marks = [fact.source, fact.standing, fact.note].filter(Boolean);
  const confidence = element("span", { class: "bar small", "aria-hidden": "true" }, element("span", { class: "fill" }));
  confidence.firstChild.style.width = `${Math.max(0, Math.min(1, fact.confidence)) * 100}%`;
  return element(
    "li",
    { class: isNew ? "new" : null },
    element("p", { class: "what" }, element("span", { class: "field" }, capitalised(fact.field.replaceAll("_", " "))), element("strong", {}, facts.map(({ value }) => value).join(", "))),
    fact.quote ? element("q", {}, fact.quote) : null,
    element("p", { class: "trust" }, confidence, element("span", {}, `${percent(fact.confidence)} sure`), marks.map((mark) => element("span", { class: "mark" }, mark))),
  );
}

function entryRow(entry) {
  const mode = entry.mode ? element("p", { class: "turned" }, `Now in ${(MODES[entry.mode] || entry.mode).toLowerCase()}`) : null;
  const learned = entry.learned.length ? element("p", { class: "learned" }, `Learned: ${entry.learned.join(", ")}`) : null;
  return element(
    "li",
    { class: entry.mode ? "turn" : null },
    element("p", { class: "when" }, time(entry.at, { precise: true }), entry.readiness === null ? null : element("span", {}, `readiness ${Math.round(entry.readiness)}`)),
    mode,
    entry.triggers.length ? element("p", { class: "chips" }, entry.triggers.map((name) => element("span", { class: "chip" }, capitalised(name)))) : null,
    learned,
  );
}

export function createProfile() {
  const bars = createBars(byId("candidates"));
  const sections = createSections();

  function showSummary(view) {
    const mode = byId("mode");
    if (mode.dataset.mode && mode.dataset.mode !== view.mode) flash(mode, "changed");
    mode.dataset.mode = view.mode;
    mode.textContent = MODES[view.mode] || view.mode;
    const lead = byId("lead");
    lead.hidden = !view.lead;
    if (view.lead) lead.textContent = `Lead: ${view.lead.status}${view.lead.owner ? `, ${view.lead.owner}` : ""}`;
    const count = view.messages === 1 ? "1 message" : `${view.messages} messages`;
    byId("talk").textContent = [languageName(view.language), count, duration(view.lastAt - view.startedAt)].join(" · ");
  }

  function showPersona(view) {
    const headline = byId("persona");
    headline.classList.toggle("unsure", !view.persona);
    headline.textContent = view.persona ? view.persona.name : "Not clear yet";
    const chosen = view.persona ? view.persona.id : undefined;
    bars([...view.candidates, { id: null, name: NONE, probability: view.none }], chosen);
    const signals = view.signals.map((signal) => element("span", { class: "chip" }, signal));
    byId("signals").replaceChildren(...(signals.length ? [element("p", { class: "chips" }, element("span", { class: "soft" }, "Because of"), signals)] : []));
  }

  function showReadiness({ level, score, receipt }) {
    byId("score").textContent = Math.round(score);
    byId("level").textContent = level;
    byId("level").dataset.level = level;
    const needle = byId("needle");
    needle.dataset.level = level;
    needle.style.strokeDasharray = `${Math.max(0, Math.min(100, score))} 100`;
    const lines = receipt.map(({ reason, points }) =>
      element("li", {}, element("span", {}, capitalised(reason)), element("span", { class: points < 0 ? "points minus" : "points" }, signed(points))),
    );
    byId("receipt").replaceChildren(...(lines.length ? lines : [element("li", { class: "soft" }, "Nothing counted yet")]));
  }

  function showFacts({ facts, news }, lively) {
    const fresh = new Set(lively ? news : []);
    byId("facts-count").textContent = facts.length || "";
    const rows = grouped(facts).map((group) => factRow(group, group.some(({ id }) => fresh.has(id))));
    byId("facts").replaceChildren(...(rows.length ? rows : [element("li", { class: "soft" }, "Nothing certain yet: each fact needs the visitor's own words.")]));
  }

  return {
    // `lively`: this is news, so what changed is marked.
    show(view, { lively = false } = {}) {
      byId("profile-empty").hidden = view !== null;
      byId("profile-body").hidden = view === null;
      if (!view) {
        delete byId("mode").dataset.mode;
        return;
      }
      showSummary(view);
      showPersona(view);
      showReadiness(view.readiness);
      showFacts(view, lively);
      sections.show(view.profile, view.labels);
      byId("timeline").replaceChildren(...view.timeline.toReversed().map(entryRow));
    },
  };
}

// What a screen reader is told of a turn.
export function spoken(view) {
  const persona = view.persona ? `${view.persona.name}, ${percent(view.persona.probability)}` : "persona not clear yet";
  const learned = view.news.length ? `, ${view.news.length} new ${view.news.length === 1 ? "fact" : "facts"}` : "";
  return `Profile updated: ${persona}, readiness ${Math.round(view.readiness.score)} of 100${learned}.`;
}
