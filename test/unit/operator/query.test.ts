import * as v from "valibot";
import { expect, test } from "vitest";
import { cursorOf, listEntries, readCursor, readQuery, TimeText } from "../../../src/operator/query.ts";

const schema = v.object({ ...listEntries, since: v.optional(TimeText), state: v.optional(v.picklist(["A", "B"])) });
const read = (text: string) => readQuery(schema, new URLSearchParams(text));

test("defaults, numbers, and unknown parameters", () => {
  expect(read("")).toEqual({ ok: true, value: { limit: 100 } });
  expect(read("limit=7&nobody=knows&state=B")).toEqual({ ok: true, value: { limit: 7, state: "B" } });
});

test.each([
  "limit=0",
  "limit=1001",
  "limit=1.5",
  "limit=x",
  "limit=",
  "limit=-1",
  "limit=1e3",
  `limit=${"9".repeat(30)}`,
])("%s is refused", (text) => {
  expect(read(text)).toMatchObject({ ok: false, error: { kind: "bad_request", faults: [{ pointer: "/limit" }] } });
});

test.each(["since=yesterday", "state=C", `since=2026-01-01T00:00:00.${"0".repeat(50_000)}Z`])(
  "%.30s is refused",
  (text) => {
    expect(read(text)).toMatchObject({ ok: false, error: { kind: "bad_request" } });
  },
);

test("a cursor is read back, and nothing else is one", () => {
  const Position = v.object({ after: v.string() });
  const position = { after: "é/+ 1" };
  expect(readCursor(Position, cursorOf(position))).toEqual({ ok: true, value: position });
  expect(cursorOf(position)).toMatch(/^[A-Za-z0-9_-]+$/);
  expect(readCursor(Position, undefined)).toEqual({ ok: true, value: null });
  for (const text of ["x", "%%%", cursorOf({ before: 1 }), btoa("[]")]) {
    expect(readCursor(Position, text)).toMatchObject({ ok: false, error: { faults: [{ pointer: "/cursor" }] } });
  }
});
