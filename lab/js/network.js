// A network in ONNX, run by ONNX Runtime Web on this device, and what the file says of itself.

import { FITS } from "./fit.js";
import * as onnx from "./onnx.js";
import { bytesOf } from "./photo.js";
import { Sentence } from "./sentence.js";

export const MAX_BYTES = 200 * 2 ** 20;
const MAX_SIDE = 1024; // pixels
const BATCH = 8;
const BUILT = new URL("../built/", import.meta.url).href;

let runtime = null;

/** Load ONNX Runtime Web, once. */
function started() {
  runtime ??= import(`${BUILT}ort.wasm.min.mjs`).then((ort) => {
    ort.env.wasm.numThreads = 1; // more would need headers that a static page has not
    ort.env.wasm.wasmPaths = BUILT;
    ort.env.logLevel = "error";
    return ort;
  });
  runtime.catch(() => (runtime = null)); // a second try may find the network again
  return runtime;
}

/** Fetch a file of the page's own, from lab/built. */
export async function fetched(name) {
  const answer = await fetch(BUILT + name).catch(() => null);
  if (!answer?.ok) throw new Sentence(`${name} is not here: run \`make laboratory\`, and load the page again.`);
  return new Uint8Array(await answer.arrayBuffer());
}

export class Network {
  /** Open the network of these bytes; `name` is what it is called in a sentence. */
  static async open(bytes, name) {
    const file = onnx.read(bytes, name);
    const ort = await started();
    let session;
    try {
      session = await ort.InferenceSession.create(bytes, { executionProviders: ["wasm"] });
    } catch (error) {
      console.warn(error);
      throw new Sentence(`${name} holds what ONNX Runtime Web cannot run: export it with \`make export\`.`);
    }
    const network = new Network();
    Object.assign(network, { ort, session, bytes, name, file, ...taken(session, name) });
    return network;
  }

  /**
   * Return the outputs for n pictures, uint8 (n, height, width, 3) one behind the other: Float32Array
   * (n, units). `tell` hears of each batch, and the page stays awake between them.
   */
  async run(images, tell = () => {}) {
    const one = this.height * this.width * 3;
    const count = images.length / one;
    const rows = [];
    for (let start = 0; start < count; start += BATCH) {
      const some = images.subarray(start * one, Math.min(count, start + BATCH) * one);
      const found = await this.session.run({ [this.input]: this.tensor(some) }).catch((error) => {
        console.warn(error);
        throw new Sentence(`${this.name} stops while it computes: export it with \`make export\`, or choose a smaller network.`);
      });
      rows.push(found[this.session.outputNames[0]].data);
      tell(Math.min(count, start + BATCH), count);
      if (start + BATCH < count) await new Promise((resolve) => setTimeout(resolve));
    }
    const all = new Float32Array(rows.reduce((sum, row) => sum + row.length, 0));
    rows.reduce((at, row) => (all.set(row, at), at + row.length), 0);
    return all;
  }

  tensor(images) {
    const count = images.length / (this.height * this.width * 3);
    return new this.ort.Tensor("uint8", images, [count, this.height, this.width, 3]);
  }
}

/** Return the input's name and size; raises a Sentence where it takes other things than pictures. */
function taken(session, name) {
  const inputs = session.inputMetadata;
  const [one] = inputs;
  const shape = one?.shape ?? [];
  const whole = (side) => Number.isInteger(side) && side > 0 && side <= MAX_SIDE;
  const [answer] = session.outputMetadata;
  const any = !(Number.isInteger(shape[0]) && shape[0] > 0); // a file may be for one picture alone
  const picture = shape.length === 4 && any && shape[3] === 3 && whole(shape[1]) && whole(shape[2]);
  if (inputs.length !== 1 || one.type !== "uint8" || !picture || session.outputNames.length !== 1) {
    const said = inputs.map(({ type, shape: sides }) => `${type} (${(sides ?? []).join(", ")})`).join(" and ");
    throw new Sentence(`${name} takes ${said || "nothing"}, where uint8 pictures (n, height, width, 3) are needed: export it with \`make export\`.`);
  }
  if (answer.type !== "float32") throw new Sentence(`${name} returns ${answer.type}, where float32 probabilities are needed: export it with \`make export\`.`);
  return { input: one.name, height: shape[1], width: shape[2] };
}

