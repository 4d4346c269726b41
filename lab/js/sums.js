// The sum behind one number of a layer, drawn: what came in, times which weights, and what is left.

import { make } from "./elements.js";
import { denseSumOf, originOf, placeOf, poolOf, sumOf } from "./trace.js";

const MOST_CHANNELS = 6; // of a convolution
const MOST_INPUTS = 12; // of a dense layer
const MOST_COLUMNS = 12; // of a table of numbers

const digits = (value, count) => value.toFixed(count).replace(/^-(0\.0*)$/, "$1").replace("-", "−");
export const number = (value) => digits(value, 4);

/**
 * Return the elements that show how a number came about.
 *
 * @param {{network, layers, tensors, classes, layer, channel, y, x}} place The number, and where it stands.
 * @param {(layer, place) => void} open Opens the number of an earlier layer.
 */
export function drawnSum(place, open) {
  if (place.layer.kind === "Dense") return dense(place, open);
  return place.layer.kind === "Conv" ? convolved(place) : pooled(place);
}

const unreadable = () => [make("p", {}, "The weights of this layer are no 32-bit numbers in the file, so the sum cannot be drawn.")];
const checked = (said) => make("p", { class: "hint" }, `Added up here from the file’s weights. The runtime has ${number(said)}.`);
const added = (terms) => terms.reduce((sum, term) => sum + term.sum, 0);
const bySize = (terms) => [...terms].sort((a, b) => Math.abs(b.sum) - Math.abs(a.sum));

/** Return the line that adds up: all terms, those not drawn, the bias, and what comes of it. */
function total({ terms, bias, sum, said }, rest, what, kept) {
  return make("div", { class: "total", "data-sum": sum, "data-said": said },
    `${number(added(terms))} in all`,
    rest.length ? ` (${number(added(rest))} from the ${rest.length} ${what} not drawn)` : "",
    ` + bias ${number(bias)} = `, make("b", {}, number(sum)), kept ? make("p", {}, kept) : "");
}

function convolved({ network, layers, layer, tensors, channel, y, x }) {
  const found = sumOf(network, layer, tensors, channel, y, x);
  if (!found) return unreadable();
  const terms = bySize(found.terms);
  const rest = terms.slice(MOST_CHANNELS);
  const inputs = found.terms.length * found.terms[0].values.flat().length;
  const photo = found.terms.length === 3 && layer === layers[0];
  return [
    make("p", {}, `${inputs} numbers, each times its weight, added up${rest.length ? `; of ${terms.length} channels, the ${MOST_CHANNELS} that count most` : ""}:`),
    make("div", { class: "terms" }, ...terms.slice(0, MOST_CHANNELS).map((one) => term(one, photo))),
    total(found, rest, "channels", afterwards(layer, found.sum)),
    checked(found.said),
  ];
}

/** Say what is done with a sum before the next layer gets it. */
function afterwards({ after, shown }, sum, { tensors, channel, classes } = {}) {
  if (after === "Relu") return `ReLU keeps what is above 0: ${number(Math.max(0, sum))}.`;
  if (!after) return "";
  const { dims: [, units], data } = tensors[shown];
  const named = units === classes.length ? classes[channel] : units === 1 && classes.length === 2 ? classes[1] : "";
  const meant = named ? `, the probability of ${named}` : "";
  if (after === "Sigmoid") return `The sigmoid makes of it a number from 0 to 1: ${number(data[channel])}${meant}.`;
  return `Softmax takes e to this power, and divides by the total of all ${units} units: ${number(data[channel])}${meant}.`;
}

/** Draw one channel's numbers and weights; those of the photo itself have names. */
function term({ channel, values, weights, sum }, photo) {
  const title = photo ? ["Red", "Green", "Blue"][channel] : `Channel ${channel}`;
  return make("div", { class: "term" },
    make("p", {}, make("b", {}, title)), grid(values, "numbers"), make("p", {}, "times"), grid(weights, "weights"),
    make("p", {}, "= ", make("b", {}, number(sum))));
}

function shaded(cell, share) {
  cell.style.background = share < 0 ? `rgb(230 120 0 / ${-0.4 * share})` : `rgb(40 120 220 / ${0.4 * share})`;
  return cell;
}

/** Draw numbers as a table: blue above 0, orange below, the stronger the further. */
function grid(rows, caption) {
  const most = Math.max(...rows.flat().map(Math.abs)) || 1;
  return make("table", {}, make("caption", { class: "unseen" }, caption), ...rows.map((row) => make("tr", {},
    ...row.map((value) => shaded(make("td", {}, digits(value, 2)), value / most)))));
}

function pooled({ layer, tensors, channel, y, x }) {
  const { values, words, said } = poolOf(layer, tensors, channel, y, x);
  const count = values.flat().length;
  const small = values[0].length <= MOST_COLUMNS;
  return [
    make("p", {}, `Of the map before it, ${words} ${layer.kind.startsWith("Global") ? `all ${count}` : "these"} numbers${small ? ":" : ", too many to be drawn."}`),
    make("div", { class: "terms" }, small ? make("div", { class: "term" }, grid(values, "numbers")) : ""),
    make("div", { class: "total", "data-said": said }, make("b", {}, number(said))),
  ];
}

/** Draw the inputs of a dense unit that count most; each opens where it comes from. */
function dense(place, open) {
  const { network, layers, layer, tensors, channel } = place;
  const found = denseSumOf(layer, tensors, channel);
  if (!found) return unreadable();
  const terms = bySize(found.terms);
  const drawn = terms.slice(0, MOST_INPUTS);
  const rest = terms.slice(MOST_INPUTS);
  const from = originOf(network.file, layers, layer.node.inputs[0]);
  const most = Math.abs(drawn[0].sum) || 1;
  const row = ({ index, value, weight, sum }) => make("tr", {},
    make("th", { scope: "row" }, source(from, tensors, index, open)),
    make("td", {}, number(value)), make("td", {}, number(weight)), shaded(make("td", {}, number(sum)), sum / most));
  const head = ["input", "number", "weight", "product"].map((name) => make("th", { scope: "col" }, name));
  return [
    make("p", {}, `${terms.length} numbers${from ? ` of ${from.layer.name}` : ""}, each times its weight, added up${rest.length ? `; the ${MOST_INPUTS} that count most` : ""}:`),
    make("table", { class: "inputs" }, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...drawn.map(row))),
    total(found, rest, "inputs", afterwards(layer, found.sum, place)),
    checked(found.said),
  ];
}

/** Name an input by the place that it comes from, which a click opens; by its number where that is unknown. */
function source(from, tensors, index, open) {
  if (!from) return `input ${index}`;
  const place = placeOf(from, tensors, index);
  return make("button", { class: "link", onclick: () => open(from.layer, place) }, worded(tensors[from.layer.shown], place));
}

/** Name a place of a tensor: a unit, or a map with its row and column. */
export function worded({ dims: [, , height = 1, width = 1] }, { channel, y, x }) {
  return height * width > 1 ? `map ${channel}, row ${y}, column ${x}` : `unit ${channel}`;
}
