// Signing in through a real provider of identity (oidc-provider, certified by the OpenID Foundation), to a
// folder of its own, served as a real one: staff owe a second factor.
import { createHmac } from "node:crypto";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Provider from "oidc-provider";
import { faults } from "./everywhere.mjs";
import { equal, holds, matches } from "./harness.mjs";
import { BINARY, command, freePort } from "./product.mjs";
import { totp } from "./signin.mjs";

const SECRET = createHmac("sha256", "test").update(String(Math.random())).digest("hex");

/** A provider whose people say their own address, and whether they gave a second factor. */
async function provider(site) {
  const port = await freePort();
  const issuer = `http://127.0.0.1:${port}`;
  const oidc = new Provider(issuer, {
    clients: [{ client_id: "regisseur", client_secret: SECRET, redirect_uris: [`${site}/sign-in/openid/maison/answer`] }],
    claims: { openid: ["sub", "amr"], email: ["email", "email_verified"] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    cookies: { keys: [SECRET] },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email: id.replace("unsure-", ""), email_verified: !id.startsWith("unsure-") }),
    }),
    // What is asked for is granted: consent is not what is tested.
    loadExistingGrant: async (ctx) => {
      const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
      grant.addOIDCScope("openid email");
      await grant.save();
      return grant;
    },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  });
  const serve = oidc.callback();
  const server = createServer(async (request, response) => {
    if (!request.url.startsWith("/interaction/")) return serve(request, response);
    if (request.method === "GET") {
      response.writeHead(200, { "content-type": "text/html" });
      return response.end(`<form method="post"><input name="login"><input name="amr"><button>OK</button></form>
        <form method="post"><button name="abort" value="1">Non</button></form>`);
    }
    let body = "";
    for await (const piece of request) body += piece;
    const sent = new URLSearchParams(body);
    const result = sent.get("abort")
      ? { error: "access_denied" }
      : { login: { accountId: sent.get("login"), amr: (sent.get("amr") ?? "").split(" ").filter(Boolean) } };
    await oidc.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  });
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  return { issuer, close: () => server.close() };
}