/** A network that names its classes, and the ways in which it is asked. */
export class Classifier {
  /** Open a file of one's own; `beside` is the .json that lies beside an older export, if chosen. */
  static async fromFile(file, beside = null) {
    if (/\.(keras|h5|tflite)$/i.test(file.name)) {
      throw new Sentence(`${file.name} is for Keras or LiteRT: run \`make export\`, and choose the .onnx file.`);
    }
    if (file.size > MAX_BYTES) {
      throw new Sentence(`${file.name} has more than ${MAX_BYTES / 2 ** 20} MB, which this page does not load: export a smaller network.`);
    }
    if (beside && beside.size > 2 ** 20) throw new Sentence(`${beside.name} has more than 1 MB: choose the file that lies beside the network.`);
    const bytes = new Uint8Array(await bytesOf(file, file.name));
    return Classifier.open(bytes, file.name, beside ? await beside.text() : undefined);
  }

  static async open(bytes, name, beside) {
    const network = await Network.open(bytes, name);
    const made = new Classifier();
    Object.assign(made, { network, name, ...facts(network.file.metadata.classifier ?? beside, name) });
    const [units] = [(await made.network.run(new Uint8Array(network.height * network.width * 3))).length];
    if (Math.max(2, units) !== made.classes.length) {
      throw new Sentence(`${name} names ${made.classes.length} classes, and its output has ${units} units: save it with one name a class.`);
    }
    made.units = units;
    return made;
  }

  /** Return one array of probabilities a picture, one a class. */
  async probabilities(images, network = this.network, tell = undefined) {
    const out = await network.run(images, tell);
    const rows = Array.from({ length: out.length / this.units }, (_, row) =>
      Array.from(out.subarray(row * this.units, (row + 1) * this.units)));
    if (out.some((p) => !(p >= -0.01 && p <= 1.01))) {
      throw new Sentence(`${this.name} returns no probabilities: end it in a sigmoid or a softmax, and export it again.`);
    }
    return rows.map((row) => (row.length === 1 ? [1 - row[0], row[0]] : row));
  }

  /** Return the index of the class that these probabilities mean. */
  choose(p) {
    if (p.length === 2) return p[1] >= this.threshold ? 1 : 0;
    return p.indexOf(Math.max(...p));
  }

  /** Return the same network without its rescaling, opened once; null where it begins with none. */
  async unscaled() {
    if (this.raw === undefined) {
      const bytes = onnx.unscaled(this.network.bytes);
      this.raw = bytes && (await Network.open(bytes, this.name));
    }
    return this.raw;
  }
}

/** Return {classes, threshold, fit, silent} of the JSON that an export carries; `silent` is what it leaves out. */
function facts(json, name) {
  if (json === undefined) throw new Sentence(`${name} carries no class names: choose the .json that lies beside it at the same time, or export it again.`);
  let said;
  try {
    said = JSON.parse(json);
  } catch {
    said = null;
  }
  const classes = said?.class_names;
  const named = Array.isArray(classes) && classes.length >= 2 && classes.length <= 1000;
  if (!named || !classes.every((one) => typeof one === "string" && one.trim()) || new Set(classes).size !== classes.length) {
    throw new Sentence(`${name} has class names that are none: two or more different words are needed.`);
  }
  const control = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u; // as load_classifier refuses them
  if (classes.some((one) => one.length > 200 || control.test(one))) {
    throw new Sentence(`${name} has a class name of more than 200 characters, or with a control character in it: rename the class.`);
  }
  const { threshold = 0.5, fit = "squeeze" } = said;
  if (!(threshold >= 0 && threshold <= 1) || typeof threshold !== "number") throw new Sentence(`${name} has a threshold that is no number from 0 to 1: save it anew.`);
  if (!FITS.includes(fit)) throw new Sentence(`${name} fits pictures in a way that is none of ${FITS.join(", ")}.`);
  const silent = ["threshold", "fit"].filter((key) => said[key] === undefined);
  return { classes, threshold, fit, silent };
}
