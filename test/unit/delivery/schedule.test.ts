import fc from "fast-check";
import { expect, test } from "vitest";
import { backoff, boundedRetryAfter, MAX_FAULTS, nextAttempt } from "../../../src/delivery/schedule.ts";

const failure = { faults: 1, attempts: 1, retryAfterMs: null, retry: true };

test("backoff doubles, and jitter is full", () => {
  expect([0, 1, 2, 3].map((failures) => backoff(failures, 0.999999))).toEqual([999, 1999, 3999, 7999]);
  expect(backoff(5, 0)).toBe(0);
});

test("backoff has an end", () => {
  fc.assert(
    fc.property(fc.nat(10_000), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (failures, random) => {
      const delay = backoff(failures, random);
      expect(delay).toBeGreaterThanOrEqual(0);
      expect(delay).toBeLessThanOrEqual(15 * 60_000);
    }),
  );
});

test.each([
  ["a second at least", 0, 1_000],
  ["what was asked", 30_000, 30_000],
  ["ten minutes at most", 86_400_000, 600_000],
])("Retry-After: %s", (_, asked, used) => {
  expect(boundedRetryAfter(asked)).toBe(used);
  expect(nextAttempt({ ...failure, retryAfterMs: asked }, 0)).toBe(used);
});

test("one try where retrying is off", () => {
  expect(nextAttempt({ ...failure, retry: false }, 0.5)).toBeNull();
});

test("an object that keeps failing is given up", () => {
  expect(nextAttempt({ ...failure, faults: MAX_FAULTS - 1, attempts: 500 }, 0.5)).not.toBeNull();
  expect(nextAttempt({ ...failure, faults: MAX_FAULTS, attempts: 500 }, 0.5)).toBeNull();
});
