// What the contract asks, and how grave it is said to be, as another operation or kind is chosen; the form works
// without this file, and asks once it is weighed or sent.
(() => {
  "use strict";
  const region = document.querySelector("[data-questions]");
  const form = region?.closest("form");
  if (!form) return;
  const CHOSEN = ["contract", "kind", "operation", "service"];
  const pages = window.freshPages();
  const value = (name) => form.elements.namedItem(name)?.value ?? "";
  // What is already answered stays, where the same is asked.
  const replace = (of, fresh) => {
    const typed = new Map([...of.querySelectorAll("[name]")].map((field) => [field.name, field.value]));
    of.replaceChildren(...fresh.childNodes);
    for (const field of of.querySelectorAll("[name]")) {
      if (typed.has(field.name)) field.value = typed.get(field.name);
    }
  };
  const ask = async () => {
    const of = new URLSearchParams();
    for (const name of CHOSEN) if (value(name)) of.set(name, value(name));
    const answer = await pages(`${region.dataset.questions}?${of}`);
    const page = answer?.redirected ? null : answer?.page;
    const fresh = page?.getElementById("questions");
    if (!fresh) return;
    replace(region, fresh);
    const grading = document.getElementById("grading");
    const graded = page.getElementById("grading");
    // The form of one operation says nothing of how grave it is, and this is the form for anything.
    if (grading && graded?.childElementCount) replace(grading, graded);
  };
  form.addEventListener("change", (event) => {
    if (!["kind", "operation"].includes(event.target.name)) return;
    // Nothing can be asked of what there is not; where the server does not answer, what was typed stays.
    ask().catch((error) => { if (error.message === "404") region.replaceChildren(); });
  });
})();
