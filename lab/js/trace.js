// What the layers of a network return for one picture, and the sum that made one number of it.

import * as onnx from "./onnx.js";

const POOLS = { MaxPool: "the largest of", AveragePool: "the mean of" };

/** Return the layers whose outputs are maps: {name, kind, node, shown}, from the input on. */
export function layersOf({ nodes }) {
  return nodes.filter((node) => node.kind === "Conv" || POOLS[node.kind]).map((node) => {
    const [next] = nodes.filter((one) => one.inputs.includes(node.outputs[0]));
    const relu = node.kind === "Conv" && next?.kind === "Relu" ? next : null;
    return { name: short(node.name), kind: node.kind, node, relu: relu !== null, shown: (relu ?? node).outputs[0] };
  });
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
    const wanted = new Set(layers.flatMap(({ node, shown }) => [node.inputs[0], node.outputs[0], shown]));
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
  return { layers: layers.filter(({ shown }) => tensors[shown]?.dims.length === 4), tensors };
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

/** Return the window that a pooling layer looked at, and what it says of it. */
export function poolOf(layer, tensors, channel, y, x) {
  const { node } = layer;
  const values = window({ node, y, x, channel, tensors, kernel: node.attributes.kernel_shape });
  return { values, words: POOLS[node.kind], said: at(tensors[node.outputs[0]], channel, y, x) };
}

/** Return one number of a tensor (1, channels, height, width). */
export function at({ dims: [, , height, width], data }, channel, y, x) {
  return data[(channel * height + y) * width + x];
}

