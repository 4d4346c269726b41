// The panel that asks: a photo, a network, its answer, where it looked, and the classic mistakes.

import { openCamera } from "./camera.js";
import { $, attempt, bars, draw, make, onFiles, percent, queue, viridis } from "./elements.js";
import { fitted } from "./fit.js";
import { MISTAKES, exchanged, otherFit, turned } from "./mistakes.js";
import { Classifier, fetched } from "./network.js";
import { whereItLooked } from "./occlusion.js";
import { openPhoto } from "./photo.js";
import { Sentence } from "./sentence.js";

const state = { classifier: null, rooms: null, photo: null, heard: new Set() };
const inTurn = queue();

/** Tell `listener` of each photo that was answered: {classifier, pixels}. */
export const onAnswer = (listener) => state.heard.add(listener);

const made = () => Object.keys(MISTAKES).filter((name) => $(`mistake-${name}`).checked);

/** Return the pixels that the network is handed, with these mistakes. */
function handed(photo, { network, fit }, mistakes) {
  const upright = mistakes.includes("side") ? turned(photo) : photo;
  const way = mistakes.includes("squeezed") ? otherFit(fit) : fit;
  const pixels = fitted(upright, network.height, network.width, way);
  return mistakes.includes("bgr") ? exchanged(pixels) : pixels;
}

/** Return the answer to the photo at hand: {pixels, p, ask}. */
async function answered(mistakes) {
  const { photo, classifier } = state;
  const pixels = handed(photo, classifier, mistakes);
  const network = mistakes.includes("unscaled") ? await classifier.unscaled() : classifier.network;
  const ask = (images, tell) => classifier.probabilities(images, network, tell);
  const [p] = await ask(pixels);
  return { pixels, p, ask };
}

async function show() {
  const { classifier } = state;
  const mistakes = made();
  const found = await answered(mistakes);
  const index = classifier.choose(found.p);
  const { width, height } = classifier.network;
  draw($("ask-seen"), found.pixels, width, height);
  $("ask-seen").setAttribute("aria-label", `${state.photo.name}, as the network sees it`);
  $("ask-size").textContent = `${height} by ${width} pixels of ${state.photo.height} by ${state.photo.width}`;
  $("ask-said").replaceChildren(make("b", {}, classifier.classes[index]), make("small", {}, `confidence ${percent(found.p[index])}`));
  bars($("ask-bars"), classifier.classes, found.p, index);
  $("ask-empty").hidden = true;
  $("ask-answer").hidden = false;
  await compare(mistakes, index, found.p);
  for (const listener of state.heard) listener({ classifier, pixels: found.pixels });
  await look(found, index);
}

/** Say what the network says without the mistakes. */
async function compare(mistakes, index, p) {
  $("ask-against").hidden = !mistakes.length;
  if (!mistakes.length) return;
  const { classifier } = state;
  const [right] = [(await answered([])).p];
  const before = classifier.choose(right);
  const same = before === index ? "The label stays" : "The label changes";
  $("ask-against").textContent = `${same}. Without the mistake: ${classifier.classes[before]}, confidence ${percent(right[before])}; with it, ${classifier.classes[before]} gets ${percent(p[before])}.`;
}

async function look({ pixels, ask }, index) {
  const said = $("ask-where-said");
  said.textContent = "";
  if (!$("ask-where").checked) return;
  const { network, classes } = state.classifier;
  said.textContent = "Covering one place after another …";
  const { side, lost } = await whereItLooked(ask, pixels, network, index);
  const most = Math.max(...lost);
  if (most < 0.005) {
    said.textContent = "No single place matters: whichever is covered, the confidence stays within half a percent.";
    return;
  }
  heat($("ask-seen"), side, lost, most);
  const at = lost.indexOf(most);
  said.textContent = `Yellow marks the place whose covering costs ${classes[index]} most: ${(100 * most).toFixed(1)} points, in row ${1 + Math.floor(at / side)} and column ${1 + (at % side)} of ${side}. Found with grey squares, a quarter of a side long: it cannot be sharper than they are.`;
}

/** Lay what the places were worth over a canvas, smoothly: grey where nothing was. */
function heat(canvas, side, lost, most) {
  const small = make("canvas", { width: side, height: side });
  const image = new ImageData(side, side);
  lost.forEach((value, at) => image.data.set([...viridis(value / most), 190 * Math.sqrt(Math.max(0, value / most))], 4 * at));
  small.getContext("2d").putImageData(image, 0, 0);
  const context = canvas.getContext("2d");
  context.filter = "grayscale(1)";
  context.drawImage(canvas, 0, 0);
  context.filter = "none";
  context.imageSmoothingEnabled = true;
  context.drawImage(small, 0, 0, canvas.width, canvas.height);
}

