// The real product in its demonstration, on a free loopback port with a folder of its own, and how
// the people of the demonstration come in.
import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The program under test. */
export const BINARY = process.env.REGISSEUR_BIN ?? new URL("../../target/debug/regisseur", import.meta.url).pathname;

/** Runs a command of the product to its end. */
export function command(...args) {
  const done = spawnSync(BINARY, args, { encoding: "utf8" });
  return { status: done.status, out: done.stdout ?? "", err: done.error?.message ?? done.stderr };
}

/** Prepares a demonstration once: each `start` has a copy of its own. */
export function prepare() {
  const folder = mkdtempSync(join(tmpdir(), "regisseur-browser."));
  const data = join(folder, "demo");
  const done = command("demo", "--prepare-only", "--data", data);
  if (done.status !== 0) throw new Error(`the demonstration cannot be prepared: ${done.out}${done.err}`);
  return { data, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Serves a demonstration; `stop` ends it and takes its folder away. `mail` is the relay around it. */
export async function start(prepared, mail) {
  const folder = mkdtempSync(join(tmpdir(), "regisseur-browser."));
  const data = join(folder, "demo");
  cpSync(prepared.data, data, { recursive: true });
  const port = await freePort();
  const args = ["demo", "--data", data, "--listen", `127.0.0.1:${port}`];
  if (mail) {
    const file = join(folder, "mail.toml");
    writeFileSync(file, mail.config(`http://localhost:${port}`));
    args.push("--mail", file);
  }
  const server = spawn(BINARY, args, { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [server.stdout, server.stderr]) stream.on("data", (bytes) => (said += bytes));
  const ended = new Promise((resolve) => server.once("exit", resolve));
  const stop = async () => {
    server.kill("SIGTERM");
    const lingering = setTimeout(() => server.kill("SIGKILL"), 10_000);
    await ended;
    clearTimeout(lingering);
    rmSync(folder, { recursive: true, force: true });
  };
  // "localhost", as the product prints it: browsers keep a `__Host-` cookie for it without TLS.
  const url = `http://localhost:${port}`;
  for (let left = 900; ; left -= 1) {
    const healthy = await fetch(`http://127.0.0.1:${port}/healthz`).then((answer) => answer.ok, () => false);
    if (healthy) break;
    if (left === 0 || server.exitCode !== null) {
      await stop();
      throw new Error(`the demonstration does not start: ${said}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const card = JSON.parse(readFileSync(join(data, "demo.json"), "utf8"));
  const home = `/c/${card.customers[0].slug}`;
  return { url, data, card, home, stop, account: (role) => card.accounts.find((one) => one.role === role) };
}

export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** Signs the person of this role in, by the form, in a page of a new context. */
export async function enter(browser, product, role, options = {}) {
  const context = await browser.newContext({
    baseURL: product.url,
    locale: "fr-FR",
    viewport: { width: 1440, height: 900 },
    reducedMotion: "reduce",
    ...options,
  });
  // Pages answer in milliseconds; what is not there after this long will not come.
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  const account = product.account(role);
  await page.goto("/sign-in");
  await page.fill("input[name=email]", account.email);
  await page.fill("input[name=password]", account.password);
  await page.click("main button[type=submit]");
  if (new URL(page.url()).pathname === "/sign-in") throw new Error(`${account.email} cannot sign in`);
  return { context, page, account };
}

/** Chooses the language and the theme, as the buttons of every page do. */
export async function prefer(context, product, lang, theme) {
  await context.addCookies([
    { name: "lang", value: lang, url: product.url },
    { name: "theme", value: theme, url: product.url },
  ]);
}
