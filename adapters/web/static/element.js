// Making nodes. Attributes are set one by one and text stays text: there is no markup to inject into.

const SVG = "http://www.w3.org/2000/svg";

// Properties that begin with "on" are listeners; null, undefined and false leave an attribute out.
function fill(node, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

export function element(tag, properties = {}, ...children) {
  return fill(document.createElement(tag), properties, children);
}

// An icon of 24 units, drawn in lines of the current colour.
export function icon(...paths) {
  const drawn = paths.map((d) => fill(document.createElementNS(SVG, "path"), { d }, []));
  return fill(document.createElementNS(SVG, "svg"), { viewBox: "0 0 24 24", "aria-hidden": "true" }, drawn);
}
