// What the header of a picture says, read before a decoder sees it: its kind, its size, and whether
// the file has its end. A small file may claim a picture that no memory holds.

const text = (bytes, at, length) => String.fromCharCode(...bytes.subarray(at, at + length));

/** Return {kind, width, height, whole}; kind is "" for what is no picture. Sizes are 0 if unknown. */
export function header(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    if (bytes[0] === 0xff && bytes[1] === 0xd8) return jpeg(bytes, view);
    if (text(bytes, 1, 3) === "PNG") return png(bytes, view);
    if (text(bytes, 0, 4) === "GIF8") return found("GIF", view.getUint16(6, true), view.getUint16(8, true));
    if (text(bytes, 0, 2) === "BM") return found("BMP", Math.abs(view.getInt32(18, true)), Math.abs(view.getInt32(22, true)));
    if (text(bytes, 8, 4) === "WEBP") return webp(bytes, view);
    if (text(bytes, 4, 4) === "ftyp") return found(text(bytes, 8, 56).includes("avif") ? "AVIF" : "HEIC", 0, 0);
    if (["II*\0", "MM\0*"].includes(text(bytes, 0, 4))) return found("TIFF", 0, 0);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error; // it ends within its header
    return found("cut", 0, 0, false);
  }
  return found("", 0, 0);
}

const found = (kind, width, height, whole = true) => ({ kind, width, height, whole });

function jpeg(bytes, view) {
  let [width, height] = [0, 0];
  let at = 2;
  for (let part = 0; part < 20000; part += 1) {
    const marker = view.getUint16(at) & 0xff;
    const length = view.getUint16(at + 2);
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      height = view.getUint16(at + 5);
      width = view.getUint16(at + 7);
    }
    at += 2 + length;
    if (marker === 0xda) return found("JPEG", width, height, ends(bytes, at));
  }
  return found("JPEG", width, height, false);
}

/** Say whether a JPEG's end marker stands behind its first scan. */
function ends(bytes, from) {
  for (let at = bytes.length - 1; at > from; at -= 1) {
    if (bytes[at] === 0xd9 && bytes[at - 1] === 0xff) return true;
  }
  return false;
}

function png(bytes, view) {
  let at = 8;
  for (let part = 0; part < 20000; part += 1) {
    const kind = text(bytes, at + 4, 4);
    if (kind === "IEND") return found("PNG", view.getUint32(16), view.getUint32(20));
    at += 12 + view.getUint32(at);
  }
  return found("PNG", view.getUint32(16), view.getUint32(20), false);
}

function webp(bytes, view) {
  const kind = text(bytes, 12, 4);
  if (kind === "VP8 ") return found("WebP", view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff);
  const bits = view.getUint32(21, true);
  if (kind === "VP8L") return found("WebP", (bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1);
  const side = (at) => (view.getUint16(at, true) | (bytes[at + 2] << 16)) + 1;
  return found("WebP", side(24), side(27));
}
