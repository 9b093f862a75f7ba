import { beforeAll, describe, expect, test } from "vitest";
import { example } from "../../sandbox/fixtures/example.ts";
import type { Answer, OcpiObject } from "../../sandbox/types.ts";
import { VERSIONS, type Version } from "../../sandbox/versions.ts";
import { type Connection, headersOf, sendRaw, urlOf, useWorld, violationsOf } from "../../support/ocpi.ts";
import { brief, expectRefusal } from "./access.ts";

const world = useWorld();
const partners = {} as Record<Version, Connection>;
const TOTAL = 25;
const [DOZEN, HALF] = [12, 5];
const dated: readonly Version[] = ["2.1.1", "2.2", "2.2.1", "2.3.0"];

const idOf = (n: number): string => `LOC-${String(n).padStart(2, "0")}`;
const momentOf = (n: number): string => `2025-01-01T00:00:${String(n).padStart(2, "0")}Z`;

/** An own Location; its `last_updated` runs against the order of creation, so that no list can follow that by accident. */
function location(n: number, more: OcpiObject = {}): OcpiObject {
  const owner = { country_code: "NL", party_id: "GWY" };
  return example("2.3.0", "locations", { ...owner, id: idOf(n), evses: [], last_updated: momentOf(59 - n), ...more });
}

const ids = (data: Answer["data"]): string[] => (data as OcpiObject[]).map(({ id }) => id);
const range = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, i) => idOf(from + i));

/** GET a URL of the list as it stands. */
function get(version: Version, queryOrUrl: string, module = "locations"): Promise<Answer> {
  const connection = partners[version];
  const url = queryOrUrl.startsWith("http") ? queryOrUrl : `${urlOf(connection, module, "SENDER")}${queryOrUrl}`;
  return sendRaw(url, { headers: headersOf(connection) });
}

/** The URL of `rel="next"`, its query read. */
function nextOf({ headers }: Answer): URL | undefined {
  const link = /^<([^>]+)>; rel="next"$/.exec(headers.link ?? "");
  return link ? new URL(link[1] ?? "") : undefined;
}

/** Follows Link to the end. `between` acts after each page but the last. */
async function crawl(version: Version, query: string, between?: (page: number) => Promise<unknown>, module?: string) {
  const pages: Answer[] = [];
  for (let url: string | undefined = query; url !== undefined; ) {
    const page = await get(version, url, module);
    expect(brief(page)).toBe("200 1000");
    pages.push(page);
    url = nextOf(page)?.href;
    if (url !== undefined) await between?.(pages.length);
  }
  return pages;
}

beforeAll(async () => {
  await world.api("PUT", "/parties/NL/GWY", { roles: ["CPO"], business_details: { name: "Gateway" } });
  const lines = Array.from({ length: TOTAL }, (_, n) => JSON.stringify(location(n))).join("\n");
  const imported = await world.api("PUT", "/locations", lines, { "content-type": "application/x-ndjson" });
  expect(imported.status).toBe(200);
  const settings = { push: false };
  for (const [i, version] of VERSIONS.entries()) {
    partners[version] = await world.connect({ version, role: "EMSP", party: `DE/E${i}X`, settings });
  }
});

describe.each(VERSIONS)("a list of OCPI %s", (version) => {
  test("is read page by page along Link, in order of creation", async () => {
    const pages = await crawl(version, `?limit=${DOZEN}`);
    expect(pages.map(({ data }) => ids(data))).toEqual([range(0, 12), range(12, 24), range(24, 25)]);
    expect(pages.map(({ headers }) => headers["x-total-count"])).toEqual(["25", "25", "25"]);
    // The most objects of a page, not how many this one has.
    expect(pages.map(({ headers }) => headers["x-limit"])).toEqual(["12", "12", "12"]);
    expect(pages.map(({ headers }) => headers.link === undefined)).toEqual([false, false, true]);
    const next = nextOf(pages[0] as Answer);
    expect(next?.origin).toBe(world.url);
    expect([next?.searchParams.get("offset"), next?.searchParams.get("limit")]).toEqual(["12", "12"]);
  });

  test("is read by clients that count themselves", async () => {
    expect(ids((await get(version, "?offset=20&limit=3")).data)).toEqual(range(20, 23));
    expect(ids((await get(version, "?offset=23")).data)).toEqual(range(23, 25));
    const beyond = await get(version, "?offset=25");
    expect([brief(beyond), beyond.data, beyond.headers.link]).toEqual(["200 1000", [], undefined]);
    expect(beyond.headers["x-total-count"]).toBe("25");
  });

  test("is capped, and X-Limit tells", async () => {
    const answer = await get(version, "?limit=1000000");
    expect([answer.headers["x-limit"], ids(answer.data).length]).toEqual(["1000", TOTAL]);
    expect((await get(version, "")).headers["x-limit"]).toBe("100");
  });

  test.each([
    "limit=0",
    "limit=-5",
    "limit=NaN",
    "limit=1e3",
    "limit=0x10",
    "limit=5&limit=9",
    "limit=99999999999999999999",
    "offset=-1",
    "offset=1.5",
    "offset=99999999999999999999",
    "offset=0&offset=10",
  ])("refuses %s", async (query) => {
    expectRefusal(await get(version, `?${query}`), 200, 2001);
  });

  test("that is empty is an empty list", async () => {
    const answer = await get(version, "?limit=10", "tariffs");
    expect([brief(answer), answer.data, answer.headers["x-total-count"], answer.headers.link]).toEqual([
      "200 1000",
      [],
      "0",
      undefined,
    ]);
  });

  test("nobody saw anything its version forbids", async () => {
    const { partner } = partners[version];
    expect(ids(await partner.pull("locations", { limit: 7 }))).toEqual(range(0, TOTAL));
    expect(violationsOf(partners[version])).toEqual([]);
  });
});

