// The loader: <script async src="HOST/widget.js" data-channel="NAME"></script>
// Gives the page `window.frontdesk` at once; calls made before the app has arrived wait for it.
(() => {
  "use strict";
  const script = document.currentScript;
  const before = window.frontdesk;
  if (!script || (before && before.version)) return;

  const methods = ["open", "close", "toggle", "on", "reset", "destroy", "page", "track", "identify"];
  const waiting = [];
  let app = null;
  let over = false;

  // A call that waits; of `on`, a way to stop all the same.
  const wait = (method, args) => {
    const entry = { method, args, result: null };
    waiting.push(entry);
    if (method !== "on") return undefined;
    return () => (entry.result ? entry.result() : void waiting.splice(waiting.indexOf(entry) >>> 0, 1));
  };
  // Takes the chat off the page for good; the script may be put on it again.
  const destroy = () => {
    if (app) app.destroy();
    over = true;
    if (window.frontdesk === api) delete window.frontdesk;
  };
  const call = (method, ...args) => {
    if (over || !methods.includes(method)) return undefined;
    if (method === "destroy") return destroy();
    return app ? app[method](...args) : wait(method, args);
  };
  const api = { version: "{{version}}", push: (entry) => call(...entry) };
  for (const method of methods) api[method] = (...args) => call(method, ...args);
  window.frontdesk = api;
  if (Array.isArray(before)) before.forEach(api.push);

  // Relative to this script, so that the hub may live under a sub-path of its host.
  const channels = new URL("channels/web/", script.src);
  const { channel = "web", locale = "" } = script.dataset;
  const config = { base: new URL(`${encodeURIComponent(channel)}/`, channels).href, channel, language: locale };
  const ready = () => {
    if (document.body) return Promise.resolve();
    return new Promise((done) => document.addEventListener("DOMContentLoaded", done, { once: true }));
  };
  Promise.all([import(new URL("assets/{{version}}/main.js", channels).href), ready()])
    .then(([module]) => over || module.start(config))
    .then((started) => {
      if (over) return started.destroy && started.destroy();
      app = started;
      for (const entry of waiting.splice(0)) entry.result = call(entry.method, ...entry.args);
    })
    .catch((error) => console.warn("frontdesk: the chat could not be loaded", error));
})();
