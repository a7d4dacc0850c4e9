// The product's browser tests, against the real program in its demonstration.
//
//   node run.mjs                          every check; `N passed, N failed`; exits 1 if one failed
//   node run.mjs --screenshots FOLDER     pictures of every page, and their index
//   node run.mjs --only PART              only the parts so named: job, noscript, clicks, mail, drafts, questions, security, signin, passkeys, oidc, visits, pages, gallery
//
// CHROMIUM names the browser, REGISSEUR_BIN the program (target/debug/regisseur if absent).
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { clicks } from "./clicks.mjs";
import { deciders } from "./deciders.mjs";
import { everywhere } from "./everywhere.mjs";
import { long, signing, writing } from "./drafts.mjs";
import { Tally, equal, matches } from "./harness.mjs";
import { closing, mainJob, portal } from "./main_job.mjs";
import { pages } from "./pages.mjs";
import { oidc } from "./oidc.mjs";
import { passkeys } from "./passkeys.mjs";
import { post } from "./post.mjs";
import { BINARY, command, enter, prepare, start } from "./product.mjs";
import { questions } from "./questions.mjs";
import { keyboard, security } from "./security.mjs";
import { shots } from "./shots.mjs";
import { signin } from "./signin.mjs";
import { launch } from "./site.mjs";
import { visits } from "./visits.mjs";

const options = new Map();
for (let at = 2; at < process.argv.length; at += 2) options.set(process.argv[at], process.argv[at + 1]);
const wanted = (part) => !options.has("--only") || options.get("--only").split(",").includes(part);

/** One signed-in page per role, and one of nobody. */
async function everyone(browser, product) {
  const people = {};
  for (const role of ["technician", "service_manager", "customer_manager", "customer_user"]) {
    people[role] = await enter(browser, product, role);
  }
  const context = await browser.newContext({ baseURL: product.url, reducedMotion: "reduce" });
  people[null] = { context, page: await context.newPage() };
  return people;
}

/** The empty, odd and rare states that a demonstration does not show, as the web crate samples them. */
function samples(product) {
  const folder = `${product.data}-gallery`;
  // Built with the tests, beside the program.
  const built = new URL(`file://${dirname(resolve(BINARY))}/examples/gallery`).pathname;
  const [program, args] = existsSync(built) ? [built, []] : ["cargo", ["run", "-q", "-p", "web", "--example", "gallery", "--"]];
  const written = spawnSync(program, [...args, folder], { encoding: "utf8", cwd: new URL("../..", import.meta.url) });
  equal(written.status, 0, `the gallery is written (${written.error?.message ?? written.stderr})`);
  const checked = spawnSync(process.execPath, [new URL("gallery.mjs", import.meta.url).pathname, folder, "--quick"], { encoding: "utf8" });
  equal(checked.status, 0, `${checked.stdout}${checked.stderr}`);
  const live = spawnSync(process.execPath, [new URL("live.mjs", import.meta.url).pathname, folder], { encoding: "utf8" });
  equal(live.status, 0, `pages that stand open: ${live.stdout}${live.stderr}`);
}

async function checks(tally, browser, product) {
  const began = Date.now();
  const step = (text) => console.log(`[${String(Math.round((Date.now() - began) / 1000)).padStart(3)} s] ${text}`);
  if (wanted("pages")) {
    // First, while the folder is as the demonstration left it.
    step("every page, in both languages and themes, at both widths");
    const people = await everyone(browser, product);
    await everywhere(tally, people, product, await pages(product, people.service_manager.page));
    for (const { context } of Object.values(people)) await context.close();
  }
  if (wanted("gallery")) {
    step("every state of every page, from the samples");
    await tally.check("the gallery of samples", () => samples(product));
  }
  if (wanted("clicks")) {
    // Before the main job closes the month that they read.
    step("everyday acts, counted");
    await deciders(tally, browser, product);
    await clicks(tally, browser, product);
  }
  let ticket;
  if (wanted("job") || wanted("security")) {
    step("the main job");
    ticket = await mainJob(tally, browser, product, true);
    await portal(tally, browser, product, ticket, true);
    await closing(tally, browser, product, false);
  }
  if (wanted("noscript")) {
    step("the main job, without script");
    await mainJob(tally, browser, product, false);
  }
  if (wanted("visits")) {
    step("a visit on site");
    await visits(tally, browser, product, true);
    await visits(tally, browser, product, false);
  }
  if (wanted("mail")) {
    step("from a mail to the bill");
    await post(tally, browser, prepared);
  }
  if (wanted("drafts")) {
    step("writing a contract");
    await writing(tally, browser, product);
    await long(tally, browser, product);
    step("from a template to both signatures");
    await signing(tally, browser, product, true);
    await signing(tally, browser, product, false);
  }
  if (wanted("security")) {
    step("sessions and keys");
    await security(tally, browser, product, ticket);
    await keyboard(tally, browser, product);
  }
  if (wanted("signin")) {
    step("one's own account");
    await signin(tally, browser, product, true);
    await signin(tally, browser, product, false);
  }
  if (wanted("passkeys")) {
    step("passkeys");
    await passkeys(tally, browser, product);
  }
  if (wanted("oidc")) {
    step("a provider of identity");
    await oidc(tally, browser);
  }
  if (wanted("questions")) {
    // Last: the contract that it signs asks the technicians for another undertaking.
    step("what a contract asks of a request");
    await questions(tally, browser, product);
  }
  step("the journal of all this");
  await tally.check("the journal verifies after all this", () => {
    const verified = command("journal", "verify", "--data", product.data);
    equal(verified.status, 0, `status (${verified.out}${verified.err})`);
    matches(verified.out, /intact|sound|en ordre|vérifié/i, "answer");
  });
}

const tally = new Tally();
const browser = await launch();
let prepared, product;
try {
  prepared = prepare();
  product = await start(prepared);
  if (options.has("--screenshots")) {
    const people = await everyone(browser, product);
    await shots(people, product, await pages(product, people.service_manager.page), options.get("--screenshots"));
  } else {
    await checks(tally, browser, product);
  }
} catch (error) {
  tally.fail("the run itself", error);
} finally {
  await browser.close();
  await product?.stop();
  prepared?.remove();
}
process.exitCode = options.has("--screenshots") && tally.failures.length === 0 ? 0 : tally.end() ? 0 : 1;
