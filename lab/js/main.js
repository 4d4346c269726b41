// The page: its three panels behind tabs, the camera, and the copy for when there is no network.

import { setUpAsk } from "./ask.js";
import { setUpCamera } from "./camera.js";
import { $ } from "./elements.js";
import { setUpInside } from "./inside.js";
import { setUpTeach } from "./teach.js";

const tabs = [...document.querySelectorAll("[role=tab]")];

function open(tab, focus = true) {
  for (const one of tabs) {
    const chosen = one === tab;
    one.setAttribute("aria-selected", chosen);
    one.tabIndex = chosen ? 0 : -1;
    $(one.getAttribute("aria-controls")).hidden = !chosen;
  }
  if (!focus) return;
  tab.focus();
  history.replaceState(null, "", `#${tab.getAttribute("aria-controls")}`);
}

function setUpTabs() {
  tabs.forEach((tab, index) => {
    tab.addEventListener("click", () => open(tab));
    tab.addEventListener("keydown", ({ key }) => {
      const to = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: -1 }[key];
      if (to !== undefined) open(tabs.at(to % tabs.length));
    });
  });
  const named = tabs.find((tab) => `#${tab.getAttribute("aria-controls")}` === location.hash);
  open(named ?? tabs[0], false);
}

/** A file that is dropped beside an area would be opened in the place of the page, and all photos lost. */
function keepPage() {
  for (const kind of ["dragover", "drop"]) document.addEventListener(kind, (event) => event.preventDefault());
}

/** Keep a copy of the page's own files; nothing else is ever kept. */
async function keepCopy() {
  if (!navigator.serviceWorker) return;
  try {
    await navigator.serviceWorker.register("worker.js");
    await navigator.serviceWorker.ready;
    $("offline").textContent = "A copy is kept: you may go offline.";
    document.documentElement.dataset.kept = "yes";
  } catch (error) {
    console.warn("No copy is kept:", error);
  }
}

$("starting").remove();
setUpTabs();
keepPage();
setUpCamera();
setUpTeach();
setUpInside();
await setUpAsk();
document.documentElement.dataset.ready = "yes";
await keepCopy();
