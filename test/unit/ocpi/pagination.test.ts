import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { QueryParam } from "../../../src/ocpi/endpoints.ts";
import { DEFAULT_LIMIT, MAX_LIMIT, pageHeaders, readPage } from "../../../src/ocpi/pagination.ts";

const dated: QueryParam[] = ["date_from", "date_to", "offset", "limit"];
const read = (query: string, allowed = dated) => readPage(new URLSearchParams(query), allowed);

describe("parameters", () => {
  test("all are optional", () => {
    expect(read("")).toEqual({
      ok: true,
      value: { offset: 0, limit: DEFAULT_LIMIT, after: null, dateFrom: null, dateTo: null, filters: [] },
    });
  });

  test("a limit above ours is lowered", () => {
    const page = read("limit=1000000");
    expect(page.ok && page.value.limit).toBe(MAX_LIMIT);
  });

  test.each([
    "limit=0",
    "limit=-1",
    "limit=1e3",
    "limit=",
    "limit=5&limit=9",
    "offset=-1",
    "offset=1.5",
    "offset=99999999999999999999",
    "offset=2000000",
    "offset=x",
    "date_from=x",
    "date_from=",
    "date_to=2026-13-01T00:00:00Z",
    "date_from=2026-01-01T00:00:00Z&date_from=2026-01-02T00:00:00Z",
    `date_from=2026-01-01T00:00:00.${"0".repeat(50_000)}Z`,
    "after=x",
  ])("%.60s is refused", (query) => {
    const page = read(query);
    expect(page.ok).toBe(false);
    if (!page.ok) expect(page.error.map(({ pointer }) => pointer)).toEqual([query.split("=")[0]]);
  });

  test.each([
    ["2026-01-01T00:00:00Z", Date.UTC(2026, 0, 1)],
    ["2026-01-01T00:00:00", Date.UTC(2026, 0, 1)],
    ["2026-01-01T00:00:00.250Z", Date.UTC(2026, 0, 1) + 250],
    ["2026-01-01T02:00:00+02:00", Date.UTC(2026, 0, 1)],
  ])("date_from=%s is a time, `+` encoded or not", (text, time) => {
    for (const written of [encodeURIComponent(text), text]) {
      const page = read(`date_from=${written}`);
      expect(page.ok && page.value.dateFrom).toBe(time);
    }
  });

  test("from behind to is no fault: nothing matches", () => {
    expect(read("date_from=2026-02-01T00:00:00Z&date_to=2026-01-01T00:00:00Z").ok).toBe(true);
  });

  test("what the endpoint does not have is ignored", () => {
    const page = read("date_from=x&type=RFID&foo=1", ["offset", "limit"]);
    expect(page.ok && page.value.filters).toEqual([]);
  });
});

describe("headers", () => {
  const url = "https://gw.example/ocpi/2.2.1/sender/locations";
  const info = { total: 250, last: 77, more: true };

  test("the last page has no Link", () => {
    const page = read("offset=200");
    if (!page.ok) throw new Error("unreadable");
    expect(pageHeaders(url, page.value, { ...info, more: false })).toEqual({
      "X-Total-Count": "250",
      "X-Limit": "100",
    });
  });

  test("Link has numeric offset and limit, the position, and every filter", () => {
    const page = read("date_from=2026-01-01T00:00:00%2B01:00&limit=50&offset=100");
    if (!page.ok) throw new Error("unreadable");
    expect(pageHeaders(url, page.value, info).Link).toBe(
      `<${url}?date_from=2026-01-01T00%3A00%3A00%2B01%3A00&offset=150&limit=50&after=77>; rel="next"`,
    );
  });

  test("following Link leads on from where the page ended, with the same filters", () => {
    const time = fc
      .date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true })
      .map((date) => date.toISOString());
    const query = fc.record(
      { offset: fc.nat(1_000_000), limit: fc.integer({ min: 1, max: 5_000 }), date_from: time, date_to: time },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(query, fc.nat(), (asked, last) => {
        const first = read(new URLSearchParams(Object.entries(asked).map(([k, v]) => [k, String(v)])).toString());
        if (!first.ok) throw new Error("unreadable");
        const link = pageHeaders(url, first.value, { total: 9, last, more: true }).Link ?? "";
        const next = read(link.slice(link.indexOf("?") + 1, link.indexOf(">")));
        expect(next).toEqual({
          ok: true,
          value: { ...first.value, after: last, offset: first.value.offset + first.value.limit },
        });
      }),
    );
  });
});
