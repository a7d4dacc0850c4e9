// A page that stands open: what it does with the news that a server tells it, and with what it asks for as
// one types.
//
//   node live.mjs GALLERY_DIR     against samples, served with a stream of events
//
// Exits 1 and lists what is wrong.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { Tally, equal } from "./harness.mjs";
import { launch } from "./site.mjs";
import { asOneTypes } from "./typing.mjs";

const TYPES = { css: "text/css", js: "text/javascript", woff2: "font/woff2", svg: "image/svg+xml" };
const gallery = process.argv[2];
if (!gallery) {
  console.error("usage: node live.mjs GALLERY_DIR");
  process.exit(2);
}
const sample = readFileSync(join(gallery, "ticket-late.fr.light.html"), "utf8");
const [, slug, number] = sample.match(/data-live="(c\/[^"]+)"/)[1].split("/");
const streams = new Set();
let said = "";
let asked = 0;
let opened = 0;
let called = 0;
let last = 5;
// What the part of the acts says more, and what the server does not answer.
let added = "";
let deaf = false;
let closed = 0;

/** The sample, with one more message, and new keys in its forms as each time. */
function ticket() {
  const fresh = sample.replaceAll('value="sample-key', `value="${Math.random()}`);
  const acts = fresh.replace(/(<div class="live" id="live-acts"[^>]*>)/, `$1${added}`);
  return said ? acts.replace(/(<ol class="conversation"[^>]*>)/, `$1<li>${said}</li>`) : acts;
}

