// The camera in a dialogue: one photo, or several, until it is closed. No frame is kept.

import { $, attempt } from "./elements.js";
import { fromVideo } from "./photo.js";
import { Sentence } from "./sentence.js";

let stream = null;
let take = null;
let shot = 0;

/** Open the camera; each photo that is taken goes to `use`; `once` closes it after the first. */
export async function openCamera(use, once) {
  take = { use, once };
  $("shoot").disabled = true;
  $("camera").showModal();
  await attempt($("camera-error"), async () => {
    if (!navigator.mediaDevices?.getUserMedia) {
      throw new Sentence("This browser offers no camera here: open the page from localhost or over https, or choose a file.");
    }
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false }).catch((error) => {
      throw new Sentence(`No camera could be opened (${error.name}): allow it in the browser's settings, or choose a file.`);
    });
    if (!$("camera").open) return stop(); // closed while it was asked for
    $("video").srcObject = stream;
    await $("video").play();
    $("shoot").disabled = false;
  });
}

function stop() {
  stream?.getTracks().forEach((track) => track.stop());
  stream = null;
  $("video").srcObject = null;
}

export function setUpCamera() {
  $("camera").addEventListener("close", stop);
  $("camera-close").addEventListener("click", () => $("camera").close());
  $("shoot").addEventListener("click", () => {
    shot += 1;
    take.use(fromVideo($("video"), `Photo ${shot}`));
    if (take.once) $("camera").close();
  });
}
