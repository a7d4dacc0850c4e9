// A page that stands open follows what happens. The server says which ticket changed and nothing more;
// the page asks for itself again and replaces the parts concerned. Every page works without this file.
(() => {
  "use strict";
  const regions = () => [...document.querySelectorAll("[data-live]")];
  const note = document.getElementById("live-note");
  if (!note || !window.EventSource || regions().length === 0) return;

  // Waits for news to gather, and no oftener than this.
  const gather = 400;
  const apart = 2000;
  let source = null;
  let last = "";
  let timer = 0;
  let asked = 0;
  let resting = false;
  const stale = new Set();

  const say = (text) => {
    note.textContent = "";
    setTimeout(() => { note.textContent = text; }, 50);
    if (text === note.dataset.changed) setTimeout(() => { if (note.textContent === text) note.textContent = ""; }, 8000);
  };

  const isText = (element) => element.matches("textarea, select, input:not([type=hidden], [type=submit], [type=button])");

  // Something typed, chosen or ticked that was not sent.
  const isUnsaved = (element) => {
    if (element.type === "hidden") return false;
    if (element.type === "checkbox" || element.type === "radio") return element.checked !== element.defaultChecked;
    if (element.tagName === "SELECT") {
      const first = [...element.options].findIndex((option) => option.defaultSelected);
      return element.selectedIndex !== Math.max(0, first);
    }
    return element.value !== element.defaultValue;
  };
  const isBusy = (region) =>
    (region.contains(document.activeElement) && isText(document.activeElement)) ||
    [...region.querySelectorAll("input, textarea, select")].some(isUnsaved);

  const likeness = (element) =>
    [element.tagName, element.id, element.getAttribute("href"), element.getAttribute("name"),
      element.tagName === "SUMMARY" || element.tagName === "BUTTON" ? element.textContent : "",
      element.closest("form")?.getAttribute("action")].join("|");
  const find = (region, like) => [...region.querySelectorAll(like.split("|", 1)[0])].find((e) => likeness(e) === like);

  const replace = (region, fresh) => {
    if (region.innerHTML === fresh.innerHTML) return false;
    const focused = region.contains(document.activeElement) ? likeness(document.activeElement) : "";
    const open = [...region.querySelectorAll("details[open] > summary")].map(likeness);
    const [x, y] = [window.scrollX, window.scrollY];
    region.replaceChildren(...[...fresh.childNodes].map((node) => document.importNode(node, true)));
    open.forEach((like) => find(region, like)?.parentElement.setAttribute("open", ""));
    if (focused) find(region, focused)?.focus({ preventScroll: true });
    window.scrollTo(x, y);
    return true;
  };

  // Idempotency keys differ each time: a form alone is no change.
  const same = (region, fresh) => {
    const bare = (element) => {
      const copy = element.cloneNode(true);
      copy.querySelectorAll("input[type=hidden]").forEach((input) => input.remove());
      copy.querySelectorAll("details").forEach((details) => details.removeAttribute("open"));
      return copy.innerHTML;
    };
    return bare(region) === bare(fresh);
  };

  const refresh = async () => {
    timer = 0;
    asked = Date.now();
    const wanted = [...stale];
    stale.clear();
    let answer;
    try {
      answer = await fetch(location.href, { headers: { "X-Live": "1" }, redirect: "manual" });
    } catch {
      return;
    }
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    let changed = false;
    let waiting = false;
    for (const id of wanted) {
      const [region, fresh] = [document.getElementById(id), page.getElementById(id)];
      if (!region || !fresh || same(region, fresh)) continue;
      if (isBusy(region)) waiting = true;
      else changed = replace(region, fresh) || changed;
    }
    if (waiting) say(note.dataset.waiting);
    else if (changed) say(note.dataset.changed);
  };

  const heard = (topics) => {
    regions()
      .filter((region) => !topics || region.dataset.live.split(" ").some((topic) => topics.includes(topic)))
      .forEach((region) => stale.add(region.id));
    if (stale.size > 0 && !timer) timer = setTimeout(refresh, Math.max(gather, asked + apart - Date.now()));
  };

  const close = () => {
    if (source) source.close();
    source = null;
  };
  const open = () => {
    if (source || document.hidden) return;
    source = new EventSource(last ? `/events?after=${last}` : "/events");
    const on = (kind, act) =>
      source.addEventListener(kind, (event) => {
        if (event.lastEventId) last = event.lastEventId;
        act(JSON.parse(event.data));
      });
    on("hello", () => {});
    on("ticket", (told) => heard(["desk", `c/${told.customer}`, `c/${told.customer}/${told.ticket}`]));
    on("meters", (told) => heard([`meters/${told.customer}`]));
    on("resync", () => heard(null));
    // Too many pages of this person are open: this one rests until it is looked at again.
    on("full", () => { resting = true; close(); });
  };

  // Browsers keep few connections to a site: only a page that is looked at has one.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) close();
    else { resting = false; open(); }
  });
  window.addEventListener("focus", () => { if (resting) { resting = false; open(); } });
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", open);
  open();
})();
