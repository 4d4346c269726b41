// The panel that teaches: photos of two to six classes, a head on the course's backbone, how good it
// is on photos that it has not seen, and the head as a file.

import { differenceHash, grouped } from "./alike.js";
import { openCamera } from "./camera.js";
import { $, attempt, bars, draw, make, onFiles, percent, queue } from "./elements.js";
import { fitted } from "./fit.js";
import { leaveOneOut, predict, train, wilson } from "./head.js";
import { Network, fetched } from "./network.js";
import { openPhoto } from "./photo.js";
import { Sentence } from "./sentence.js";

const MOST_CLASSES = 6;
const MOST_PHOTOS = 120; // of all classes: so many leave the score below ten seconds or so
const FIT = "cut";
const inTurn = queue();
const state = { classes: [], backbone: null, head: null, version: 0 };

const seen = () => state.classes.flatMap((one, label) => one.photos.map((photo) => ({ ...photo, label })));
const names = () => state.classes.map((one) => one.name.trim());

/** Load the backbone once; a failure is tried again at the next photo. */
async function backbone() {
  state.backbone ??= await Network.open(await fetched("backbone.onnx"), "The backbone");
  return state.backbone;
}

async function featuresOf(photo) {
  const network = await backbone();
  const pixels = fitted(photo, network.height, network.width, FIT);
  return { pixels, features: await network.run(pixels) };
}

async function add(one, photo) {
  if (seen().length >= MOST_PHOTOS) throw new Sentence(`${MOST_PHOTOS} photos are taught at most: remove some first.`);
  one.photos.push({ ...(await featuresOf(photo)), name: photo.name, hash: differenceHash(photo) });
}

/** Add files to a class; those that do not open are named, and the others are kept. */
async function addFiles(one, files) {
  const faults = [];
  for (const file of files) {
    try {
      await add(one, await openPhoto(file));
    } catch (error) {
      if (!(error instanceof Sentence)) throw error;
      faults.push(error.message);
      if (seen().length >= MOST_PHOTOS) break;
    }
  }
  redraw();
  await learn();
  if (faults.length) throw new Sentence(faults.length > 1 ? `${faults[0]} (And ${faults.length - 1} more did not open.)` : faults[0]);
}

function redraw() {
  $("classes").replaceChildren(...state.classes.map(card));
  $("teach-add").disabled = state.classes.length >= MOST_CLASSES;
}

/** Make what shows one class: its name, its photos, and the ways to more. */
function card(one, index) {
  const input = make("input", { type: "file", accept: "image/*", multiple: true, class: "unseen", "aria-label": `Photos of ${one.name}` });
  const name = make("input", { value: one.name, maxlength: "40", autocomplete: "off" });
  name.addEventListener("change", () => {
    one.name = name.value;
    redraw();
    learn();
  });
  const error = () => $("teach-error");
  const box = make("div", { class: "class", role: "group", "aria-label": `Class ${one.name}` },
    make("div", { class: "head" }, make("label", { class: "name" }, `Class ${index + 1}`, name),
      state.classes.length > 2 ? make("button", { class: "button", "aria-label": `Remove class ${one.name}`, onclick: () => remove(one) }, "Remove") : ""),
    make("div", { class: "row" },
      make("label", { class: "button" }, "Add photos", input),
      make("button", { class: "button", "aria-label": `Camera for ${one.name}`, onclick: () => openCamera((photo) => attempt(error(), async () => {
        await add(one, photo);
        redraw();
        await learn();
      }), false) }, "Camera")),
    make("p", { class: "hint", role: "status" }, `${one.photos.length} ${one.photos.length === 1 ? "photo" : "photos"}`),
    make("div", { class: "thumbs" }, ...one.photos.map((photo, at) =>
      make("button", { class: "remove", "aria-label": `Remove ${photo.name}`, onclick: () => {
        one.photos.splice(at, 1);
        redraw();
        learn();
      } }, thumb(photo)))));
  onFiles(input, box, (files) => attempt(error(), () => addFiles(one, files)));
  return box;
}

const thumb = ({ pixels }) => draw(make("canvas"), pixels, state.backbone.width, state.backbone.height);

function remove(one) {
  state.classes = state.classes.filter((other) => other !== one);
  redraw();
  learn();
}

/** Train on what is there, and score it; a later change makes an earlier run stop. */
async function learn() {
  state.version += 1;
  const version = state.version;
  state.head = null;
  $("teach-done").hidden = true;
  $("teach-alike").hidden = true;
  $("teach-said").textContent = "";
  $("teach-bars").replaceChildren();
  const why = missing();
  if (why) return void $("teach-score").replaceChildren(make("p", { class: "hint" }, why));
  const photos = seen();
  const [rows, labels] = [photos.map((one) => one.features), photos.map((one) => one.label)];
  const groups = grouped(photos.map((one) => one.hash));
  state.head = train(rows, labels, state.classes.length);
  $("teach-done").hidden = false;
  alike(photos, groups);
  await inTurn(async () => {
    const tell = (done, all) => $("teach-score").replaceChildren(make("p", { class: "hint", "aria-hidden": "true" }, `Leaving out ${done} of ${all} …`));
    const score = await leaveOneOut(rows, labels, groups, state.classes.length, tell, () => version !== state.version);
    if (score) scored(score);
  });
}

