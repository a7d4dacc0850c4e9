// What protects a session: its cookie, the proof in each form, where a request comes from, its end.
import { equal, holds, matches } from "./harness.mjs";
import { enter } from "./product.mjs";

export async function security(tally, browser, product, ticket) {
  const { context, page, account } = await enter(browser, product, "technician");
  const post = (path, form, headers = {}) =>
    context.request.post(`${product.url}${path}`, { form, headers, maxRedirects: 0 });
  const path = new URL(ticket).pathname;
  await page.goto(ticket);
  const csrf = await page.locator("input[name=csrf]").first().getAttribute("value");
  const reply = (text, token) => ({ text, key: `0123456789abcdef-${text.length}-reply`, ...(token && { csrf: token }) });

  await tally.check("the session's cookie is bound to this host, out of reach of scripts and of other sites", async () => {
    const [cookie] = (await context.cookies()).filter((one) => one.name === "__Host-regisseur");
    equal([cookie.httpOnly, cookie.secure, cookie.sameSite, cookie.path].join(), "true,true,Lax,/", "attributes");
    const another = await browser.newContext();
    const answer = await another.request.post(`${product.url}/sign-in`, {
      form: { email: account.email, password: account.password },
      maxRedirects: 0,
    });
    await another.close();
    const set = answer.headers()["set-cookie"];
    holds(/^__Host-regisseur=/m.test(set) && !/domain=/i.test(set), `set-cookie: ${set}`);
  });

  await tally.check("a form without its proof, or with another's, does nothing", async () => {
    equal((await post(`${path}/reply`, reply("sans preuve"))).status(), 403, "no token");
    equal((await post(`${path}/reply`, reply("preuve fausse", "0".repeat(csrf.length)))).status(), 403, "wrong token");
    await page.goto(ticket);
    const text = await page.locator("main").innerText();
    holds(!/sans preuve|preuve fausse/.test(text), "the message was written");
  });

  await tally.check("a form sent by another site does nothing, even with the proof", async () => {
    const headers = { "sec-fetch-site": "cross-site" };
    const answer = await post(`${path}/reply`, reply("venu d’ailleurs", csrf), headers);
    equal(answer.status(), 404, "status");
    const enter = await post("/sign-in", { email: account.email, password: account.password }, headers);
    equal(enter.status(), 404, "sign-in from elsewhere");
    await page.goto(ticket);
    holds(!/venu d’ailleurs/.test(await page.locator("main").innerText()), "the message was written");
  });

  await tally.check("the same proof from our own form is accepted, once per key", async () => {
    for (const turn of [1, 2]) {
      equal((await post(`${path}/reply`, reply("une seule fois", csrf))).status(), 303, `turn ${turn}`);
    }
    await page.goto(ticket);
    equal(await page.getByText("une seule fois", { exact: true }).count(), 1, "messages written");
  });

  await tally.check("pages forbid scripts and frames from elsewhere, and caches", async () => {
    const headers = (await page.goto(ticket)).headers();
    matches(headers["content-security-policy"], /default-src 'none'.*frame-ancestors 'none'/, "policy");
    equal(headers["cache-control"], "no-store", "cache-control");
    equal(headers["x-content-type-options"], "nosniff", "x-content-type-options");
  });

  await tally.check("signing out ends the session, here and for who kept its cookie", async () => {
    const [kept] = (await context.cookies()).filter((one) => one.name === "__Host-regisseur");
    await page.locator("button", { hasText: "Se déconnecter" }).click();
    equal(new URL(page.url()).pathname, "/sign-in", "after signing out");
    await page.waitForLoadState("load");
    // The page's own history: the protocol's is not attached while the browser swaps processes for the
    // opener policy, and asking it then fails now and again.
    const left = page.url();
    await page.evaluate(() => history.back());
    await page.waitForURL((url) => url.href !== left);
    await page.waitForLoadState("load");
    const shown = await page.locator("body").innerText();
    holds(!/Ateliers Garonne|Conversation|Horloges/.test(shown), `going back shows: ${shown.slice(0, 200)}`);
    await context.addCookies([{ ...kept }]);
    const answer = await context.request.get(ticket, { maxRedirects: 0 });
    equal(answer.status(), 303, "the kept cookie");
    matches(answer.headers().location, /^\/sign-in/, "the kept cookie leads");
  });

  await context.close();

  await tally.check("a wrong password says nothing of the account, and the right page comes after the right one", async () => {
    const fresh = await browser.newContext({ baseURL: product.url, locale: "fr-FR" });
    const page = await fresh.newPage();
    await page.goto(path);
    equal(new URL(page.url()).pathname, "/sign-in", "a page asked without a session");
    const said = [];
    for (const email of [account.email, "personne@regie-numerique.example"]) {
      await page.fill("input[name=email]", email);
      await page.fill("input[name=password]", "pas-le-bon-mot");
      await page.click("main button[type=submit]");
      said.push(await page.locator("[role=alert]:visible").innerText());
    }
    equal(said[0], said[1], "what is said of a known and of an unknown address");
    await page.fill("input[name=email]", account.email);
    await page.fill("input[name=password]", account.password);
    await page.click("main button[type=submit]");
    equal(new URL(page.url()).pathname, path, "after signing in");
    await fresh.close();
  });
}

/** The single keys, on the real desk. */
export async function keyboard(tally, browser, product) {
  const { context, page } = await enter(browser, product, "technician");
  const focused = (index) =>
    page.evaluate((at) => document.activeElement === document.querySelectorAll("a[data-item]")[at], index);
  await tally.check("j and k walk the list, Enter opens the ticket", async () => {
    await page.goto("/?show=all");
    for (const key of ["j", "j", "k"]) await page.keyboard.press(key);
    holds(await focused(0), "j j k: the first ticket has the focus");
    await page.keyboard.press("j");
    holds(await focused(1), "j: the second ticket has the focus");
    const href = await page.locator("a[data-item]").nth(1).getAttribute("href");
    await page.keyboard.press("Enter");
    await page.waitForURL(`**${href}`);
  });
  await tally.check("/ goes to the search box, where keys are letters", async () => {
    await page.goto("/?show=all");
    await page.keyboard.press("/");
    await page.keyboard.type("j?");
    equal(await page.inputValue("input[type=search]"), "j?", "typed");
    await page.fill("input[type=search]", "étiquettes");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/?q=*");
    matches(await page.locator("a[data-item]").first().innerText(), /étiquette/i, "first ticket found");
  });
  await tally.check("on a ticket, keys go to acts and send nothing", async () => {
    await page.goto("/?show=all");
    const href = await page.locator("a[data-item]").first().getAttribute("href");
    await page.locator("a[data-item]").first().click();
    // Until the page has come, a key is pressed on the one that is left.
    await page.waitForURL(`**${href}`);
    const at = page.url();
    for (const [key, id] of [["r", "reply-text"], ["i", "note-text"], ["h", "time-minutes"]]) {
      await page.keyboard.press(key);
      equal(await page.evaluate(() => document.activeElement.id), id, key);
      holds(await page.locator(`#${id}`).isVisible(), `${id} is not folded away`);
      await page.evaluate(() => document.activeElement.blur());
    }
    equal(page.url(), at, "nothing was sent");
  });
  await tally.check("? opens the help, where single keys can be turned off", async () => {
    await page.goto("/?show=all");
    await page.keyboard.press("?");
    await page.waitForURL("**/help");
    await page.locator("[data-single-keys]").uncheck();
    await page.goto("/?show=all");
    await page.keyboard.press("j");
    holds(!(await focused(0)), "j does nothing any more");
  });
  await context.close();
}
