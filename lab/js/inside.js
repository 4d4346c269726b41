// The panel that looks inside: the layers, their maps and units, and the sum behind one number of them.

import { onAnswer } from "./ask.js";
import { $, attempt, make, queue, viridis } from "./elements.js";
import { drawnSum, number, worded } from "./sums.js";
import { at, trace } from "./trace.js";

const MOST_MAPS = 64;
const MOST_UNITS = 256;
const inTurn = queue();
const state = { asked: null, shown: null, network: null, classes: [], layers: [], tensors: {}, layer: null, channel: 0, y: 0, x: 0 };

const words = {
  Conv: "convolution", MaxPool: "max pooling", AveragePool: "mean pooling", Dense: "dense",
  GlobalMaxPool: "the largest of each map", GlobalAveragePool: "the mean of each map",
};

/** Return {channels, height, width} of what a layer returns; units are maps of one number. */
function sides({ shown }) {
  const [, channels, height = 1, width = 1] = state.tensors[shown].dims;
  return { channels, height, width };
}

/** Say whether a layer returns maps, and not one number a unit. */
const isMap = (layer) => sides(layer).height * sides(layer).width > 1;

/** Compute the layers of the photo that was asked about last, once the panel is looked at. */
async function open() {
  if (!state.asked || state.asked === state.shown) return;
  await inTurn(() => attempt($("inside-error"), async () => {
    const { asked } = state;
    const { network, classes } = asked.classifier;
    Object.assign(state, { shown: asked, network, classes }, await trace(network, asked.pixels));
    $("inside-empty").hidden = state.layers.length > 0;
    if (!state.layers.length) $("inside-empty").textContent = "This network has no layer that can be opened: no convolution, no pooling, no dense layer.";
    $("inside-there").hidden = !state.layers.length;
    $("place").hidden = true;
    $("layers").replaceChildren(...state.layers.map((layer, index) => {
      const { channels, height, width } = sides(layer);
      const size = isMap(layer) ? `${channels} of ${height} × ${width}` : `${channels} ${channels === 1 ? "unit" : "units"}`;
      return make("button", { "aria-pressed": "false", onclick: () => choose(index) },
        make("b", {}, layer.name), make("small", {}, `${words[layer.kind]}, ${size}`));
    }));
    if (state.layers.length) choose(0);
  }));
}

const press = (group, index) => [...$(group).children].forEach((one, k) => one.setAttribute("aria-pressed", k === index));

/** Show the maps or units of a layer, all on one scale: a filter that finds nothing stays dark. */
function choose(index) {
  state.layer = state.layers[index];
  press("layers", index);
  const tensor = state.tensors[state.layer.shown];
  const { channels, height, width } = sides(state.layer);
  const [what, most] = isMap(state.layer) ? ["map", MOST_MAPS] : ["unit", MOST_UNITS];
  const count = Math.min(channels, most);
  const many = `${count < channels ? `The first ${count} of ${channels}` : channels} ${what}${channels === 1 ? "" : "s"}`;
  const size = isMap(state.layer) ? ` of ${height} by ${width}` : "";
  const scale = channels > 1 || size ? ", on one scale: yellow is the highest number of the layer, violet the lowest" : "";
  $("maps-title").textContent = `The ${what}${channels === 1 ? "" : "s"} of ${state.layer.name}`;
  $("maps-said").textContent = `${many}${size}${scale}. ${channels === 1 ? "Below is what made it" : "Choose one"}.`;
  const colour = scaled(tensor.data);
  $("maps").replaceChildren(...Array.from({ length: count }, (_, channel) => {
    const label = isMap(state.layer) ? `Map ${channel}` : `Unit ${channel}, ${number(tensor.data[channel])}`;
    return make("button", { "aria-pressed": "false", "aria-label": label, onclick: () => enlarge(channel) },
      painted(make("canvas"), tensor, channel, colour), `${channel}`);
  }));
  $("maps").classList.toggle("units", !isMap(state.layer));
  $("place").hidden = true;
  if (channels === 1) enlarge(0);
}

