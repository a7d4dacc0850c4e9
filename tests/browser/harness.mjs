// Named checks that go on after a failure, and say at the end how many held.

export class Tally {
  passed = 0;
  failures = [];

  /** Runs one check; its failure is told at once and counted. Gives back whether it held. */
  async check(name, test) {
    try {
      await test();
      this.passed += 1;
      return true;
    } catch (error) {
      this.fail(name, error);
      return false;
    }
  }

  fail(name, error) {
    const lines = String(error?.message ?? error).split("\n").filter((line) => line.trim() !== "");
    this.failures.push(name);
    console.log(`  FAILED ${name}`);
    for (const line of lines.slice(0, 12)) console.log(`         ${line}`);
  }

  /** Prints the total; true when nothing failed. */
  end() {
    console.log(`${this.passed} passed, ${this.failures.length} failed`);
    return this.failures.length === 0;
  }
}

export function equal(found, wanted, what) {
  if (found !== wanted) throw new Error(`${what}: ${JSON.stringify(found)}, wanted ${JSON.stringify(wanted)}`);
}

export function holds(condition, what) {
  if (!condition) throw new Error(what);
}

/** The text matches, whatever the no-break spaces of French typography. */
export function matches(text, pattern, what = "text") {
  const plain = text.replace(/[\u00a0\u202f]/g, " ");
  if (!pattern.test(plain)) throw new Error(`${what} does not match ${pattern}: ${plain.slice(0, 300)}`);
}
