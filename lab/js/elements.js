// What the three panels share: elements, sentences, files that are dropped, and drawing.

import { told } from "./sentence.js";

export const $ = (id) => document.getElementById(id);

/** Make an element: make("p", {class: "hint"}, "text", child). */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

/** Run a task whose failure becomes one sentence in an element; true where it went well. */
export async function attempt(where, task) {
  where.hidden = true;
  try {
    await task();
    return true;
  } catch (error) {
    where.textContent = told(error);
    where.hidden = false;
    return false;
  }
}

/** Let only one task of a kind run; whoever comes later takes the place of who waits. */
export function queue() {
  let last = Promise.resolve();
  let newest = 0;
  return (task) => {
    const mine = (newest += 1);
    last = last.then(() => (mine === newest ? task() : undefined));
    return last;
  };
}

/** Hand files to `take`, from an input or dropped on `area`. */
export function onFiles(input, area, take) {
  input.addEventListener("change", () => {
    const files = [...input.files];
    input.value = ""; // so that the same file can be chosen again
    if (files.length) take(files);
  });
  if (!area) return;
  const over = (on) => (event) => {
    event.preventDefault();
    event.stopPropagation();
    area.classList.toggle("over", on);
  };
  area.addEventListener("dragover", over(true));
  area.addEventListener("dragleave", over(false));
  area.addEventListener("drop", (event) => {
    over(false)(event);
    if (event.dataTransfer.files.length) take([...event.dataTransfer.files]);
  });
}

/** Draw RGB bytes on a canvas of their size. */
export function draw(canvas, rgb, width, height) {
  Object.assign(canvas, { width, height });
  const image = new ImageData(width, height);
  for (let from = 0, to = 0; from < rgb.length; from += 3, to += 4) {
    image.data.set([rgb[from], rgb[from + 1], rgb[from + 2], 255], to);
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}

export const percent = (p) => `${(100 * p).toFixed(1)}\u00a0%`;

/** Show probabilities as bars, the highest first, at most ten; all digits stand in `data-p`. */
export function bars(body, classes, p, chosen) {
  const order = p.map((_, index) => index).sort((a, b) => p[b] - p[a]).slice(0, 10);
  body.replaceChildren(...order.map((index) => {
    const fill = make("i");
    fill.style.width = `${100 * Math.min(1, p[index])}%`;
    return make("tr", { class: index === chosen ? "chosen" : "", "data-class": classes[index], "data-p": p[index] },
      make("th", { scope: "row" }, classes[index]),
      make("td", {}, percent(p[index])),
      make("td", { class: "bar", "aria-hidden": "true" }, fill));
  }));
}

// Viridis, every eighth of it, as the chapters draw their maps.
const VIRIDIS = [[68, 1, 84], [71, 44, 122], [59, 81, 139], [44, 113, 142], [33, 144, 141], [39, 173, 129], [92, 200, 99], [170, 220, 50], [253, 231, 37]];

/** Return the colour of a share from 0 to 1. */
export function viridis(share) {
  const at = Math.min(0.9999, Math.max(0, share || 0)) * (VIRIDIS.length - 1);
  const [low, part] = [Math.floor(at), at % 1];
  return VIRIDIS[low].map((value, channel) => Math.round(value + part * (VIRIDIS[low + 1][channel] - value)));
}