/** A folder with two people of the provider, served with this configuration of sign-in. */
async function serve(config) {
  const folder = mkdtempSync(join(tmpdir(), "regisseur-oidc."));
  const data = join(folder, "data");
  const add = (email, name, ...more) => {
    const done = command("account", "add", "--data", data, "--email", email, "--name", name, "--json", ...more);
    equal(done.status, 0, `${email} is added (${done.out}${done.err})`);
    return JSON.parse(done.out);
  };
  const ines = add("ines@maison.example", "Inès Cazenave", "--role", "technician", "--totp");
  add("paul@maison.example", "Paul Rivière", "--role", "provider_admin");
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const house = await provider(url);
  const file = join(folder, "sign-in.toml");
  writeFileSync(file, config(url, house.issuer));
  const server = spawn(BINARY, ["serve", "--data", data, "--listen", `127.0.0.1:${port}`, "--sign-in", file], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, REGISSEUR_OPENID_MAISON: SECRET },
  });
  let said = "";
  for (const stream of [server.stdout, server.stderr]) stream.on("data", (bytes) => (said += bytes));
  const ended = new Promise((resolve) => server.once("exit", resolve));
  const stop = async () => {
    house.close();
    server.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  for (let left = 300; ; left -= 1) {
    if (await fetch(`http://127.0.0.1:${port}/healthz`).then((answer) => answer.ok, () => false)) break;
    if (left === 0 || server.exitCode !== null) {
      await stop();
      throw new Error(`the folder is not served: ${said}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { url, ines, stop, said: () => said };
}

const config = (site, issuer) => `
site = "${site}"

[[openid]]
key = "maison"
name = "La maison"
issuer = "${issuer}"
client = "regisseur"
domains = ["maison.example"]
`;

export async function oidc(tally, browser) {
  let product;
  if (!(await tally.check("a folder is served with a provider of identity", async () => (product = await serve(config))))) return;
  const path = (page) => new URL(page.url()).pathname;
  const somebody = async (javaScriptEnabled = true) => {
    const context = await browser.newContext({ baseURL: product.url, locale: "fr-FR", javaScriptEnabled });
    context.setDefaultTimeout(10_000);
    return { context, page: await context.newPage() };
  };
  /** Through the provider, as this person, with these proofs. */
  const through = async (page, login, amr = "") => {
    await page.goto("/sign-in");
    await page.getByRole("link", { name: "Se connecter avec La maison" }).click();
    await page.fill("input[name=login]", login);
    await page.fill("input[name=amr]", amr);
    await page.getByRole("button", { name: "OK" }).click();
  };

  await tally.check("a person whose provider asked for two factors comes in, without script", async () => {
    const { context, page } = await somebody(false);
    await through(page, "paul@maison.example", "pwd mfa");
    equal(path(page), "/", `address (${product.said()})`);
    await page.goto("/account");
    matches(await page.locator("section:has(#acts)").innerText(), /Connexion\s+La maison · Chrome/, "the act");
    matches(await page.locator("section:has(#acts)").innerText(), /Fournisseur d’identité relié au compte/, "the tie");
    await page.getByRole("button", { name: "Se déconnecter" }).click();
    equal(path(page), "/sign-in", "signed out here");
    await context.close();
  });

  await tally.check("one factor opens nothing of the staff's but the enrolment of another", async () => {
    const { context, page } = await somebody();
    await through(page, "paul@maison.example", "pwd");
    equal(path(page), "/account/second-factor", "address");
    await context.close();
  });

  await tally.check("our own code is asked of whom the provider asked none, a wrong one first", async () => {
    const { context, page } = await somebody();
    await page.goto("/sign-in?back=/account");
    await page.getByRole("link", { name: "Se connecter avec La maison" }).click();
    await page.fill("input[name=login]", "ines@maison.example");
    await page.getByRole("button", { name: "OK" }).click();
    await page.locator("h1", { hasText: "Encore un code" }).waitFor();
    equal((await faults(page)).join("; "), "", "the page of the code");
    await page.fill("#code", "000000");
    await page.getByRole("button", { name: "Se connecter" }).click();
    matches(await page.locator("[role=alert]").innerText(), /n’est pas le bon/, "the wrong one");
    await page.fill("#code", totp(product.ines.totp_secret, 0));
    await page.getByRole("button", { name: "Se connecter" }).click();
    equal(path(page), "/account", "where they were going");
    await context.close();
  });

  for (const [who, why] of [
    ["nobody@maison.example", "who has no account"],
    ["ines@ailleurs.example", "of another domain"],
    ["unsure-paul@maison.example", "whose address is not sure"],
  ]) {
    await tally.check(`somebody ${why} opens nothing, and reads why`, async () => {
      const { context, page } = await somebody();
      await through(page, who, "pwd mfa");
      matches(await page.locator("[role=alert]:not([hidden])").innerText(), /n’ouvre aucun compte ici/, "the page");
      equal((await faults(page)).join("; "), "", "the page of the refusal");
      await page.goto("/account");
      equal(path(page), "/sign-in", "no session");
      await context.close();
    });
  }

  await tally.check("giving up at the provider's comes back to the sign-in page", async () => {
    const { context, page } = await somebody();
    await page.goto("/sign-in");
    await page.getByRole("link", { name: "Se connecter avec La maison" }).click();
    await page.getByRole("button", { name: "Non" }).click();
    equal(path(page), "/sign-in", "address");
    await context.close();
  });

  await tally.check("an answer opens nothing in another browser, nor twice", async () => {
    const { context, page } = await somebody();
    let answer;
    page.on("request", (request) => {
      if (request.url().includes("/answer?")) answer = request.url();
    });
    await through(page, "paul@maison.example", "pwd mfa");
    holds(answer, "no answer was seen");
    await page.goto(answer);
    matches(await page.locator("[role=alert]:not([hidden])").innerText(), /trop attendu, ou a commencé dans un autre/, "twice");
    const { context: other, page: theirs } = await somebody();
    await theirs.goto(answer);
    matches(await theirs.locator("[role=alert]:not([hidden])").innerText(), /trop attendu, ou a commencé dans un autre/, "elsewhere");
    await other.close();
    await context.close();
  });

  await tally.check("the account's page shows the tie and undoes it, once another way in is there", async () => {
    const { context, page } = await somebody();
    const section = page.locator("section:has(#identities-title)");
    await through(page, "paul@maison.example", "pwd mfa");
    await page.goto("/account");
    matches(await section.innerText(), /La maison http:\/\/127\.0\.0\.1/, "the provider and its issuer");
    matches(await section.innerText(), /Ajoutez d’abord un second facteur d’ici/, "what is missing first");
    equal(await section.getByRole("button").count(), 0, "no button to shut oneself out");
    equal((await faults(page)).join("; "), "", "the page of the account");
    await context.close();

    const { context: own, page: theirs } = await somebody(false);
    await theirs.goto("/sign-in");
    await theirs.fill("#email", "ines@maison.example");
    await theirs.fill("#password", product.ines.password);
    await theirs.fill("#code", totp(product.ines.totp_secret, 1));
    await theirs.getByRole("button", { name: "Se connecter", exact: true }).click();
    equal(path(theirs), "/", `address (${product.said()})`);
    await theirs.goto("/account");
    await theirs.getByRole("button", { name: "Délier La maison" }).click();
    matches(await theirs.locator("main, body").first().innerText(), /Fournisseur délié/, "what was done");
    equal(await theirs.locator("#identities-title").count(), 0, "nothing is tied any more");
    matches(await theirs.locator("section:has(#acts)").innerText(), /Fournisseur d’identité délié du compte/, "the act");
    await own.close();
  });

  await product.stop();
}
