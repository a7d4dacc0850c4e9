// Acts told as a hand makes them: a person comes in, and each press is counted against a bound.
// Choosing in a list or typing is no press; opening, unfolding, ticking and sending are.
import { holds } from "./harness.mjs";
import { enter } from "./product.mjs";

/** Presses and counts. */
function hand() {
  const counted = { clicks: 0 };
  counted.press = async (where) => {
    counted.clicks += 1;
    await where.click();
  };
  return counted;
}

/** Checks that a walk from the first page of a role costs so many presses at most. */
export function journeys(tally, browser, product) {
  return (name, role, most, walk, options = {}) =>
    tally.check(`${name}: at most ${most} clicks`, async () => {
      const { context, page } = await enter(browser, product, role, options);
      try {
        const counted = hand();
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
