// From a file to upright RGB pixels, as `helpers/images.py` opens it: turned as EXIF says, its
// colours as stored, transparency on white.

import { header } from "./header.js";
import { Sentence } from "./sentence.js";

export const MAX_BYTES = 64 * 2 ** 20;
export const MAX_PIXELS = 50_000_000; // 200 MB once the browser has decoded it
const STRIP = 2 ** 21; // pixels read at once: some phones hold no larger canvas
const KINDS = "JPEG, PNG, WebP, GIF, BMP or AVIF";
const AS_STORED = { imageOrientation: "from-image", colorSpaceConversion: "none", premultiplyAlpha: "none" };

/**
 * Open a picture.
 *
 * @param {File} file
 * @returns {Promise<{name: string, width: number, height: number, rgb: Uint8Array}>}
 * @throws {Sentence} where it is none, damaged, or too large.
 */
export async function openPhoto(file) {
  const name = file.name || "The picture";
  if (file.size === 0) throw new Sentence(`${name} is empty: save or send it again.`);
  if (file.size > MAX_BYTES) throw new Sentence(`${name} has more than ${MAX_BYTES / 2 ** 20} MB: save it smaller first.`);
  const said = header(new Uint8Array(await bytesOf(file, name)));
  if (said.kind === "") throw new Sentence(`${name} is not a picture that can be read: use ${KINDS}.`);
  if (!said.whole) throw new Sentence(`${name} is damaged or cut off: save or send it again.`);
  refuseLarge(name, said);
  const bitmap = await createImageBitmap(file, AS_STORED).catch(() => {
    throw new Sentence(undecoded(name, said.kind));
  });
  try {
    refuseLarge(name, bitmap);
    return { name, width: bitmap.width, height: bitmap.height, rgb: pixels(bitmap) };
  } finally {
    bitmap.close();
  }
}

/** Read a file whole; a folder, or a file that has gone, gets its sentence. */
export async function bytesOf(file, name) {
  try {
    return await file.arrayBuffer();
  } catch {
    throw new Sentence(`${name} cannot be read: choose a file, and not a folder.`);
  }
}

function refuseLarge(name, { width, height }) {
  if (width * height > MAX_PIXELS) {
    throw new Sentence(`${name} has ${width} x ${height} pixels, more than ${MAX_PIXELS / 1e6} million: save it smaller first.`);
  }
}

function undecoded(name, kind) {
  if (kind === "HEIC" || kind === "TIFF") return `${name} is in ${kind}, which this browser cannot open: save it as JPEG.`;
  return `${name} is damaged or cut off: save or send it again.`;
}

/** Take one picture of a video that plays. */
export function fromVideo(video, name) {
  const [width, height] = [video.videoWidth, video.videoHeight];
  return { name, width, height, rgb: pixels(video, width, height) };
}

function pixels(source, width = source.width, height = source.height) {
  const rgb = new Uint8Array(width * height * 3);
  const rows = Math.max(1, Math.min(height, Math.floor(STRIP / width)));
  const canvas = Object.assign(document.createElement("canvas"), { width, height: rows });
  const context = canvas.getContext("2d", { willReadFrequently: true }); // drawn by the processor: exact
  context.imageSmoothingEnabled = false;
  context.fillStyle = "white";
  for (let top = 0; top < height; top += rows) {
    const count = Math.min(rows, height - top);
    context.fillRect(0, 0, width, count);
    context.drawImage(source, 0, -top);
    const { data } = context.getImageData(0, 0, width, count);
    for (let from = 0, to = top * width * 3; from < data.length; from += 4, to += 3) {
      rgb[to] = data[from];
      rgb[to + 1] = data[from + 1];
      rgb[to + 2] = data[from + 2];
    }
  }
  return rgb;
}
