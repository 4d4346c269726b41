// The panel that looks inside: the layers, their maps, and the sum behind one number of a map.

import { onAnswer } from "./ask.js";
import { $, attempt, make, queue, viridis } from "./elements.js";
import { at, poolOf, sumOf, trace } from "./trace.js";

const MOST_MAPS = 64;
const MOST_TERMS = 6;
const inTurn = queue();
const state = { asked: null, shown: null, network: null, layers: [], tensors: {}, layer: null, channel: 0, y: 0, x: 0 };

const digits = (value, count) => value.toFixed(count).replace(/^-(0\.0*)$/, "$1").replace("-", "−");
const number = (value) => digits(value, 4);
const words = { Conv: "convolution", MaxPool: "max pooling", AveragePool: "mean pooling" };

/** Compute the layers of the photo that was asked about last, once the panel is looked at. */
async function open() {
  if (!state.asked || state.asked === state.shown) return;
  await inTurn(() => attempt($("inside-error"), async () => {
    const { asked } = state;
    const { network } = asked.classifier;
    Object.assign(state, { shown: asked, network }, await trace(network, asked.pixels));
    $("inside-empty").hidden = state.layers.length > 0;
    if (!state.layers.length) $("inside-empty").textContent = "This network has no layer that returns maps: no convolution, no pooling.";
    $("inside-there").hidden = !state.layers.length;
    $("place").hidden = true;
    $("layers").replaceChildren(...state.layers.map((layer, index) => {
      const [, channels, height, width] = state.tensors[layer.shown].dims;
      return make("button", { "aria-pressed": "false", onclick: () => choose(index) },
        make("b", {}, layer.name), make("small", {}, `${words[layer.kind]}, ${channels} of ${height} × ${width}`));
    }));
    if (state.layers.length) choose(0);
  }));
}

const press = (group, index) => [...$(group).children].forEach((one, k) => one.setAttribute("aria-pressed", k === index));

/** Show the maps of a layer, all on one scale: a filter that finds nothing stays dark. */
function choose(index) {
  state.layer = state.layers[index];
  press("layers", index);
  const tensor = state.tensors[state.layer.shown];
  const [, channels, height, width] = tensor.dims;
  const count = Math.min(channels, MOST_MAPS);
  $("maps-title").textContent = `The maps of ${state.layer.name}`;
  $("maps-said").textContent = `${count < channels ? `The first ${count} of ${channels}` : channels} maps of ${height} by ${width}, on one scale: yellow is the highest number of the layer, violet the lowest. Choose one.`;
  const colour = scaled(tensor.data);
  $("maps").replaceChildren(...Array.from({ length: count }, (_, channel) =>
    make("button", { "aria-pressed": "false", "aria-label": `Map ${channel}`, onclick: () => enlarge(channel) },
      painted(make("canvas"), tensor, channel, colour), `${channel}`)));
  $("place").hidden = true;
}

/** Return what turns a number of a layer into its colour. */
function scaled(data) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of data) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return (value) => viridis((value - low) / (high - low || 1));
}

function painted(canvas, { dims: [, , height, width], data }, channel, colour) {
  Object.assign(canvas, { width, height });
  const image = new ImageData(width, height);
  for (let k = 0; k < height * width; k += 1) image.data.set([...colour(data[channel * height * width + k]), 255], 4 * k);
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}

/** Open one map, at its highest number. */
function enlarge(channel) {
  press("maps", channel);
  const { dims: [, , height, width], data } = state.tensors[state.layer.shown];
  const own = data.subarray(channel * height * width, (channel + 1) * height * width);
  const top = own.reduce((best, value, k) => (value > own[best] ? k : best), 0);
  Object.assign(state, { channel, y: Math.floor(top / width), x: top % width });
  $("place").hidden = false;
  place();
  $("place").scrollIntoView({ block: "nearest" });
}

/** Draw the map with a frame around the place, and the sum that made its number. */
function place() {
  const { layer, channel, y, x } = state;
  const tensor = state.tensors[layer.shown];
  const [, , height, width] = tensor.dims;
  const value = at(tensor, channel, y, x);
  $("place-title").textContent = `Map ${channel} of ${layer.name}, row ${y}, column ${x}: ${number(value)}`;
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
  $("sum").replaceChildren(...(layer.kind === "Conv" ? convolved() : pooled()));
}

function convolved() {
  const { layer, channel, y, x } = state;
  const found = sumOf(state.network, layer, state.tensors, channel, y, x);
  if (!found) return [make("p", {}, "The weights of this layer are no 32-bit numbers in the file, so the sum cannot be drawn.")];
  const terms = [...found.terms].sort((a, b) => Math.abs(b.sum) - Math.abs(a.sum));
  const rest = terms.slice(MOST_TERMS);
  const left = rest.reduce((sum, term) => sum + term.sum, 0);
  const inputs = found.terms.length * found.terms[0].values.flat().length;
  const kept = layer.relu ? make("p", {}, `ReLU keeps what is above 0: ${number(Math.max(0, found.sum))}.`) : "";
  return [
    make("p", {}, `${inputs} numbers, each times its weight, added up${terms.length > MOST_TERMS ? `; of ${terms.length} channels, the ${MOST_TERMS} that count most` : ""}:`),
    make("div", { class: "terms" }, ...terms.slice(0, MOST_TERMS).map((one) => term(one, found.terms.length === 3 && layer === state.layers[0]))),
    make("div", { class: "total", "data-sum": found.sum, "data-said": found.said },
      `${number(found.terms.reduce((sum, one) => sum + one.sum, 0))} in all`,
      rest.length ? ` (${number(left)} from the ${rest.length} channels not drawn)` : "",
      ` + bias ${number(found.bias)} = `, make("b", {}, number(found.sum)), kept),
    make("p", { class: "hint" }, `Added up here from the file’s weights. The runtime has ${number(found.said)}.`),
  ];
}

/** Draw one channel's numbers and weights; those of the photo itself have names. */
function term({ channel, values, weights, sum }, photo) {
  const title = photo ? ["Red", "Green", "Blue"][channel] : `Channel ${channel}`;
  return make("div", { class: "term" },
    make("p", {}, make("b", {}, title)), grid(values, "numbers"), make("p", {}, "times"), grid(weights, "weights"),
    make("p", {}, "= ", make("b", {}, number(sum))));
}

/** Draw numbers as a table: blue above 0, orange below, the stronger the further. */
function grid(rows, caption) {
  const most = Math.max(...rows.flat().map(Math.abs)) || 1;
  return make("table", {}, make("caption", { class: "unseen" }, caption), ...rows.map((row) => make("tr", {}, ...row.map((value) => {
    const cell = make("td", {}, digits(value, 2));
    const share = 0.4 * Math.abs(value / most);
    cell.style.background = value < 0 ? `rgb(230 120 0 / ${share})` : `rgb(40 120 220 / ${share})`;
    return cell;
  }))));
}

function pooled() {
  const { values, words: what, said } = poolOf(state.layer, state.tensors, state.channel, state.y, state.x);
  return [
    make("p", {}, `Of the map before it, ${what} these numbers:`),
    make("div", { class: "terms" }, make("div", { class: "term" }, grid(values, "numbers"))),
    make("div", { class: "total", "data-said": said }, make("b", {}, number(said))),
  ];
}

/** Move the frame, within the map. */
function move(down, right) {
  const [, , height, width] = state.tensors[state.layer.shown].dims;
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
    const [, , height, width] = state.tensors[state.layer.shown].dims;
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
