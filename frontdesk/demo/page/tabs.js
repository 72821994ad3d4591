// Tabs on narrow screens; on wide ones all panes stand side by side and the tabs are not there.

import { byId } from "./dom.js";

const KEYS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

export function createTabs() {
  const tabs = [...byId("tabs").children];
  const panes = tabs.map((tab) => byId(tab.getAttribute("aria-controls")));
  const wide = matchMedia("(min-width: 1100px)");
  let chosen = 0;

  function draw() {
    tabs.forEach((tab, at) => {
      tab.setAttribute("aria-selected", String(at === chosen));
      tab.tabIndex = at === chosen ? 0 : -1;
      if (at === chosen || wide.matches) delete tab.dataset.news;
      panes[at].classList.toggle("away", at !== chosen && !wide.matches);
      if (wide.matches) panes[at].removeAttribute("role");
      else panes[at].setAttribute("role", "tabpanel");
    });
  }

  function choose(at) {
    chosen = at;
    draw();
  }

  tabs.forEach((tab, at) => tab.addEventListener("click", () => choose(at)));
  byId("tabs").addEventListener("keydown", (event) => {
    const ends = { Home: 0, End: tabs.length - 1 };
    const next = event.key in ends ? ends[event.key] : chosen + (KEYS[event.key] || 0);
    if (!(event.key in ends) && !(event.key in KEYS)) return;
    event.preventDefault();
    choose((next + tabs.length) % tabs.length);
    tabs[chosen].focus();
  });
  wide.addEventListener("change", draw);
  draw();

  return {
    // Something happened in a pane that may be out of sight.
    mark(pane) {
      const at = panes.findIndex((one) => one.id === pane);
      if (at !== chosen && !wide.matches) tabs[at].dataset.news = "";
    },
  };
}
