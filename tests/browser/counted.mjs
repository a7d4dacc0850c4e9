// Acts told as a hand makes them: a person comes in, and each press is counted against a bound.
// Choosing in a list or typing is no press; opening, unfolding, ticking and sending are.
import { holds } from "./harness.mjs";
import { enter } from "./product.mjs";

/** Presses and counts; where a press leads to a page, that page has come whole when it is done. */
function hand(page) {
  const counted = { clicks: 0 };
  counted.press = async (where) => {
    counted.clicks += 1;
    if (!(await where.evaluate(leads))) return where.click();
    await Promise.all([page.waitForEvent("domcontentloaded"), where.click()]);
  };
  return counted;
}

/** Whether what a hand presses asks for another page. Runs in the page. */
function leads(pressed) {
  const to = pressed.closest("a[href], button, summary, label");
  if (to?.matches("a")) return to.target === "" && to.href.split("#")[0] !== location.href.split("#")[0];
  return to?.type === "submit" && to.form !== null;
}

/** Checks that a walk from the first page of a role costs so many presses at most. */
export function journeys(tally, browser, product) {
  return (name, role, most, walk, options = {}) =>
    tally.check(`${name}: at most ${most} clicks`, async () => {
      const { context, page } = await enter(browser, product, role, options);
      try {
        const counted = hand(page);
        await walk(page, counted);
        console.log(`  ${name}: ${counted.clicks} click${counted.clicks === 1 ? "" : "s"}`);
        holds(counted.clicks <= most, `${counted.clicks} clicks`);
      } finally {
        await context.close();
      }
    });
}

/** The first button of the page's own part that says this. */
export const button = (page, text) => page.locator("main button", { hasText: text }).first();

/** The line under a ticket's title: its priority and its state. */
export const line = (page) => page.locator(".ticket-line").innerText();
