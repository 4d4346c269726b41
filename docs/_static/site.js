// A word of the glossary says what it means: on hover, on focus, until Escape.
// window.TERMS is written by tools/pages.py; without scripts, the word is a link to the glossary.
(() => {
  // From a disk no page may fetch another, as the summaries below what a search finds would.
  if (location.protocol === "file:" && typeof DOCUMENTATION_OPTIONS !== "undefined") {
    DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
  }

  const tip = document.createElement("div");
  tip.id = "says";
  tip.setAttribute("role", "tooltip");
  tip.hidden = true;
  let open = null;
  let closing = 0;

  const close = () => {
    tip.hidden = true;
    open?.removeAttribute("aria-describedby");
    open = null;
  };

  // Time to move the pointer from the word into its sentence.
  const closeSoon = () => {
    closing = setTimeout(close, 150);
  };
  const stay = () => clearTimeout(closing);

  const place = (link) => {
    const word = link.getClientRects()[0];
    const room = document.documentElement.clientWidth - tip.offsetWidth - 8;
    const below = word.bottom + 6;
    const fits = below + tip.offsetHeight < window.innerHeight;
    tip.style.left = `${Math.max(8, Math.min(word.left, room))}px`;
    tip.style.top = `${fits ? below : word.top - tip.offsetHeight - 6}px`;
  };

  const show = (link, says) => {
    stay();
    if (open !== link) close();
    open = link;
    tip.textContent = says;
    tip.hidden = false;
    link.setAttribute("aria-describedby", tip.id);
    place(link);
  };

  const prepare = (word) => {
    const link = word.closest("a");
    const says = window.TERMS?.[link?.hash.slice(1).toLowerCase()];
    if (!says) return;
    link.addEventListener("pointerenter", () => show(link, says));
    link.addEventListener("focus", () => show(link, says));
    link.addEventListener("pointerleave", closeSoon);
    link.addEventListener("blur", closeSoon);
  };

  // What is wider than the page can be reached and moved with the keyboard.
  const reach = () => {
    for (const box of document.querySelectorAll(".pst-scrollable-table-container, .output pre, .cell_output > .output")) {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    }
  };

  document.addEventListener("DOMContentLoaded", () => {
    document.body.append(tip);
    document.querySelectorAll("a .term").forEach(prepare);
    tip.addEventListener("pointerenter", stay);
    tip.addEventListener("pointerleave", closeSoon);
    document.addEventListener("keydown", (event) => event.key === "Escape" && close());
    window.addEventListener("scroll", close, { passive: true });
    window.addEventListener("resize", reach);
    reach();
  });
})();
