import { expect, test } from "vitest";
import { type Breaker, closedBreaker, type Evidence, gate, observe } from "../../../src/delivery/breaker.ts";

/** `down:1` is: no answer, about object 1. */
type Step = `${Evidence}:${number}`;

function after(steps: Step[], at = 1_000): Breaker {
  return steps.reduce((breaker, step) => {
    const [evidence, object] = step.split(":") as [Evidence, string];
    return observe(breaker, evidence, Number(object), at, 0.5);
  }, closedBreaker(0));
}

test.each<[string, Step[], boolean]>([
  ["nothing happened", [], false],
  [
    "one object fails for ever: it is the object",
    ["failing:1", "failing:1", "failing:1", "failing:1", "failing:1"],
    false,
  ],
  ["two objects fail", ["failing:1", "failing:2", "failing:1", "failing:2"], false],
  ["three objects fail: it is the partner", ["failing:1", "failing:2", "failing:3"], true],
  ["three objects fail, with an answer between", ["failing:1", "failing:2", "alive:3", "failing:4"], false],
  ["a refusal (2xxx) is an answer", ["failing:1", "alive:2", "failing:3", "alive:4", "failing:5"], false],
  ["no answer, thrice, about one object", ["down:1", "down:1", "down:1"], true],
  ["no answer, twice", ["down:1", "down:2"], false],
  ["no answer, but a failure between and few objects", ["down:1", "failing:1", "down:1", "down:1"], false],
  ["back again", ["down:1", "down:1", "down:1", "alive:1"], false],
])("%s", (_, steps, open) => {
  expect(after(steps).open).toBe(open);
});

test("while open nothing goes but a probe, when its time has come", () => {
  const open = after(["down:1", "down:2", "down:3"], 1_000);
  expect(gate(open, 1_000)).toBe("open");
  expect(gate(open, open.until)).toBe("probe");
  expect(gate(after(["alive:1"]), 1_000)).toBe("closed");
});

test("a failed probe waits longer; what was in flight when it opened does not count as one", () => {
  const open = after(["down:1", "down:2", "down:3"], 1_000);
  expect(observe(open, "down", 4, 1_001, 0.5)).toMatchObject({ until: open.until, trips: 0 });
  const again = observe(open, "down", 4, open.until, 0.5);
  expect(again).toMatchObject({ open: true, trips: 1 });
  expect(again.until - open.until).toBeGreaterThan(open.until - 1_000);
});

test("any answer closes it", () => {
  const open = after(["down:1", "down:2", "down:3"], 1_000);
  expect(observe(open, "alive", 9, 5_000, 0.5)).toEqual({ ...closedBreaker(5_000) });
});
