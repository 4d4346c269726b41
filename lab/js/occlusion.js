// Where a network looked: a grey square is laid on one place after another, and the more the class
// loses by it, the more it stood on what was there. Needs nothing of the network but its answers, so
// that it holds for any file; what it shows is what these squares hide, at their own coarseness.
//
// Source: M. D. Zeiler and R. Fergus, "Visualizing and understanding convolutional networks", 2014.

const PLACES = 8; // along each side
const COVER = 0.25; // of a side that a square hides

/** Yield {top, left, bottom, right} of the square around each place, row by row. */
function* squares(height, width) {
  for (let row = 0; row < PLACES; row += 1) {
    for (let column = 0; column < PLACES; column += 1) {
      const edge = (place, side) => Math.round(((place + 0.5) / PLACES - COVER / 2) * side);
      const end = (place, side) => Math.round(((place + 0.5) / PLACES + COVER / 2) * side);
      yield {
        top: Math.max(0, edge(row, height)),
        left: Math.max(0, edge(column, width)),
        bottom: Math.min(height, end(row, height)),
        right: Math.min(width, end(column, width)),
      };
    }
  }
}

/** Return the pictures of `pixels` with one square each, one behind the other. */
function covered(pixels, height, width) {
  const places = [...squares(height, width)];
  const grey = [0, 1, 2].map((channel) => {
    let sum = 0;
    for (let at = channel; at < pixels.length; at += 3) sum += pixels[at];
    return Math.round(sum / (height * width));
  });
  const all = new Uint8Array(places.length * pixels.length);
  places.forEach(({ top, left, bottom, right }, index) => {
    const one = all.subarray(index * pixels.length, (index + 1) * pixels.length);
    one.set(pixels);
    for (let y = top; y < bottom; y += 1) {
      for (let x = left; x < right; x += 1) one.set(grey, (y * width + x) * 3);
    }
  });
  return all;
}

/**
 * Return what each place was worth to a class: {side, lost: number[side * side]}, in probability.
 *
 * @param ask From pictures, one behind the other, to one array of probabilities each.
 */
export async function whereItLooked(ask, pixels, { height, width }, index) {
  const [whole] = await ask(pixels);
  const rows = await ask(covered(pixels, height, width));
  return { side: PLACES, lost: rows.map((p) => whole[index] - p[index]) };
}
