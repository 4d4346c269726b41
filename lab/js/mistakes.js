// Four ways in which programs hand a network another picture than it has learnt on.

export const MISTAKES = {
  unscaled: "Unscaled: 0 to 255 goes in where the network has learnt on small numbers",
  bgr: "BGR: Red and blue change places, as OpenCV reads them",
  side: "On its side: A phone’s note on which way is up is ignored",
  squeezed: "Another fit: Squeezed to a square instead of cut, or cut instead of squeezed",
};

/** Return a photo turned a quarter to the right. */
export function turned({ name, width, height, rgb }) {
  const out = new Uint8Array(rgb.length);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const [from, to] = [(y * width + x) * 3, (x * height + height - 1 - y) * 3];
      out[to] = rgb[from];
      out[to + 1] = rgb[from + 1];
      out[to + 2] = rgb[from + 2];
    }
  }
  return { name, width: height, height: width, rgb: out };
}

/** Return pixels with red and blue exchanged. */
export function exchanged(rgb) {
  return rgb.map((_, at) => rgb[at + 2 - 2 * (at % 3)]);
}

/** Return the fit that a careless program would have chosen. */
export const otherFit = (fit) => (fit === "squeeze" ? "cut" : "squeeze");
