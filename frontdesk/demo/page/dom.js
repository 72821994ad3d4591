// Making nodes. Text stays text and attributes are set one by one: there is no markup to inject into.

export function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") node.className = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

export const byId = (id) => document.getElementById(id);

// Play a one-off animation by class, again when it is already there.
export function flash(node, name) {
  node.classList.remove(name);
  void node.offsetWidth;
  node.classList.add(name);
}

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const preciseClock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });

// Seconds since the epoch as a <time>.
export function time(seconds, { precise = false } = {}) {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return element("span");
  return element("time", { datetime: date.toISOString() }, (precise ? preciseClock : clock).format(date));
}

export function percent(share) {
  const whole = Math.round(share * 100);
  return share > 0 && whole === 0 ? "< 1 %" : `${whole} %`;
}

export function capitalised(words) {
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}
