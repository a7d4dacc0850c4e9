// What the contract asks, as another operation or kind is chosen; the form works without this file, and asks
// once it is weighed or sent.
(() => {
  "use strict";
  const region = document.querySelector("[data-questions]");
  const form = region?.closest("form");
  if (!form) return;
  const CHOSEN = ["contract", "kind", "operation", "service"];
  const pages = window.freshPages();
  const value = (name) => form.elements.namedItem(name)?.value ?? "";
  const ask = async () => {
    const of = new URLSearchParams();
    for (const name of CHOSEN) if (value(name)) of.set(name, value(name));
    const answer = await pages(`${region.dataset.questions}?${of}`);
    const fresh = answer?.redirected ? null : answer?.page.getElementById("questions");
    if (!fresh) return;
    // What is already answered stays, where the same is asked.
    const typed = new Map([...region.querySelectorAll("[name]")].map((field) => [field.name, field.value]));
    region.replaceChildren(...fresh.childNodes);
    for (const field of region.querySelectorAll("[name]")) {
      if (typed.has(field.name)) field.value = typed.get(field.name);
    }
  };
  form.addEventListener("change", (event) => {
    if (!["kind", "operation"].includes(event.target.name)) return;
    // Nothing can be asked of what there is not; where the server does not answer, what was typed stays.
    ask().catch((error) => { if (error.message === "404") region.replaceChildren(); });
  });
})();
