// The marks of a thread's lines as drawings, so that they look the same where no font has them.

const SVG = "http://www.w3.org/2000/svg";
const MARKS = new Map([
  ["💬", ["speech", "M4 5h16v11h-9l-5 4v-4H4z"]],
  ["➡️", ["outward", "M4 12h15M13 6l6 6-6 6"]],
  ["🔒", ["locked", "M6 11h12v9H6zM9 11V8a3 3 0 0 1 6 0v3"]],
  ["🔔", ["bell", "M6 17h12l-1.5-2.5V10a4.5 4.5 0 0 0-9 0v4.5zM10.5 20h3"]],
]);
const ANY = new RegExp(`(${[...MARKS.keys()].join("|")})`, "u");

function drawing(mark) {
  const [name, path] = MARKS.get(mark);
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `mark ${name}`);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", mark);
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

// A text as strings and drawings, in order.
export function withMarks(text) {
  return text.split(ANY).filter(Boolean).map((part) => (MARKS.has(part) ? drawing(part) : part));
}
