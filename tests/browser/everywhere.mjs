// Every page, in both languages and themes, at a desk's width and a phone's: no accessibility
// violation, no sideways scrolling, nothing blocked by the policy, no script error.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { prefer } from "./product.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
export const LOOKS = ["fr", "en"].flatMap((lang) => ["light", "dark"].map((theme) => ({ lang, theme })));
export const SIZES = [{ width: 1440, height: 900 }, { width: 390, height: 844 }];

/** What is wrong with the page as it stands: nothing when the list is empty. */
export async function faults(page) {
  const found = [];
  // Folded reasons and acts are part of the page: it must fit open as well as closed.
  for (const open of [false, true]) {
    if (open) await page.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (over > 0) found.push(`${over} px too wide${open ? " when opened" : ""}`);
  }
  await page.evaluate(AXE);
  // Every rule is asked; what passed is neither told node by node nor sent here, which took longer than asking.
  const violations = await page.evaluate(async (tags) => {
    const { violations } = await window.axe.run(document, { runOnly: tags, resultTypes: ["violations"] });
    return violations.map(({ id, help, nodes }) => ({ id, help, targets: nodes.slice(0, 3).map((node) => node.target.join(" ")) }));
  }, TAGS);
  for (const { id, help, targets } of violations) found.push(`${id}: ${help}: ${targets.join(" | ")}`);
  return found;
}

/** Listens to what the browser complains of; `expected` are the statuses a page may have. */
export function complaints(page) {
  const heard = [];
  // A page that is itself a refusal is reported as a resource that failed: it is not one.
  page.on("console", (message) => {
    if (message.type() === "error" && !/status of (404|409)/.test(message.text())) heard.push(message.text());
  });
  page.on("pageerror", (error) => heard.push(error.message));
  page.on("requestfailed", (request) => {
    // A page that is left closes its stream of news: that is how such a stream ends.
    const left = request.failure()?.errorText === "net::ERR_ABORTED";
    if (left && new URL(request.url()).pathname === "/events") return;
    heard.push(`cannot load ${request.url()}`);
  });
  return heard;
}

/** Words of the other language's interface that have no business in an English page. */
const FRENCH = /(?<![\p{L}’'])(Pourquoi|Échéance|Suspendu|Clôturer|Rétabli|Priorité|ouvert le|sur le calendrier|dans le périmètre|heures de service|du mois)(?![\p{L}])/u;

/** The people of these pages, each in a page of their own; `null` is nobody. */
export async function everywhere(tally, people, product, pages) {
  for (const [name, one] of Object.entries(pages)) {
    // The same page as another, further down.
    if (one.look) continue;
    const { context, page } = people[one.role];
    const heard = complaints(page);
    for (const { lang, theme } of LOOKS) {
      await prefer(context, product, lang, theme);
      await tally.check(`${name} in ${lang}, ${theme}`, async () => {
        const found = [];
        for (const [turn, size] of SIZES.entries()) {
          await page.setViewportSize(size);
          if (turn === 0) await one.open(page);
          found.push(...(await faults(page)).map((fault) => `at ${size.width}: ${fault}`));
        }
        const shown = await page.evaluate(() => [document.documentElement.lang, document.documentElement.dataset.theme].join());
        if (shown !== `${lang},${theme}`) found.push(`shown in ${shown}`);
        if (lang === "en") found.push(...(await untranslated(page)));
        found.push(...heard.splice(0));
        if (found.length > 0) throw new Error(found.join("\n"));
      });
    }
    page.removeAllListeners();
  }
}

/** French left in an English page, outside what the parties wrote. */
async function untranslated(page) {
  const words = await page.evaluate(() => {
    const parties = "[lang=fr], .message, .event, .event-words, .ticket-link, h1, title, option, code";
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (!node.parentElement.closest(parties)) texts.push(node.textContent.trim());
    }
    return texts;
  });
  return words.filter((text) => FRENCH.test(text)).slice(0, 3).map((text) => `French: ${text.slice(0, 120)}`);
}
