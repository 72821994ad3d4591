// What the hub may know about the page the visitor is on. Nothing at all under Global Privacy Control.

function words(text, limit) {
  return (text || "").replace(/\s+/g, " ").trim().slice(0, limit);
}

// Only the address up to its path; campaign tags travel apart, other parameters stay in the browser.
function bare(address) {
  try {
    const url = new URL(address, location.href);
    return /^https?:$/.test(url.protocol) ? url.origin + url.pathname : "";
  } catch {
    return "";
  }
}

export function createPage(moved) {
  const silent = navigator.globalPrivacyControl === true;
  const campaign = words(new URLSearchParams(location.search).get("utm_campaign"), 100);
  const undo = [];
  let timer = 0;
  let announced = bare(location.href);

  function check() {
    const now = bare(location.href);
    if (now === announced) return;
    announced = now;
    // The new page's title and heading are there a moment after its address.
    timer = setTimeout(moved, 150);
  }

  function listen(target, name) {
    target.addEventListener(name, check);
    undo.push(() => target.removeEventListener(name, check));
  }

  if (!silent) {
    listen(window, "popstate");
    if (window.navigation) listen(window.navigation, "currententrychange");
    else for (const name of ["pushState", "replaceState"]) watchHistory(name);
  }

  function watchHistory(name) {
    const original = history[name];
    history[name] = function (...args) {
      const result = original.apply(this, args);
      check();
      return result;
    };
    undo.push(() => {
      history[name] = original;
    });
  }

  return {
    info() {
      if (silent) return undefined;
      const heading = document.querySelector("h1");
      return {
        url: bare(location.href),
        title: words(document.title, 200),
        heading: words(heading && heading.textContent, 200),
        language: document.documentElement.lang || "",
        referrer: document.referrer ? bare(document.referrer) : "",
        campaign,
      };
    },
    destroy() {
      clearTimeout(timer);
      undo.forEach((one) => one());
    },
  };
}
