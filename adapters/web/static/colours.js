// Colours made from the brand's one, so that every text in them or on them can be read.

// What WCAG 2.2 asks of text, and a little for browsers that round.
const READABLE = 4.55;
// The most of an accent that lies under its own text, as in styles.js.
const TINT = 0.14;

const WHITE = [255, 255, 255];
const INK = [17, 20, 28];
const BLACK = [0, 0, 0];
// The grounds of styles.js that are hardest to read on.
const DAY = [241, 242, 246];
const NIGHT = [35, 39, 51];

function luminance(rgb) {
  const [red, green, blue] = rgb.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one, other) {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

const mixed = (colour, towards, share) => colour.map((value, at) => Math.round(value + (towards[at] - value) * share));
const rgb = (parts) => `rgb(${parts.join(" ")})`;

// The colour moved towards `towards` until text in it can be read on `ground`, tinted with it or not.
function repaired(colour, ground, towards) {
  for (let share = 0; share < 1; share += 0.05) {
    const text = mixed(colour, towards, share);
    if ([0, TINT].every((tint) => contrast(text, mixed(ground, text, tint)) >= READABLE)) return rgb(text);
  }
  return rgb(towards);
}

// CSS custom properties for a colour like "#3b5bdb".
export function brandColours(colour) {
  const brand = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  return {
    "--brand": rgb(brand),
    // Where white cannot be read, black always can.
    "--on-brand": rgb([WHITE, INK].find((one) => contrast(one, brand) >= READABLE) || BLACK),
    "--accent-day": repaired(brand, DAY, INK),
    "--accent-night": repaired(brand, NIGHT, WHITE),
  };
}