describe.each(dated)("date filters of OCPI %s", (version) => {
  test("date_from is inclusive, date_to exclusive", async () => {
    const between = `?date_from=${momentOf(40)}&date_to=${momentOf(45)}`;
    const answer = await get(version, between);
    // 59 - n from 40 up to but not with 45: n from 15 to 19.
    expect(ids(answer.data)).toEqual(range(15, 20));
    expect(answer.headers["x-total-count"]).toBe("5");
  });

  test("are repeated in Link, and the total keeps to them", async () => {
    const pages = await crawl(version, `?date_from=${momentOf(40)}&date_to=${momentOf(52)}&limit=${HALF}`);
    expect(pages.flatMap(({ data }) => ids(data))).toEqual(range(8, 20));
    expect(new Set(pages.map(({ headers }) => headers["x-total-count"]))).toEqual(new Set(["12"]));
    const query = nextOf(pages[0] as Answer)?.searchParams;
    expect([query?.get("date_from"), query?.get("date_to")]).toEqual([momentOf(40), momentOf(52)]);
  });

  test("may be written without Z, with fractions and with an offset", async () => {
    for (const from of ["2025-01-01T00:00:59", "2025-01-01T00:00:58.500Z", "2025-01-01T01:00:59%2B01:00"]) {
      expect(ids((await get(version, `?date_from=${from}`)).data)).toEqual(range(0, 1));
    }
  });

  test("that contradict each other match nothing; what is no date is refused", async () => {
    const answer = await get(version, `?date_from=${momentOf(45)}&date_to=${momentOf(40)}`);
    expect([brief(answer), answer.data]).toEqual(["200 1000", []]);
    for (const query of [
      "date_from=x",
      "date_to=2025-13-01T00:00:00Z",
      "date_from=",
      "date_from=2025&date_from=2026",
    ]) {
      expectRefusal(await get(version, `?${query}`), 200, 2001);
    }
  });
});

// Last, for it changes what is there.
describe("a crawl during writes", () => {
  test("neither skips nor repeats", async () => {
    const touch = (n: number) =>
      world.api("PUT", `/locations/NL/GWY/${idOf(n)}`, location(n, { last_updated: momentOf(59), name: "touched" }));
    const pages = await crawl("2.2.1", `?limit=${HALF}`, async (page) => {
      if (page === 1) await Promise.all([touch(0), touch(6), touch(24)]);
      if (page === 2) await touch(11);
      if (page === 3) await world.api("PUT", `/locations/NL/GWY/${idOf(TOTAL)}`, location(TOTAL));
    });
    expect(pages.flatMap(({ data }) => ids(data))).toEqual(range(0, TOTAL + 1));
    expect(pages.at(-1)?.headers["x-total-count"]).toBe(String(TOTAL + 1));
  });

  test("does not skip what stands behind something that was deleted", async () => {
    for (let n = 0; n < 10; n++) {
      const owner = { country_code: "NL", party_id: "GWY" };
      await world.api("PUT", `/tariffs/NL/GWY/T${n}`, example("2.3.0", "tariffs", { ...owner, id: `T${n}` }));
    }
    const gone = ["T0", "T1", "T7"];
    const pages = await crawl(
      "2.2.1",
      "?limit=3",
      async (page) => {
        if (page === 1) for (const id of gone) await world.api("DELETE", `/tariffs/NL/GWY/${id}`);
      },
      "tariffs",
    );
    expect(pages.flatMap(({ data }) => ids(data))).toEqual(["T0", "T1", "T2", "T3", "T4", "T5", "T6", "T8", "T9"]);
  });

  test("what leaves the window of the dates leaves the total", async () => {
    const query = `?date_to=${momentOf(45)}&limit=${HALF}`;
    const before = (await get("2.2.1", query)).headers["x-total-count"];
    await world.api("PUT", `/locations/NL/GWY/${idOf(20)}`, location(20, { last_updated: momentOf(59) }));
    expect((await get("2.2.1", query)).headers["x-total-count"]).toBe(String(Number(before) - 1));
  });
});
