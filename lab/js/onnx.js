// An ONNX file is a protocol buffer. Of it, only this is read here: what the file says of itself, its
// nodes and its weights. And it is changed in two ways: a network can be asked for the outputs of its
// layers, too, and its rescaling can be taken away.
//
// Source: onnx/onnx.proto, whose field numbers stand below.

import { Sentence } from "./sentence.js";

const MAX_NODES = 20_000;
const REFUSED = new Set(["Loop", "Scan", "If", "SequenceMap"]); // could go on for ever

/** Yield [field, value] of a message: a number, or the bytes of what is longer. */
function* fields(bytes) {
  let at = 0;
  const varint = () => {
    let [value, unit] = [0, 1];
    for (;;) {
      if (at >= bytes.length || unit > 2 ** 63) throw new RangeError("cut off");
      const byte = bytes[at++];
      value += (byte & 127) * unit;
      unit *= 128;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const kind = tag % 8;
    if (kind === 0) {
      yield [Math.floor(tag / 8), varint()];
      continue;
    }
    const length = { 1: 8, 2: -1, 5: 4 }[kind];
    if (length === undefined) throw new RangeError("no such kind");
    const end = length < 0 ? varint() : length;
    if (at + end > bytes.length) throw new RangeError("cut off");
    yield [Math.floor(tag / 8), bytes.subarray(at, at + end)];
    at += end;
  }
}

const words = (bytes) => new TextDecoder().decode(bytes);

/** Return {metadata, nodes, weights, outputs} of a file; raises a Sentence where it is no ONNX. */
export function read(bytes, name) {
  const found = { metadata: {}, nodes: [], hidden: [], weights: new Map(), outputs: [] };
  try {
    for (const [field, value] of fields(bytes)) {
      if (field === 14) Object.assign(found.metadata, entry(value));
      if (field === 7) graph(value, found);
      if (field === 25) body(value, found); // a function of the file's own, whose nodes run as well
    }
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
    found.nodes = [];
  }
  if (!found.nodes.length) throw new Sentence(`${name} is not an ONNX file that can be read: export it again.`);
  const all = [...found.nodes, ...found.hidden];
  const loop = all.find((node) => REFUSED.has(node.kind));
  if (loop || all.length > MAX_NODES) {
    throw new Sentence(`${name} holds ${loop ? `a ${loop.kind}` : "too many nodes"}, which this page does not run: export a plain network.`);
  }
  return found;
}

function entry(bytes) {
  const said = Object.fromEntries(fields(bytes));
  return { [words(said[1])]: words(said[2] ?? new Uint8Array()) };
}

function graph(bytes, found) {
  for (const [field, value] of fields(bytes)) {
    if (field === 1) found.nodes.push(node(value));
    if (field === 5) {
      const weight = tensor(value);
      found.weights.set(weight.name, weight);
    }
    if (field === 12) found.outputs.push(words(Object.fromEntries(fields(value))[1]));
  }
}

function body(bytes, found) {
  for (const [field, value] of fields(bytes)) if (field === 7) found.hidden.push(node(value));
}

function node(bytes) {
  const made = { inputs: [], outputs: [], name: "", kind: "", attributes: {} };
  for (const [field, value] of fields(bytes)) {
    if (field === 1) made.inputs.push(words(value));
    if (field === 2) made.outputs.push(words(value));
    if (field === 3) made.name = words(value);
    if (field === 4) made.kind = words(value);
    if (field === 5) attribute(value, made.attributes);
  }
  return made;
}

function attribute(bytes, into) {
  let [name, value] = ["", undefined];
  const list = [];
  for (const [field, found] of fields(bytes)) {
    if (field === 1) name = words(found);
    if (field === 2) value = new DataView(found.buffer, found.byteOffset, 4).getFloat32(0, true);
    if (field === 3) value = found;
    if (field === 4) value = words(found);
    if (field === 8) list.push(...numbers(found));
  }
  into[name] = list.length ? list : value;
}

/** Return the whole numbers of a repeated field, packed or not. */
function numbers(found) {
  if (typeof found === "number") return [found];
  const packed = [];
  let [value, unit] = [0, 1];
  for (const byte of found) {
    value += (byte & 127) * unit;
    unit *= 128;
    if (byte < 128) {
      packed.push(value);
      [value, unit] = [0, 1];
    }
  }
  return packed;
}

/** Return {name, dims, data}; data is a view of the file's own bytes, for floats alone. */
function tensor(bytes) {
  const made = { name: "", dims: [], kind: 0, raw: new Uint8Array() };
  for (const [field, value] of fields(bytes)) {
    if (field === 1) made.dims.push(...numbers(value));
    if (field === 2) made.kind = value;
    if (field === 8) made.name = words(value);
    if (field === 9) made.raw = value;
  }
  return made;
}

/** Return the float32 numbers of a weight; null where it holds others, or they lie elsewhere. */
export function floats(weight) {
  if (!weight || weight.kind !== 1 || weight.raw.length % 4) return null;
  return new Float32Array(weight.raw.slice().buffer);
}

/** Return the file with more outputs: messages that follow one another are merged. */
export function withOutputs(bytes, names) {
  const encoder = new TextEncoder();
  const message = (field, content) => [field * 8 + 2, ...length(content.length), ...content];
  const outputs = names.flatMap((name) => message(12, message(1, [...encoder.encode(name)])));
  return joined(bytes, message(7, outputs));
}

function length(value) {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  return [...bytes, value];
}

function joined(bytes, more) {
  const all = new Uint8Array(bytes.length + more.length);
  all.set(bytes);
  all.set(more, bytes.length);
  return all;
}

/**
 * Return the file with its rescaling taken away: the factor behind the input becomes 1, and what is
 * added then 0. null where the network does not begin with one.
 */
export function unscaled(bytes) {
  const copy = bytes.slice();
  const { nodes, weights } = read(copy, "the network");
  const after = (output) => nodes.filter((one) => one.inputs.includes(output));
  const cast = nodes.find((one) => one.kind === "Cast");
  const [mul, ...others] = cast ? after(cast.outputs[0]) : [];
  if (!mul || others.length || mul.kind !== "Mul") return null;
  if (!overwrite(weights.get(mul.inputs[1]), 1)) return null;
  const [add] = after(mul.outputs[0]);
  if (add?.kind === "Add") overwrite(weights.get(add.inputs[1]), 0);
  return copy;
}

/** Write one float into the file's own bytes. */
function overwrite(weight, value) {
  if (weight?.kind !== 1 || weight.raw.length !== 4) return false;
  new DataView(weight.raw.buffer, weight.raw.byteOffset, 4).setFloat32(0, value, true);
  return true;
}
