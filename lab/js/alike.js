// Photos that look alike, found as `helpers/audit.py` does: where does it get brighter to the right?
//
// Source: N. Krawetz, "Kind of like that", 2013 (dHash), here on a grid of 16 by 16.

import { fitted } from "./fit.js";

const SIDE = 16;
const NEAR = 12; // of 256 bits
const FEWEST = 24; // a drawing on white tells nothing

/** Return the 256 bits of a photo, as numbers 0 and 1. */
export function differenceHash(photo) {
  const small = fitted(photo, SIDE, SIDE + 1, "squeeze");
  const grey = (y, x) => {
    const at = (y * (SIDE + 1) + x) * 3;
    return Math.round(0.299 * small[at] + 0.587 * small[at + 1] + 0.114 * small[at + 2]);
  };
  return Uint8Array.from({ length: SIDE * SIDE }, (_, bit) => {
    const [y, x] = [Math.floor(bit / SIDE), bit % SIDE];
    return grey(y, x + 1) > grey(y, x) ? 1 : 0;
  });
}

function near(one, other) {
  const set = (bits) => bits.reduce((sum, bit) => sum + bit, 0);
  const tells = (bits) => Math.min(set(bits), bits.length - set(bits)) >= FEWEST;
  const far = one.reduce((sum, bit, at) => sum + (bit ^ other[at]), 0);
  return far === 0 || (far <= NEAR && tells(one) && tells(other));
}

/** Return the number of each photo's group; those that look alike, even by way of others, share it. */
export function grouped(hashes) {
  const groups = hashes.map((_, index) => index);
  hashes.forEach((one, index) => {
    for (let other = 0; other < index; other += 1) {
      if (groups[other] === groups[index] || !near(one, hashes[other])) continue;
      const [from, to] = [groups[index], groups[other]];
      groups.forEach((group, at) => (groups[at] = group === from ? to : group));
    }
  });
  return groups;
}
