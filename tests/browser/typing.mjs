// What pages ask for as one types: articles beside a ticket being written, results of a search.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { equal } from "./harness.mjs";
import { serve } from "./site.mjs";

/** Against the samples of a gallery; the server's answers are those of the samples, or none. */
export async function asOneTypes(tally, browser, gallery) {
  const site = await serve(gallery);
  const context = await browser.newContext();
  let asked = 0;
  let deaf = false;
  const answer = (name, change = (text) => text) => (route) => {
    asked += 1;
    const body = change(readFileSync(join(gallery, name), "utf8"));
    return deaf ? route.abort() : route.fulfill({ contentType: "text/html", body });
  };
  const type = async (page, field, text) => {
    const before = asked;
    await page.fill(field, text);
    while (asked === before) await page.waitForTimeout(50);
    await page.waitForTimeout(300);
  };

  await tally.check("a suggested article opens beside the ticket being written, and is said once", async () => {
    let fewer = false;
    const page = await context.newPage();
    await page.route("**/knowledge/suggestions?*", (route) =>
      answer("suggested-some.fr.light.html", (text) => (fewer ? text.replace(/(<ul class="catalogue">)<li>.*?<\/li>/s, "$1") : text))(route));
    await page.goto(`${site.url}/new-ticket-blank.fr.light.html`);
    const links = page.locator("#suggested a");
    await type(page, "#title", "Connexion impossible");
    equal(await links.count(), 2, "articles");
    equal(await links.first().getAttribute("target"), "_blank", "where it opens");
    equal((await links.first().textContent()).includes("(nouvel onglet)"), true, "the link says so");
    await page.evaluate(() => {
      window.said = 0;
      new MutationObserver(() => (window.said += 1)).observe(document.getElementById("suggested"), { childList: true });
    });
    await type(page, "#title", "Connexion impossible depuis");
    equal(await page.evaluate(() => window.said), 0, "times the same was said again");
    deaf = true;
    await type(page, "#title", "Connexion impossible depuis hier");
    deaf = false;
    fewer = true;
    await type(page, "#title", "Connexion impossible depuis hier soir");
    equal(await links.count(), 1, "articles after an answer that did not come");
    await page.close();
  });
  await tally.check("a search goes on after an answer that did not come", async () => {
    const page = await context.newPage();
    await page.route("**/search?*", answer("search-one.fr.light.html"));
    await page.goto(`${site.url}/search-empty.fr.light.html`);
    deaf = true;
    await type(page, "#q", "ser");
    equal((await page.textContent("#results")).includes("srv"), false, "results without an answer");
    deaf = false;
    await type(page, "#q", "serveur");
    equal(new URL(page.url()).searchParams.get("q"), "serveur", "the address");
    await page.close();
  });
  await context.close();
  site.close();
}