/** Return what turns a number of a layer into its colour. */
function scaled(data) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of data) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return (value) => viridis((value - low) / (high - low || 1));
}

function painted(canvas, { dims: [, , height = 1, width = 1], data }, channel, colour) {
  Object.assign(canvas, { width, height });
  const image = new ImageData(width, height);
  for (let k = 0; k < height * width; k += 1) image.data.set([...colour(data[channel * height * width + k]), 255], 4 * k);
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}

/** Open one map at its highest number, or one unit. */
function enlarge(channel) {
  const { height, width } = sides(state.layer);
  const { data } = state.tensors[state.layer.shown];
  const own = data.subarray(channel * height * width, (channel + 1) * height * width);
  const top = own.reduce((best, value, k) => (value > own[best] ? k : best), 0);
  openPlace({ channel, y: Math.floor(top / width), x: top % width });
}

function openPlace(where) {
  press("maps", where.channel);
  Object.assign(state, where);
  $("place").hidden = false;
  place();
  $("place").scrollIntoView({ block: "nearest" });
}

/** Open the number of an earlier layer, from the sum that it is part of. */
function openEarlier(layer, where) {
  choose(state.layers.indexOf(layer));
  openPlace(where);
  $("place-title").focus();
}

const capital = (text) => text[0].toUpperCase() + text.slice(1);

/** Draw the map with a frame around the place, and the sum that made its number. */
function place() {
  const { layer, channel, y, x } = state;
  const tensor = state.tensors[layer.shown];
  const where = isMap(layer) ? `Map ${channel} of ${layer.name}, row ${y}, column ${x}` : `${capital(worded(tensor, state))} of ${layer.name}`;
  $("place-title").textContent = `${where}: ${number(at(tensor, channel, y, x))}`;
  $("map-figure").hidden = !isMap(layer);
  $("place-pair").classList.toggle("pair", isMap(layer));
  if (isMap(layer)) framed(tensor);
  $("sum").replaceChildren(...drawnSum(state, openEarlier));
}

function framed(tensor) {
  const { channel, y, x } = state;
  const { height, width } = sides(state.layer);
  const small = painted(make("canvas"), tensor, channel, scaled(tensor.data));
  const cell = Math.max(4, Math.floor(480 / width));
  const canvas = Object.assign($("map"), { width: width * cell, height: height * cell });
  canvas.setAttribute("aria-label", `Map ${channel}, at row ${y}, column ${x}`);
  const context = canvas.getContext("2d");
  context.imageSmoothingEnabled = false;
  context.drawImage(small, 0, 0, canvas.width, canvas.height);
  for (const [style, line] of [["#000", 5], ["#fff", 2.5]]) {
    Object.assign(context, { strokeStyle: style, lineWidth: line });
    context.strokeRect(x * cell, y * cell, cell, cell);
  }
}

/** Move the frame, within the map. */
function move(down, right) {
  const { height, width } = sides(state.layer);
  state.y = Math.min(height - 1, Math.max(0, state.y + down));
  state.x = Math.min(width - 1, Math.max(0, state.x + right));
  place();
}

export function setUpInside() {
  onAnswer((asked) => {
    state.asked = asked;
    if (!$("inside").hidden) open();
  });
  $("tab-inside").addEventListener("click", open);
  $("tab-inside").addEventListener("focus", open);
  $("map").addEventListener("click", (event) => {
    const box = $("map").getBoundingClientRect();
    const { height, width } = sides(state.layer);
    Object.assign(state, { y: 0, x: 0 });
    move(Math.floor(((event.clientY - box.top) / box.height) * height), Math.floor(((event.clientX - box.left) / box.width) * width));
  });
  $("map").addEventListener("keydown", (event) => {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!step) return;
    event.preventDefault();
    move(...step);
  });
}
