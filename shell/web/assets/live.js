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
  // After a failure: five seconds, then twice as long each time up to five minutes, seven times in all.
  const pause = (failures) => (failures > 7 ? null : Math.min(5000 * 2 ** (failures - 1), 300_000));
  // A page that changes all day says so once a minute.
  const quiet = 60_000;
  const pages = window.freshPages();
  let source = null;
  let last = "";
  let timer = 0;
  let asked = -apart;
  let asking = false;
  let missed = 0;
  let lost = 0;
  let again = 0;
  let told = -quiet;
  let resting = false;
  // A page opened behind others has heard nothing until it is looked at.
  let behind = document.hidden;
  const stale = new Set();
  const kept = new Set();

  // A status that says the same again is not said again.
  const say = (text) => { if (note.textContent !== text) note.textContent = text; };
  const tell = (changed) => {
    if (kept.size > 0) { say(note.dataset.waiting); return; }
    if (note.textContent === note.dataset.waiting) say("");
    if (!changed || performance.now() - told < quiet) return;
    told = performance.now();
    say(note.dataset.changed);
    setTimeout(() => { if (note.textContent === note.dataset.changed) say(""); }, 8000);
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
    if (focused) {
      find(region, focused)?.focus({ preventScroll: true });
      // What had the focus is gone: the reader stays in the part where they were.
      if (!region.contains(document.activeElement)) {
        region.tabIndex = -1;
        region.focus({ preventScroll: true });
        if (document.activeElement !== region) document.getElementById("main").focus({ preventScroll: true });
      }
    }
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

  const later = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(refresh, wait);
  };
  const soon = () => later(Math.max(gather, asked + apart - performance.now()));

  const refresh = async () => {
    timer = 0;
    if (asking) return;
    asking = true;
    asked = performance.now();
    const wanted = [...stale];
    stale.clear();
    try {
      // A page that opened on one of its tabs stays on it.
      const address = document.querySelector("[data-at]")?.dataset.at ?? location.href;
      const answer = await pages(address, { headers: { "X-Live": "1" }, redirect: "manual" });
      missed = 0;
      tell(show(wanted, answer.page));
    } catch {
      // Nothing came: these parts are still to be asked for.
      wanted.forEach((id) => stale.add(id));
      missed += 1;
    }
    asking = false;
    const wait = missed > 0 ? pause(missed) : 0;
    if (missed > 0 && wait !== null) later(wait);
    else if (missed === 0 && stale.size > 0) soon();
  };
  // Puts the parts in place, but for those that are being filled in; whether anything changed.
  const show = (wanted, page) => {
    let changed = false;
    for (const id of wanted) {
      const [region, fresh] = [document.getElementById(id), page.getElementById(id)];
      kept.delete(id);
      if (!region || !fresh) continue;
      // What is over is not followed any more.
      if (!("live" in fresh.dataset)) delete region.dataset.live;
      if (same(region, fresh)) continue;
      if (isBusy(region)) kept.add(id);
      else changed = replace(region, fresh) || changed;
    }
    return changed;
  };
  // What was kept is asked for once nothing is being filled in there.
  const settle = () => {
    const free = [...kept].filter((id) => {
      const region = document.getElementById(id);
      return !region || !isBusy(region);
    });
    if (free.length === 0) return;
    free.forEach((id) => { kept.delete(id); stale.add(id); });
    if (!asking && (!timer || missed > 0)) soon();
  };
  for (const event of ["focusout", "input", "change", "reset"]) {
    // The focus has moved, and fields are what they were, once the event is over.
    document.addEventListener(event, () => { if (kept.size > 0) setTimeout(settle, 0); });
  }

  const heard = (topics) => {
    regions()
      .filter((region) => !topics || region.dataset.live.split(" ").some((topic) => topics.includes(topic)))
      .forEach((region) => stale.add(region.id));
    // After a failure, news are a reason not to wait as long.
    if (stale.size > 0 && !asking && (!timer || missed > 0)) soon();
  };

  const close = () => {
    clearTimeout(again);
    if (source) source.close();
    source = null;
  };
  const open = () => {
    if (source || document.hidden) return;
    clearTimeout(again);
    source = new EventSource(last ? `/events?after=${last}` : "/events");
    const on = (kind, act) =>
      source.addEventListener(kind, (event) => {
        if (event.lastEventId) last = event.lastEventId;
        act(JSON.parse(event.data));
      });
    on("hello", () => {
      lost = 0;
      if (behind) heard(null);
      behind = false;
    });
    on("ticket", (told) => heard(["desk", `c/${told.customer}`, `c/${told.customer}/${told.ticket}`]));
    on("meters", (told) => heard([`meters/${told.customer}`]));
    on("imports", (told) => heard([`imports/${told.customer}`]));
    on("notifications", () => heard(["notifications"]));
    on("resync", () => heard(null));
    // Too many pages of this person are open: this one rests until it is looked at again.
    on("full", () => { resting = true; close(); });
    // Browsers come back by themselves from a connection cut, not from an answer that is no stream.
    source.addEventListener("error", () => {
      if (source?.readyState !== EventSource.CLOSED) return;
      close();
      behind ||= last === "";
      lost += 1;
      const wait = pause(lost);
      if (wait !== null) again = setTimeout(open, wait);
    });
  };

  // Browsers keep few connections to a site: only a page that is looked at has one.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) close();
    else { resting = false; lost = 0; open(); }
  });
  window.addEventListener("focus", () => { if (resting) { resting = false; open(); } });
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", open);
  open();
})();
