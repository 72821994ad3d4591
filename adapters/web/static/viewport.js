// On a small screen the open panel covers the page: it fills what can be seen beside the keyboard, and the page stands still.

export const small = window.matchMedia("(max-width: 480px), (max-height: 480px)");

// `moved()` is called after the panel has changed its size.
export function createViewport(panel, moved) {
  const seen = window.visualViewport;
  const page = document.documentElement.style;
  // The page's own overflow, while ours stands in its place.
  let before = null;

  function hold(still) {
    if (still === (before !== null)) return;
    const own = before;
    before = still ? page.overflow : null;
    page.overflow = still ? "hidden" : own;
  }

  function fit() {
    const covers = small.matches && !panel.hidden;
    // Who has zoomed in moves about by hand.
    const fits = covers && seen && seen.scale < 1.01;
    panel.style.height = fits ? `${seen.height}px` : "";
    panel.style.top = fits ? `${seen.offsetTop}px` : "";
    panel.setAttribute("aria-modal", String(covers));
    hold(covers);
    moved();
  }

  const sources = [[seen, "resize"], [seen, "scroll"], [small, "change"]].filter(([source]) => source);
  for (const [source, name] of sources) source.addEventListener(name, fit);

  return {
    fit,
    destroy() {
      for (const [source, name] of sources) source.removeEventListener(name, fit);
      hold(false);
    },
  };
}
