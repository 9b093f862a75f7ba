import { expect, test } from "vitest";
import { readyAt, refill } from "../../../src/delivery/rate.ts";

test("a new bucket holds a second's worth, and never more", () => {
  expect(refill(null, 5, 0)).toEqual({ tokens: 5, at: 0 });
  expect(refill({ tokens: 5, at: 0 }, 5, 60_000)).toEqual({ tokens: 5, at: 60_000 });
  expect(refill(null, 0.2, 0)).toEqual({ tokens: 1, at: 0 });
});

test("it fills with time, and a clock set back takes nothing", () => {
  expect(refill({ tokens: 0, at: 1_000 }, 2, 1_250)).toEqual({ tokens: 0.5, at: 1_250 });
  expect(refill({ tokens: 1, at: 1_000 }, 2, 500)).toEqual({ tokens: 1, at: 500 });
});

test("when the next request may go", () => {
  expect(readyAt({ tokens: 1, at: 1_000 }, 2)).toBe(1_000);
  expect(readyAt({ tokens: 0, at: 1_000 }, 2)).toBe(1_500);
  expect(readyAt({ tokens: -3, at: 1_000 }, 2)).toBe(3_000);
});