/** Answer anew; a failure leaves its sentence, and no answer to what was there before. */
async function refresh() {
  if (!state.photo || !state.classifier) return;
  await inTurn(async () => {
    if (!(await attempt($("ask-error"), show))) forget();
  });
}

function forget() {
  $("ask-answer").hidden = true;
  $("ask-empty").hidden = !$("ask-error").hidden;
}

async function choose(file, ...others) {
  const well = await attempt($("ask-error"), async () => {
    if (others.length) throw new Sentence(`${1 + others.length} photos at once: choose one.`);
    state.photo = await openPhoto(file);
  });
  if (!well) state.photo = null;
  await (well ? refresh() : forget());
  $("ask-card").scrollIntoView({ block: "nearest" }); // on a phone it lies below
}

function use(classifier) {
  state.classifier = classifier;
  const { network, classes, threshold, fit, silent } = classifier;
  const named = classes.length > 6 ? `${classes.length} classes` : classes.join(", ");
  const from = classes.length === 2 ? ` From ${threshold} on it says ${classes[1]}.` : "";
  $("network").textContent = `${classifier.name}: tells ${named}; takes ${network.height} by ${network.width} pixels, ${{ cut: "cut from the middle", pad: "padded with white", squeeze: "squeezed" }[fit]}.${from}${guessed(silent, classes)}`;
  $("ask-rooms").hidden = classifier === state.rooms;
  return scaling();
}

/** Say what the page takes for granted where a file says nothing; a threshold matters to two classes alone. */
function guessed(silent, classes) {
  const left = silent.filter((fact) => fact === "fit" || classes.length === 2);
  const words = { threshold: "no threshold", fit: "no way to fit a photo" };
  return left.length ? ` The file names ${left.map((fact) => words[fact]).join(" and ")}: ${left.length > 1 ? "these are" : "this is"} what the page takes where none is named.` : "";
}

/** The mistake with the scale needs a network that begins with one. */
async function scaling() {
  const box = $("mistake-unscaled");
  box.disabled = (await state.classifier.unscaled()) === null;
  if (box.disabled) box.checked = false;
}

async function ownNetwork(files) {
  const onnx = files.find((file) => !file.name.toLowerCase().endsWith(".json"));
  const beside = files.find((file) => file !== onnx);
  const well = await attempt($("ask-error"), async () => {
    if (!onnx || files.length > 2) throw new Sentence("Choose one .onnx file, and at most the .json beside it.");
    await use(await Classifier.fromFile(onnx, beside));
  });
  if (well) await refresh();
}

async function samples() {
  const listed = JSON.parse(new TextDecoder().decode(await fetched("samples/samples.json")));
  $("samples").replaceChildren(...listed.map(({ file, label }, index) =>
    make("button", { onclick: () => sample(file), "aria-label": `Rendered room ${index + 1}, ${label}` },
      make("img", { src: `built/samples/${file}`, alt: "", loading: "lazy" }))));
}

async function sample(file) {
  await attempt($("ask-error"), async () => choose(new File([await fetched(`samples/${file}`)], file)));
}

export async function setUpAsk() {
  $("mistakes").replaceChildren(...Object.entries(MISTAKES).map(([name, words]) => {
    const [short, why] = words.split(": ");
    return make("label", { class: "switch" },
      make("input", { type: "checkbox", role: "switch", id: `mistake-${name}`, onchange: refresh }),
      make("span", {}, make("b", {}, short), make("small", {}, why)));
  }));
  $("ask-where").addEventListener("change", refresh);
  onFiles($("ask-file"), $("ask"), (files) => (files.some((file) => /\.(onnx|json)$/i.test(file.name)) ? ownNetwork(files) : choose(...files)));
  onFiles($("ask-network"), null, ownNetwork);
  $("ask-rooms").addEventListener("click", async () => (await use(state.rooms), refresh()));
  $("ask-camera").addEventListener("click", () => openCamera((photo) => ((state.photo = photo), refresh()), true));
  document.addEventListener("paste", ({ clipboardData }) => {
    if (!$("ask").hidden && clipboardData.files.length) choose(...clipboardData.files);
  });
  await attempt($("ask-error"), async () => {
    await samples();
    state.rooms = await Classifier.open(await fetched("rooms.onnx"), "The rooms’ network");
    await use(state.rooms);
  });
}
