import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { nextLink } from "../../../src/client/link.ts";
import { compose } from "../../../src/cloudflare/compose.ts";
import { putMany } from "../../../src/gateway/objects.ts";
import type { JsonObject } from "../../../src/lib/json.ts";
import { newest, versionByNumber } from "../../../src/ocpi/versions.ts";
import { createServer } from "../../../src/server/pipeline.ts";
import { countedDb } from "../../support/counted-db.ts";
import { example, numbers } from "./fixtures.ts";
import { ask, type Connected, connect, gateway, ports } from "./partners.ts";

const operator = { actor: { kind: "operator" }, partner: null, origin: newest.number } as const;
const us = { country_code: "NL", party_id: "GWY" };

/** Stores own objects as the operator does. */
async function own(module: string, ...objects: JsonObject[]): Promise<void> {
  const items = objects.map((object) => ({
    target: {
      module,
      ...us,
      id: String(object.id ?? object.uid),
      ciIds: true,
      ...(module === "tokens" ? { type: String(object.type) } : {}),
    },
    model: { ...object, ...us },
  }));
  for (const done of await putMany(ports(), operator, module, items))
    if (!done.ok) throw new Error(JSON.stringify(done.error));
}

const partners = new Map<string, { cpo: Connected; emsp: Connected }>();
const emspOf = (version: string): string => partners.get(version)?.emsp.token ?? "";
const minute = (n: number): string => new Date(Date.UTC(2026, 0, 1, 0, n)).toISOString().replace(".000", "");

beforeAll(async () => {
  await ports().parties.put({ ...us, roles: ["CPO", "EMSP"], business_details: { name: "G" } });
  for (const [i, version] of numbers.entries()) {
    const cpo = await connect(version, { role: "CPO", country_code: "NL", party_id: `C${i}X` });
    partners.set(version, {
      cpo,
      emsp: await connect(version, { role: "EMSP", country_code: "NL", party_id: `E${i}X` }),
    });
  }
  const full = example("2.3.0", "locations", { publish: true });
  await own("tariffs", example("2.3.0", "tariffs"));
  await own("tokens", example("2.3.0", "tokens"));
  await own("locations", ...Array.from({ length: 7 }, (_, n) => ({ ...full, id: `L${n}`, last_updated: minute(n) })));
  await own("locations", { ...full, id: "HIDDEN", publish: false, publish_allowed_to: [] });
});

/** Follows Link from a URL to the end. */
async function crawl(url: string, token: string): Promise<{ pages: JsonObject[][]; totals: string[] }> {
  const pages: JsonObject[][] = [];
  const totals: string[] = [];
  for (let next: string | null = url; next !== null && pages.length < 20; ) {
    const answer = await ask("GET", next, { token });
    expect(answer.body.status_code).toBe(1000);
    pages.push(answer.body.data as JsonObject[]);
    totals.push(answer.headers.get("X-Total-Count") ?? "");
    next = nextLink(answer.headers.get("Link"));
  }
  return { pages, totals };
}

