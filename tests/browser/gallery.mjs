// Every page of the gallery, in both languages and themes, at a desk's width and a phone's:
// no accessibility violation, no sideways scrolling, no blocked resource, no script error.
//
//   node gallery.mjs GALLERY_DIR [SCREENSHOT_DIR] [NAME_PART]
//   node gallery.mjs GALLERY_DIR --quick     each page twice: French, light, wide; English, dark, narrow
//
// Exits 1 and lists what is wrong.
import { mkdirSync, readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { launch, serve } from "./site.mjs";

const quick = process.argv.includes("--quick");
const [gallery, shots, part = ""] = process.argv.slice(2).filter((word) => word !== "--quick");
if (!gallery) {
  console.error("usage: node gallery.mjs GALLERY_DIR [SCREENSHOT_DIR] [NAME_PART]");
  process.exit(2);
}
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const WIDTHS = [1440, 390];
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

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

for (const width of WIDTHS) {
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
  for (const name of pages) {
    if (quick && !name.endsWith(width > 600 ? ".fr.light.html" : ".en.dark.html")) continue;
    current = `${name} at ${width}`;
    await page.goto(`${site.url}/${name}`);
    await page.evaluate(() => document.fonts.ready);
    if (shots) await page.screenshot({ path: join(shots, name.replace(".html", `.${width}.png`)), fullPage: true });
    // Folded reasons and acts are part of the page: they are checked open.
    for (const open of [false, true]) {
      if (open) await page.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (over > 0) problems.push(`${current}${open ? " opened" : ""}: ${over} px too wide`);
    }
    if (shots && name.startsWith("ticket-late")) {
      await page.screenshot({ path: join(shots, name.replace(".html", `.opened.${width}.png`)), fullPage: true });
    }
    await page.evaluate(axe);
    const result = await page.evaluate((tags) => window.axe.run(document, { runOnly: tags }), TAGS);
    checks += 1;
    for (const violation of result.violations) {
      const where = violation.nodes.slice(0, 3).map((node) => node.target.join(" ")).join(" | ");
      problems.push(`${current}: ${violation.id}: ${violation.help}: ${where}`);
    }
  }
  await context.close();
}

if (pages.includes("desk-all.fr.light.html")) problems.push(...(await keys()));

await browser.close();
site.close();
console.log(`${checks} pages checked, ${problems.length} problems`);
for (const problem of problems) console.log(`  ${problem}`);
process.exit(problems.length > 0 ? 1 : 0);
