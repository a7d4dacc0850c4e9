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
  let underway = null;
  let waiting = 0;
  const ask = async () => {
    const said = new URLSearchParams();
    for (const name of ["title", "description", "item", "operation", "kind"]) {
      const value = form.elements.namedItem(name)?.value ?? "";
      if (value) said.set(name, value.slice(0, MOST));
    }
    underway?.abort();
    underway = new AbortController();
    try {
      const answer = await fetch(`${place.dataset.suggests}?${said}`, { signal: underway.signal, headers: { accept: "text/html" } });
      if (!answer.ok || answer.redirected) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("suggested");
      // Said by a screen reader: this element stays, its words change.
      if (fresh) document.getElementById("suggested").replaceChildren(...fresh.childNodes);
    } catch (error) {
      if (error.name !== "AbortError") form.removeEventListener("input", soon);
    }
  };
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE);
  };
  form.addEventListener("input", soon);
})();