describe.each(numbers)("a partner on %s", (version) => {
  const { dialect, codecs } = versionByNumber(version)!;

  test.each(["locations", "tariffs", "tokens"] as const)("reads a list of %s in its own words", async (module) => {
    const side = module === "tokens" ? "cpo" : "emsp";
    const token = partners.get(version)?.[side].token;
    const answer = await ask("GET", `/ocpi/${version}/sender/${module}`, { token });
    expect(answer.http).toBe(200);
    const kind = ({ locations: "Location", tariffs: "Tariff", tokens: "Token" } as const)[module];
    const list = answer.body.data as JsonObject[];
    expect(list).toHaveLength(module === "locations" ? 7 : 1);
    for (const object of list) expect(codecs[kind].parse(object)).toMatchObject({ ok: true });
    expect(answer.text).not.toContain("wire:");
    expect(answer.headers.get("X-Limit")).toBe("100");
  });

  test("pages through Locations by Link, which the last page has not", async () => {
    const { pages, totals } = await crawl(`${gateway}/ocpi/${version}/sender/locations?limit=3`, emspOf(version));
    expect(pages.map((page) => page.map(({ id }) => id))).toEqual([["L0", "L1", "L2"], ["L3", "L4", "L5"], ["L6"]]);
    expect(totals).toEqual(["7", "7", "7"]);
  });

  test("may count for itself", async () => {
    const answer = await ask("GET", `/ocpi/${version}/sender/locations?offset=5&limit=10`, { token: emspOf(version) });
    expect((answer.body.data as JsonObject[]).map(({ id }) => id)).toEqual(["L5", "L6"]);
    expect(answer.headers.get("Link")).toBeNull();
  });

  test("gets nothing from beyond the end, and an empty list is no error", async () => {
    const answer = await ask("GET", `/ocpi/${version}/sender/locations?offset=500`, { token: emspOf(version) });
    expect([answer.http, answer.body.data, answer.headers.get("X-Total-Count")]).toEqual([200, [], "7"]);
  });

  test("filters by date from, inclusive, to, exclusive, where the version has it", async () => {
    const url = `${gateway}/ocpi/${version}/sender/locations?date_from=${minute(2)}&date_to=${minute(5)}&limit=2`;
    const { pages } = await crawl(url, emspOf(version));
    const ids = pages.flat().map(({ id }) => id);
    expect(ids).toEqual(dialect.dateFilters ? ["L2", "L3", "L4"] : ["L0", "L1", "L2", "L3", "L4", "L5", "L6"]);
  });

  test.each(["limit=0", "limit=x", "offset=-1", "limit=1&limit=2"])("is told that %s is wrong", async (query) => {
    const answer = await ask("GET", `/ocpi/${version}/sender/locations?${query}`, { token: emspOf(version) });
    expect([answer.http, answer.body.status_code]).toEqual([200, 2001]);
  });

  test("reads one Location, EVSE, Connector where the version has it", async () => {
    const token = emspOf(version);
    const url = `/ocpi/${version}/sender/locations/L1`;
    if (!dialect.senderSingleGet) {
      expect((await ask("GET", url, { token })).http).toBe(404);
      return;
    }
    const location = (await ask("GET", url, { token })).body.data as JsonObject;
    const [evse] = location.evses as JsonObject[];
    const [connector] = evse!.connectors as JsonObject[];
    expect((await ask("GET", `${url}/${evse!.uid}`, { token })).body.data).toEqual(evse);
    expect((await ask("GET", `${url}/${evse!.uid}/${connector!.id}`, { token })).body.data).toEqual(connector);
    for (const path of [
      "/ocpi/V/sender/locations/NOPE",
      "/ocpi/V/sender/locations/L1/NOPE",
      "/ocpi/V/sender/locations/HIDDEN",
    ]) {
      expect((await ask("GET", path.replace("V", version), { token })).http, path).toBe(404);
    }
  });

  test("reads nothing that is not for its role", async () => {
    const { cpo, emsp } = partners.get(version)!;
    expect((await ask("GET", `/ocpi/${version}/sender/locations`, { token: cpo.token })).http).toBe(404);
    expect((await ask("GET", `/ocpi/${version}/sender/tokens`, { token: emsp.token })).http).toBe(404);
  });
});

test("a crawl during writes neither skips nor repeats", async () => {
  const token = emspOf("2.2.1");
  const first = await ask("GET", "/ocpi/2.2.1/sender/locations?limit=3", { token });
  await own("locations", example("2.3.0", "locations", { id: "LATE", publish: true, last_updated: minute(9) }));
  await own("locations", example("2.3.0", "locations", { id: "L0", publish: true, last_updated: minute(10) }));
  const rest = await crawl(nextLink(first.headers.get("Link")) ?? "", token);
  expect(rest.pages.flat().map(({ id }) => id)).toEqual(["L3", "L4", "L5", "L6", "LATE"]);
});

test("D1 calls once warm: a page and a GET one, a PUT and a PATCH two, an unchanged PUT one", async () => {
  const { db, calls } = countedDb(env.DB);
  const context = createExecutionContext();
  const counting = compose({ ...env, DB: db }, (work) => context.waitUntil(work));
  const server = createServer({ limiter: async () => true });
  const cpo = partners.get("2.2.1")?.cpo;
  const cost = async (method: string, path: string, token: string, body?: unknown): Promise<number> => {
    calls();
    const request = new Request(gateway + path, {
      method,
      headers: { Authorization: `Token ${token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = await server({ ...counting, journal: ports().journal }, request);
    expect(answer.status).toBeLessThan(300);
    return calls();
  };
  const list = "/ocpi/2.2.1/sender/locations?limit=50";
  const path = "/ocpi/2.2.1/receiver/locations/NL/C3X/COST";
  const location = example("2.2.1", "locations", {
    country_code: "NL",
    party_id: "C3X",
    id: "COST",
    last_updated: minute(0),
  });
  await cost("GET", list, emspOf("2.2.1"));
  expect(await cost("GET", list, emspOf("2.2.1"))).toBe(1);
  expect(await cost("GET", "/ocpi/2.2.1/sender/locations/L1", emspOf("2.2.1"))).toBe(1);
  await cost("PUT", path, cpo!.token, location);
  expect(await cost("GET", path, cpo!.token)).toBe(1);
  const changed = { ...location, name: "new", last_updated: minute(1) };
  expect(await cost("PUT", path, cpo!.token, changed)).toBe(2);
  expect(await cost("PUT", path, cpo!.token, changed)).toBe(1);
  // What was read or written just now needs no look before it is written again.
  expect(await cost("PATCH", path, cpo!.token, { name: "newer", last_updated: minute(2) })).toBe(1);
  const evse = `${path}/${(location.evses as { uid: string }[])[0]?.uid}`;
  expect(await cost("PATCH", evse, cpo!.token, { status: "BLOCKED", last_updated: minute(3) })).toBe(2);
});
