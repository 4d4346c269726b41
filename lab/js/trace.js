// What the layers of a network return for one picture, and the sum that made one number of it.

import * as onnx from "./onnx.js";

const POOLS = { MaxPool: "the largest of", AveragePool: "the mean of", GlobalMaxPool: "the largest of", GlobalAveragePool: "the mean of" };
const AFTER = { Conv: ["Relu"], Dense: ["Relu", "Sigmoid", "Softmax"] };
const SAME_NUMBERS = ["Reshape", "Flatten", "Squeeze", "Identity", "Dropout"];

/**
 * Return the layers that can be opened, from the input on: {name, kind, node, summed, after, shown}.
 *
 * `summed` is the tensor of sums, `after` what is done with them (Relu, Sigmoid, Softmax or nothing),
 * and `shown` what the layer returns.
 */
export function layersOf({ nodes, weights }) {
  return nodes.flatMap((node) => {
    const dense = denseOf(node, nodes, weights);
    if (!dense && node.kind !== "Conv" && !POOLS[node.kind]) return [];
    const kind = dense ? "Dense" : node.kind;
    const summed = dense?.summed ?? node.outputs[0];
    const [next] = following(nodes, summed);
    const after = AFTER[kind]?.includes(next?.kind) ? next.kind : "";
    return [{ ...dense, name: short(node.name) || node.kind, kind, node, summed, after, shown: after ? next.outputs[0] : summed }];
  });
}

const following = (nodes, name) => nodes.filter((one) => one.inputs.includes(name));

/** Return {kernel, turned, bias, summed} of a dense layer, by the names of its weights; null of others. */
function denseOf(node, nodes, weights) {
  const kernel = weights.get(node.inputs[1]);
  if (kernel?.dims.length !== 2) return null;
  if (node.kind === "Gemm") {
    const { transA, transB, alpha = 1, beta = 1 } = node.attributes;
    if (transA || alpha !== 1 || beta !== 1) return null;
    return { kernel, turned: Boolean(transB), bias: weights.get(node.inputs[2]), summed: node.outputs[0] };
  }
  if (node.kind !== "MatMul") return null;
  const [next] = following(nodes, node.outputs[0]);
  const bias = next?.kind === "Add" ? next.inputs.map((name) => weights.get(name)).find((one) => one?.dims.length === 1) : undefined;
  return { kernel, turned: false, bias, summed: bias ? next.outputs[0] : node.outputs[0] };
}

/** Return a layer's own name of a path such as "sequential_1/conv_2_1/BiasAdd". */
function short(path) {
  const parts = path.split("/");
  return (parts.at(-2) ?? parts[0]).replace(/(.)_1$/, "$1");
}

/** Open a network once more, so that it returns what its layers do; kept beside it. */
async function traced(network) {
  if (!network.traced) {
    const layers = layersOf(network.file);
    const wanted = new Set(layers.flatMap(({ node, summed, shown }) => [node.inputs[0], summed, shown]));
    network.file.outputs.forEach((name) => wanted.delete(name));
    const bytes = onnx.withOutputs(network.bytes, [...wanted]);
    const session = await network.ort.InferenceSession.create(bytes, { executionProviders: ["wasm"] });
    network.traced = { layers, session };
  }
  return network.traced;
}

/** Run one picture; return the layers and the tensors by name, each {dims: [1, c, h, w], data}. */
export async function trace(network, pixels) {
  const { layers, session } = await traced(network);
  const tensors = layers.length ? await session.run({ [network.input]: network.tensor(pixels) }) : {};
  const sides = (kind) => (kind === "Dense" ? 2 : 4); // a dense layer on maps has four, and is left out
  return { layers: layers.filter(({ kind, shown }) => tensors[shown]?.dims.length === sides(kind)), tensors };
}

/** Return how much padding stands above and to the left of a window. */
function before({ attributes }, sides, kernel, strides) {
  if (attributes.pads) return attributes.pads.slice(0, 2);
  const same = { SAME_UPPER: Math.floor, SAME_LOWER: Math.ceil }[attributes.auto_pad];
  return sides.map((side, axis) => {
    const total = Math.max(0, (Math.ceil(side / strides[axis]) - 1) * strides[axis] + kernel[axis] - side);
    return same ? same(total / 2) : 0;
  });
}