/** Say what is missing before anything can be learnt; "" if nothing is. */
function missing() {
  const short = state.classes.find((one) => one.photos.length < 2);
  if (short) return `The score stands here as soon as each class has two photos: ${short.name || "one"} has ${short.photos.length}.`;
  if (names().some((name) => !name)) return "Each class needs a name.";
  return new Set(names()).size < names().length ? "Two classes have the same name: change one." : "";
}

function scored({ right, total }) {
  const [low, high] = wilson(right, total);
  const range = make("div", { class: "range", role: "img", "aria-label": `${percent(right / total)}, interval ${percent(low)} to ${percent(high)}; guessing ${percent(1 / state.classes.length)}` });
  const [band, point, guess] = [make("i"), make("b"), make("s")];
  band.style.left = `${100 * low}%`;
  band.style.width = `${100 * (high - low)}%`;
  point.style.left = `${(100 * right) / total}%`;
  guess.style.left = `${100 / state.classes.length}%`;
  range.append(band, guess, point);
  const wide = low <= 1 / state.classes.length
    ? "The interval holds what guessing gets: these photos cannot tell whether it has learnt anything. More photos make it narrower."
    : "Above what guessing gets. It holds for photos like these: another camera, another room, another day may get less.";
  $("teach-score").replaceChildren(
    make("p", { class: "score", "data-right": right, "data-total": total }, make("b", {}, `${right} of ${total}`), " right"),
    range,
    make("p", { class: "hint ends" }, make("span", {}, "0 %"), make("span", {}, "100 %")),
    make("p", {}, `Each photo was judged by a head that had not seen it. The 95 % Wilson interval goes from ${percent(low)} to ${percent(high)}; the dashed line is guessing.`),
    make("p", { class: "hint" }, wide));
}

/** Warn of photos that show nearly the same. */
function alike(photos, groups) {
  const sets = [...new Set(groups)].map((group) => photos.filter((_, at) => groups[at] === group)).filter((set) => set.length > 1);
  $("teach-alike").hidden = !sets.length;
  if (!sets.length) return;
  const count = sets.reduce((sum, set) => sum + set.length, 0);
  const both = sets.some((set) => new Set(set.map((one) => one.label)).size > 1);
  $("teach-alike").replaceChildren(
    make("b", {}, `${count} photos look nearly the same as another. `),
    "Each such set counts as one case, and is left out together: or the head would be asked about what it has learnt by heart.",
    both ? make("b", {}, " Some of them stand in two classes.") : "",
    make("div", { class: "alike" }, ...sets.slice(0, 6).map((set) => make("span", {}, ...set.slice(0, 4).map(thumb)))));
}

async function ask(photo) {
  const { features } = await featuresOf(photo);
  const p = predict(state.head, features);
  const index = p.indexOf(Math.max(...p));
  $("teach-said").replaceChildren(make("b", {}, names()[index]), make("small", {}, `confidence ${percent(p[index])}`));
  bars($("teach-bars"), names(), p, index);
}

/** Hand the head out as a file: what `helpers/headfile.py` reads. */
function save() {
  const { kernel, bias, classes } = state.head;
  const rows = Array.from({ length: kernel.length / classes }, (_, k) => Array.from(kernel.slice(k * classes, (k + 1) * classes), Math.fround));
  const { file, sha256, size } = JSON.parse(state.backbone.file.metadata.backbone);
  const said = {
    format: "room-by-room head", version: 1, backbone: { file, sha256 }, size, fit: FIT, threshold: 0.5,
    class_names: names(), bias: Array.from(bias, Math.fround), kernel: rows,
  };
  const address = URL.createObjectURL(new Blob([JSON.stringify(said)], { type: "application/json" }));
  make("a", { href: address, download: "head.json" }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

export function setUpTeach() {
  state.classes = ["Class A", "Class B"].map((name) => ({ name, photos: [] }));
  redraw();
  $("teach-add").addEventListener("click", () => {
    state.classes.push({ name: `Class ${"ABCDEF"[state.classes.length]}`, photos: [] });
    redraw();
    learn();
    $("classes").lastElementChild.querySelector("input").focus();
  });
  onFiles($("teach-file"), null, ([file]) => attempt($("teach-error"), async () => ask(await openPhoto(file))));
  $("teach-camera").addEventListener("click", () => openCamera((photo) => attempt($("teach-error"), () => ask(photo)), true));
  $("teach-save").addEventListener("click", save);
}