const server = createServer((request, response) => {
  const path = new URL(request.url, "http://site").pathname;
  if (path === "/events") called += 1;
  if (path === "/events" && closed) response.writeHead(closed).end();
  else if (path === "/events") {
    response.writeHead(200, { "content-type": "text/event-stream" }).write(`id: ${last}\nevent: hello\ndata: {}\n\n`);
    streams.add(response);
    opened += 1;
    request.on("close", () => streams.delete(response));
  } else if (path === "/ticket") {
    if (request.headers["x-live"]) asked += 1;
    if (request.headers["x-live"] && deaf) request.socket.destroy();
    else response.writeHead(200, { "content-type": "text/html" }).end(ticket());
  } else if (path.startsWith("/assets/")) {
    response.writeHead(200, { "content-type": TYPES[path.split(".").pop()] }).end(readFileSync(join(gallery, path)));
  } else response.writeHead(404).end();
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const browser = await launch();
const page = await browser.newPage();
const tally = new Tally();
const tell = (about) => {
  last = 6;
  for (const stream of streams) stream.write(`id: ${last}\nevent: ticket\ndata: {"customer":"${slug}","ticket":${about}}\n\n`);
};
const sees = (text) =>
  page.waitForFunction((t) => document.getElementById("live-conversation").textContent.includes(t), text, { timeout: 8000 });

const address = `http://127.0.0.1:${server.address().port}`;
const note = (of) => of.evaluate(() => document.getElementById("live-note").textContent);

await page.goto(`${address}/ticket`);
await page.waitForTimeout(400);
await tally.check("a message shows by itself; the text, the focus and the scroll stay", async () => {
  await page.fill("#reply-text", "Une réponse à moitié écrite");
  await page.evaluate(() => window.scrollTo(0, 300));
  said = "Premier message";
  tell(number);
  await sees(said);
  equal(await page.inputValue("#reply-text"), "Une réponse à moitié écrite", "the text");
  equal(await page.evaluate(() => document.activeElement.id), "reply-text", "the focus");
  equal(await page.evaluate(() => window.scrollY), 300, "the scroll");
  await page.waitForFunction(() => document.getElementById("live-note").textContent !== "");
});
await tally.check("another ticket's news ask for nothing", async () => {
  const before = asked;
  tell(Number(number) + 1);
  await page.waitForTimeout(2800);
  equal(asked, before, "requests");
});
await tally.check("many at once ask once", async () => {
  const before = asked;
  said = "Deuxième message";
  for (let n = 0; n < 5; n += 1) tell(number);
  await sees(said);
  await page.waitForTimeout(2800);
  equal(asked, before + 1, "requests");
});
await tally.check("what is being filled in is not replaced", async () => {
  await page.evaluate(() => {
    const select = document.querySelector("#live-acts select");
    select.closest("details").open = true;
    select.selectedIndex = 1;
  });
  said = "Troisième message";
  tell(number);
  await sees(said);
  equal(await page.evaluate(() => document.querySelector("#live-acts select").selectedIndex), 1, "the choice");
});
await tally.check("what waits for the hand says so once, and shows when it is done", async () => {
  added = '<p id="added"><button type="button" id="gone">Nouveau</button></p>';
  tell(number);
  await page.waitForFunction(() => {
    const note = document.getElementById("live-note");
    return note.textContent === note.dataset.waiting;
  });
  await page.evaluate(() => {
    window.notes = 0;
    new MutationObserver(() => (window.notes += 1)).observe(document.getElementById("live-note"), { childList: true });
  });
  tell(number);
  await page.waitForTimeout(2800);
  equal(await page.evaluate(() => window.notes), 0, "times it was said again");
  equal(await page.locator("#added").count(), 0, "the news shown over what is being filled in");
  await page.evaluate(() => {
    const select = document.querySelector("#live-acts select");
    select.selectedIndex = 0;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  });
  await page.waitForSelector("#added", { state: "attached", timeout: 8000 });
  equal(await note(page), "", "what the note says, as a change was said less than a minute before");
});
await tally.check("what had the focus and is gone leaves it to its part", async () => {
  await page.focus("#gone");
  const before = await page.evaluate(() => window.scrollY);
  added = "";
  tell(number);
  await page.waitForSelector("#added", { state: "detached", timeout: 8000 });
  equal(await page.evaluate(() => document.activeElement.id), "live-acts", "the focus");
  equal(await page.evaluate(() => window.scrollY), before, "the scroll");
});
await tally.check("a page that could not be read is read again by itself", async () => {
  const before = asked;
  deaf = true;
  said = "Quatrième message";
  tell(number);
  while (asked === before) await page.waitForTimeout(100);
  deaf = false;
  await sees(said);
});
await tally.check("a stream that was refused is asked for again, from where it was", async () => {
  closed = 503;
  const before = called;
  for (const stream of streams) stream.end();
  // The browser comes back by itself, is refused, and gives up.
  while (called === before) await page.waitForTimeout(100);
  closed = 0;
  await page.waitForRequest((request) => request.url().includes("/events?after=6"), { timeout: 8000 });
  await page.waitForTimeout(300);
  equal(streams.size, 1, "streams");
});
await tally.check("a page that is not looked at has no connection, and comes back from where it was", async () => {
  const before = opened;
  const set = (hidden) =>
    page.evaluate((value) => {
      Object.defineProperty(document, "hidden", { value, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, hidden);
  await set(true);
  await page.waitForTimeout(500);
  equal(streams.size, 0, "streams");
  const back = page.waitForRequest((request) => request.url().includes("/events?after=6"));
  await set(false);
  await back;
  await page.waitForTimeout(300);
  equal(opened, before + 1, "streams opened");
});
await page.close();
await tally.check("a page opened behind others shows what it missed when it is looked at", async () => {
  const behind = await browser.newPage();
  await behind.addInitScript(() => Object.defineProperty(document, "hidden", { value: true, configurable: true }));
  await behind.goto(`${address}/ticket`);
  said = "Cinquième message";
  await behind.evaluate(() => {
    Object.defineProperty(document, "hidden", { value: false, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await behind.getByText(said).waitFor({ timeout: 8000 });
  await behind.close();
});
await tally.check("a session that ended is not asked about for ever", async () => {
  const ended = await browser.newPage();
  await ended.clock.install();
  closed = 401;
  const before = called;
  await ended.goto(`${address}/ticket`);
  for (let n = 0; n < 12; n += 1) {
    await ended.waitForTimeout(150);
    await ended.clock.runFor(300_000);
  }
  equal(called - before, 8, "streams asked for");
  closed = 0;
  await ended.close();
});
await asOneTypes(tally, browser, gallery);
await browser.close();
server.closeAllConnections();
server.close();
process.exitCode = tally.end() ? 0 : 1;
