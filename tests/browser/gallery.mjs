// Every page of the gallery, in both languages and themes, at a desk's width and a phone's:
// no accessibility violation, no sideways scrolling, no blocked resource, no script error.
//
//   node gallery.mjs GALLERY_DIR [SCREENSHOT_DIR] [NAME_PART]
//   node gallery.mjs GALLERY_DIR --quick     each page twice: French, light, wide; English, dark, narrow
//
// Exits 1 and lists what is wrong.
import { mkdirSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { faults } from "./everywhere.mjs";
import { launch, serve } from "./site.mjs";

const quick = process.argv.includes("--quick");
const [gallery, shots, part = ""] = process.argv.slice(2).filter((word) => word !== "--quick");
if (!gallery) {
  console.error("usage: node gallery.mjs GALLERY_DIR [SCREENSHOT_DIR] [NAME_PART]");
  process.exit(2);
}
const WIDTHS = [1440, 390];
const WORKERS = Number(process.env.GALLERY_TABS ?? Math.min(4, availableParallelism()));

const pages = readdirSync(gallery).filter((name) => name.endsWith(".html") && name.includes(part));
if (shots) mkdirSync(shots, { recursive: true });

// The single keys: a list is walked with j and k, "/" goes to the search box, "?" to the help,
// and none of them while typing.
async function keys() {
  const wrong = [];
  const page = await browser.newPage();
  await page.goto(`${site.url}/desk-all.fr.light.html`);
  const expect = async (keys, what, test) => {
    for (const key of keys) await page.keyboard.press(key);
    if (!(await page.evaluate(test))) wrong.push(`keys ${keys.join(" ")}: ${what}`);
  };
  const nth = (index) => `document.activeElement === document.querySelectorAll("a[data-item]")[${index}]`;
  await expect(["j", "j", "k"], "the first ticket has the focus", nth(0));
  await expect(["j"], "the second ticket has the focus", nth(1));
  await expect(["/"], "the search box has the focus", "document.activeElement.type === 'search'");
  await expect(["j", "?"], "typing stays typing", "document.activeElement.value === 'j?'");
  await page.close();
  return wrong;
}

const site = await serve(resolve(gallery));
const browser = await launch();
const problems = [];
let checks = 0;

/** One page at one width: what is wrong with it is added to the problems. */
async function look(page, name, width) {
  const current = `${name} at ${width}`;
  await page.goto(`${site.url}/${name}`);
  await page.evaluate(() => document.fonts.ready);
  if (shots) await page.screenshot({ path: join(shots, name.replace(".html", `.${width}.png`)), fullPage: true });
  problems.push(...(await faults(page)).map((fault) => `${current}: ${fault}`));
  // Left as it was checked: opened.
  if (shots && name.startsWith("ticket-late")) {
    await page.screenshot({ path: join(shots, name.replace(".html", `.opened.${width}.png`)), fullPage: true });
  }
  checks += 1;
}

/** Takes pages from the list until it is empty, in a tab of its own: a renderer is one thread. */
async function worker(width, left) {
  const context = await browser.newContext({
    viewport: { width, height: width > 600 ? 900 : 844 },
    bypassCSP: false,
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  let current = "";
  page.on("console", (message) => message.type() === "error" && problems.push(`${current}: ${message.text()}`));
  page.on("pageerror", (error) => problems.push(`${current}: ${error.message}`));
  page.on("requestfailed", (request) => problems.push(`${current}: cannot load ${request.url()}`));
  for (let name = left.shift(); name; name = left.shift()) {
    current = `${name} at ${width}`;
    await look(page, name, width);
  }
  await context.close();
}

for (const width of WIDTHS) {
  const left = pages.filter((name) => !quick || name.endsWith(width > 600 ? ".fr.light.html" : ".en.dark.html"));
  await Promise.all(Array.from({ length: WORKERS }, () => worker(width, left)));
}

if (pages.includes("desk-all.fr.light.html")) problems.push(...(await keys()));

await browser.close();
site.close();
console.log(`${checks} pages checked, ${problems.length} problems`);
for (const problem of problems) console.log(`  ${problem}`);
process.exit(problems.length > 0 ? 1 : 0);
