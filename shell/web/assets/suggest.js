// Articles that may answer already, as a ticket is written; the form works without this file, and shows the
// same when it is weighed.
(() => {
  "use strict";
  const place = document.querySelector("[data-suggests]");
  const form = place?.closest("form");
  if (!form) return;
  const PAUSE = 250;
  // What an address carries of a long description.
  const MOST = 300;
  const pages = window.freshPages();
  let waiting = 0;
  const ask = async () => {
    const said = new URLSearchParams();
    for (const name of ["title", "description", "item", "operation", "kind"]) {
      const value = form.elements.namedItem(name)?.value ?? "";
      if (value) said.set(name, value.slice(0, MOST));
    }
    const answer = await pages(`${place.dataset.suggests}?${said}`);
    const fresh = answer?.redirected ? null : answer?.page.getElementById("suggested");
    const region = document.getElementById("suggested");
    // Said by a screen reader: this element stays, its words change, and the same again is not said again.
    if (fresh && region.innerHTML !== fresh.innerHTML) region.replaceChildren(...fresh.childNodes);
  };
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    // An answer that did not come is asked for again as the writing goes on.
    waiting = setTimeout(() => ask().catch(() => {}), PAUSE);
  });
})();