/** Return rows by columns of the window of `channel` that (y, x) of the output looks at; 0 outside. */
function window({ node, y, x, channel, tensors, kernel }) {
  const { dims: [, , height, width], data } = tensors[node.inputs[0]];
  const strides = node.attributes.strides ?? [1, 1];
  const [spread, across] = node.attributes.dilations ?? [1, 1];
  const [above, left] = before(node, [height, width], kernel, strides);
  return Array.from({ length: kernel[0] }, (_, row) => Array.from({ length: kernel[1] }, (__, column) => {
    const [v, u] = [y * strides[0] - above + row * spread, x * strides[1] - left + column * across];
    const inside = v >= 0 && v < height && u >= 0 && u < width;
    return inside ? data[(channel * height + v) * width + u] : 0;
  }));
}

/**
 * Return what made one number of a convolution: {terms, bias, sum, said}.
 *
 * Each term is one channel of the input: {channel, values, weights, sum}. `said` is the number that
 * the runtime has returned, to hold the sum against.
 */
export function sumOf(network, layer, tensors, channel, y, x) {
  const { node } = layer;
  const weight = network.file.weights.get(node.inputs[1]);
  const kernel = onnx.floats(weight);
  if (!kernel) return null;
  const [out, count, high, wide] = weight.dims;
  const first = Math.floor(channel / (out / (node.attributes.group ?? 1))) * count;
  const terms = Array.from({ length: count }, (_, index) => {
    const values = window({ node, y, x, channel: first + index, tensors, kernel: [high, wide] });
    const at = (channel * count + index) * high * wide;
    const weights = values.map((row, r) => row.map((__, c) => kernel[at + r * wide + c]));
    const sum = values.flat().reduce((total, value, k) => total + value * kernel[at + k], 0);
    return { channel: first + index, values, weights, sum };
  });
  const bias = onnx.floats(network.file.weights.get(node.inputs[2]))?.[channel] ?? 0;
  const sum = terms.reduce((total, term) => total + term.sum, bias);
  return { terms, bias, sum, said: at(tensors[node.outputs[0]], channel, y, x) };
}

/**
 * Return what made one unit of a dense layer: {terms, bias, sum, said}, as `sumOf` does.
 *
 * Each term is one number of the input: {index, value, weight, sum}.
 */
export function denseSumOf({ kernel, turned, bias: added, node, summed }, tensors, unit) {
  const weights = onnx.floats(kernel);
  if (!weights) return null;
  const [count, units] = turned ? [...kernel.dims].reverse() : kernel.dims;
  const terms = Array.from(tensors[node.inputs[0]].data, (value, index) => {
    const weight = weights[turned ? unit * count + index : index * units + unit];
    return { index, value, weight, sum: value * weight };
  });
  const bias = onnx.floats(added)?.[unit] ?? 0;
  const sum = terms.reduce((total, term) => total + term.sum, bias);
  return { terms, bias, sum, said: tensors[summed].data[unit] };
}

/**
 * Return from which layer the numbers of a tensor come, where they are only laid out anew:
 * {layer, last}. `last` says that the channels of a map go side by side, as Keras flattens them.
 */
export function originOf({ nodes }, layers, name, last = false) {
  const layer = layers.find(({ shown }) => shown === name);
  if (layer) return { layer, last };
  const node = nodes.find((one) => one.outputs.includes(name));
  const across = node?.kind === "Transpose" && String(node.attributes.perm) === "0,2,3,1";
  if (!across && !SAME_NUMBERS.includes(node?.kind)) return null;
  return originOf({ nodes }, layers, node.inputs[0], last || across);
}

/** Return the place {channel, y, x} in a layer's maps of number `index` of what comes of them. */
export function placeOf({ layer, last }, tensors, index) {
  const [, channels, height = 1, width = 1] = tensors[layer.shown].dims;
  const [channel, at] = last
    ? [index % channels, Math.floor(index / channels)]
    : [Math.floor(index / (height * width)), index % (height * width)];
  return { channel, y: Math.floor(at / width), x: at % width };
}

/** Return the window that a pooling layer looked at, and what it says of it; a global one looks at all. */
export function poolOf({ node }, tensors, channel, y, x) {
  const kernel = node.attributes.kernel_shape ?? tensors[node.inputs[0]].dims.slice(2);
  const values = window({ node, y, x, channel, tensors, kernel });
  return { values, words: POOLS[node.kind], said: at(tensors[node.outputs[0]], channel, y, x) };
}

/** Return one number of a tensor (1, channels, height, width), or (1, units). */
export function at({ dims: [, , height = 1, width = 1], data }, channel, y, x) {
  return data[(channel * height + y) * width + x];
}
