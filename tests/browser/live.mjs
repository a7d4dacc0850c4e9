// A page that stands open: what it does with the news that a server tells it.
//
//   node live.mjs GALLERY_DIR     against the sample of a ticket, served with a stream of events
//
// Exits 1 and lists what is wrong.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { Tally, equal } from "./harness.mjs";
import { launch } from "./site.mjs";

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

/** The sample, with one more message, and new keys in its forms as each time. */
function ticket() {
  const fresh = sample.replaceAll('value="sample-key', `value="${Math.random()}`);
  return said ? fresh.replace(/(<ol class="conversation"[^>]*>)/, `$1<li>${said}</li>`) : fresh;
}

const server = createServer((request, response) => {
  const path = new URL(request.url, "http://site").pathname;
  if (path === "/events") {
    response.writeHead(200, { "content-type": "text/event-stream" }).write("id: 5\nevent: hello\ndata: {}\n\n");
    streams.add(response);
    opened += 1;
    request.on("close", () => streams.delete(response));
  } else if (path === "/ticket") {
    if (request.headers["x-live"]) asked += 1;
    response.writeHead(200, { "content-type": "text/html" }).end(ticket());
  } else if (path.startsWith("/assets/")) {
    response.writeHead(200, { "content-type": TYPES[path.split(".").pop()] }).end(readFileSync(join(gallery, path)));
  } else response.writeHead(404).end();
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const browser = await launch();
const page = await browser.newPage();
const tally = new Tally();
const tell = (about) => {
  for (const stream of streams) stream.write(`id: 6\nevent: ticket\ndata: {"customer":"${slug}","ticket":${about}}\n\n`);
};
const sees = (text) =>
  page.waitForFunction((t) => document.getElementById("live-conversation").textContent.includes(t), text, { timeout: 8000 });

await page.goto(`http://127.0.0.1:${server.address().port}/ticket`);
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
await browser.close();
server.closeAllConnections();
server.close();
process.exitCode = tally.end() ? 0 : 1;
