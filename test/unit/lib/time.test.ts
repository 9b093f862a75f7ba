import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareTimes, formatSeconds, formatTime, parseLooseTime, parseTime } from "../../../src/lib/time.ts";

describe("parseTime", () => {
  test.each([
    ["2015-06-29T20:39:09Z", "2015-06-29T20:39:09.000Z"],
    ["2015-06-29T20:39:09", "2015-06-29T20:39:09.000Z"],
    ["2016-12-29T17:45:09.2Z", "2016-12-29T17:45:09.200Z"],
    ["2016-12-29T17:45:09.123456", "2016-12-29T17:45:09.123Z"],
    ["2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z"],
    ["2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"],
    ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"],
  ])("reads %s", (text, iso) => {
    expect(new Date(parseTime(text) as number).toISOString()).toBe(iso);
  });

  test.each([
    "2015-06-29T20:39:09+00:00",
    "2015-06-29T20:39:09z",
    "2015-06-29 20:39:09Z",
    "2015-06-29",
    "2015-6-29T20:39:09Z",
    "2023-02-29T00:00:00Z",
    "2015-13-01T00:00:00Z",
    "2015-00-01T00:00:00Z",
    "2015-01-01T24:00:00Z",
    "2015-01-01T00:60:00Z",
    "2015-01-01T00:00:61Z",
    "",
    "now",
  ])("does not read %j", (text) => {
    expect(parseTime(text)).toBeUndefined();
  });
});

describe("parseLooseTime", () => {
  test.each([
    ["2015-06-29T22:39:09+02:00", "2015-06-29T20:39:09.000Z"],
    ["2015-06-29T22:39:09+0200", "2015-06-29T20:39:09.000Z"],
    ["2015-06-29T18:09:09-02:30", "2015-06-29T20:39:09.000Z"],
    ["1970-1-1T00:00:00Z", "1970-01-01T00:00:00.000Z"],
    ["2015-06-29 20:39:09z", "2015-06-29T20:39:09.000Z"],
    ["2025-01-01T23:59:99Z", "2025-01-02T00:00:39.000Z"],
  ])("reads %s", (text, iso) => {
    expect(new Date(parseLooseTime(text) as number).toISOString()).toBe(iso);
  });

  test.each(["0000-01-01T00:00:00+02:00", "9999-12-31T23:59:59-02:00", "9999-12-31T23:59:60Z"])(
    "does not read %s, for no DateTime in UTC says it",
    (text) => {
      expect(parseLooseTime(text)).toBeUndefined();
      expect(parseTime(text)).toBeUndefined();
    },
  );

  test.each(["yesterday", "2015-06-29", "2015-06-31T00:00:00Z", "2015-06-29T20:39Z", ""])(
    "does not read %j",
    (text) => {
      expect(parseLooseTime(text)).toBeUndefined();
    },
  );
});

test("formats read back", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_000_000_000_000 }), (ms) => {
      expect(parseTime(formatTime(ms))).toBe(ms);
      expect(parseTime(formatSeconds(ms))).toBe(Math.floor(ms / 1000) * 1000);
    }),
  );
  expect(formatTime(0)).toBe("1970-01-01T00:00:00Z");
  expect(formatTime(5)).toBe("1970-01-01T00:00:00.005Z");
});

test("compareTimes orders instants, however they are written", () => {
  expect(compareTimes("2026-01-01T00:00:00Z", "2026-01-01T00:00:00.000Z")).toBe(0);
  expect(compareTimes("2026-01-01T00:00:00", "2026-01-01T00:00:01Z")).toBeLessThan(0);
  expect(compareTimes("2026-01-01T02:00:00+02:00", "2026-01-01T00:00:00Z")).toBe(0);
  expect(compareTimes("never", "1970-01-01T00:00:00Z")).toBeLessThan(0);
  expect(compareTimes("never", "soon")).toBe(0);
});
