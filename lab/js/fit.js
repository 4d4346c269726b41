// A picture gets the size that a network takes: cut, padded or squeezed, as `helpers/fit.py` says,
// and resized bilinearly with antialiasing, byte for byte as Pillow does it.
//
// Source: Pillow, src/libImaging/Resample.c: weights in fixed point of 22 bits, first along the
// rows and then down the columns, rounded to bytes in between.

export const FITS = ["cut", "pad", "squeeze"];
const BITS = 22;

/** Fit {rgb, width, height} to `height` by `width`; returns a Uint8Array of height * width * 3. */
export function fitted(photo, height, width, fit) {
  const all = [0, 0, photo.width, photo.height];
  if (fit === "pad") return padded(photo, height, width, all);
  return resized(photo, height, width, fit === "cut" ? middle(photo, height, width) : all);
}

function middle(of, height, width) {
  const scale = Math.min(of.width / width, of.height / height);
  const across = of.width * height <= of.height * width ? of.width : scale * width;
  const down = of.width * height >= of.height * width ? of.height : scale * height;
  const left = (of.width - across) / 2;
  const top = (of.height - down) / 2;
  return [left, top, left + across, top + down];
}

function padded(photo, height, width, all) {
  const scale = Math.min(width / photo.width, height / photo.height);
  const side = (most, long) => Math.min(most, Math.max(1, roundEven(long * scale)));
  const [wide, high] = [side(width, photo.width), side(height, photo.height)];
  const small = resized(photo, high, wide, all);
  const whole = new Uint8Array(height * width * 3).fill(255);
  const [left, top] = [Math.floor((width - wide) / 2), Math.floor((height - high) / 2)];
  for (let row = 0; row < high; row += 1) {
    const line = small.subarray(row * wide * 3, (row + 1) * wide * 3);
    whole.set(line, ((top + row) * width + left) * 3);
  }
  return whole;
}

/** Round as Python does: a half goes to the even neighbour. */
function roundEven(value) {
  const low = Math.floor(value);
  if (value - low !== 0.5) return Math.round(value);
  return low % 2 ? low + 1 : low;
}

function resized({ rgb, width, height }, toHeight, toWidth, box) {
  const [left, top, right, bottom] = box.map(Math.fround); // Pillow keeps a box in 32 bits
  let [pixels, rowLength] = [rgb, width];
  if (toWidth !== width || left !== 0 || right !== toWidth) {
    pixels = along(pixels, height, width, weights(width, left, right, toWidth));
    rowLength = toWidth;
  }
  if (toHeight !== height || top !== 0 || bottom !== toHeight) {
    pixels = down(pixels, rowLength, weights(height, top, bottom, toHeight));
  }
  return pixels;
}

/** Return, for each pixel of the result, where it starts to look and with which weights. */
function weights(size, from, to, out) {
  const scale = Math.fround(to - from) / out;
  const support = Math.max(scale, 1);
  return Array.from({ length: out }, (_, index) => {
    const centre = from + (index + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - support + 0.5));
    const last = Math.min(size, Math.trunc(centre + support + 0.5));
    const triangle = Array.from({ length: last - first }, (_, x) =>
      Math.max(0, 1 - Math.abs((x + first - centre + 0.5) * (1 / support))));
    const sum = triangle.reduce((a, b) => a + b, 0);
    return { first, fixed: triangle.map((w) => Math.trunc(0.5 + (w / sum) * 2 ** BITS)) };
  });
}

function along(pixels, height, width, looks) {
  const out = new Uint8Array(height * looks.length * 3);
  for (let row = 0, to = 0; row < height; row += 1) {
    for (const { first, fixed } of looks) {
      to = summed(pixels, (row * width + first) * 3, 3, fixed, out, to);
    }
  }
  return out;
}

function down(pixels, width, looks) {
  const out = new Uint8Array(looks.length * width * 3);
  let to = 0;
  for (const { first, fixed } of looks) {
    for (let x = 0; x < width; x += 1) {
      to = summed(pixels, (first * width + x) * 3, width * 3, fixed, out, to);
    }
  }
  return out;
}

function summed(pixels, at, step, fixed, out, to) {
  const half = 2 ** (BITS - 1);
  let [red, green, blue] = [half, half, half];
  for (let k = 0; k < fixed.length; k += 1, at += step) {
    red += pixels[at] * fixed[k];
    green += pixels[at + 1] * fixed[k];
    blue += pixels[at + 2] * fixed[k];
  }
  out[to] = red >> BITS;
  out[to + 1] = green >> BITS;
  out[to + 2] = blue >> BITS;
  return to + 3;
}
