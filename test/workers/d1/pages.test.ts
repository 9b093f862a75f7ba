import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { readPage } from "../../../src/cloudflare/d1/object-pages.ts";
import { visibility } from "../../../src/gateway/entitlement.ts";
import { deleteObject, putObject } from "../../../src/gateway/objects.ts";
import type { ListFilter, PageQuery } from "../../../src/ports/objects.ts";
import type { Partner, Party } from "../../../src/ports/partners.ts";
import {
  addPartner,
  addParty,
  calls,
  clock,
  objects,
  operator,
  ports,
  rows,
  setStatus,
  writerOf,
  wrongCounts,
} from "../../support/object-world.ts";

/** A row as the naive model reads it: everything, without any index. */
interface Row {
  seq: number;
  id: string;
  partner: string;
  country_code: string;
  party_id: string;
  recipient: string;
  audience: string;
  updated_ms: number;
  received_ms: number;
}

const start = clock.now();
const ownParties: Party[] = [];
const partners: Partner[] = [];

beforeAll(async () => {
  ownParties.push(await addParty("NL", "ONE", ["CPO", "HUB"]), await addParty("NL", "TWO"));
  partners.push(await addPartner("cpo1", "CPO DE ABC", "EMSP DE ABC"), await addPartner("cpo2", "CPO FR DEF"));
  partners.push(await addPartner("emsp1", "EMSP BE EMS"), await addPartner("nsp1", "NSP BE NSP"));
});

/** One random write: who, which object, what. */
const write = fc.record({
  owner: fc.constantFrom("NL ONE", "NL TWO", "DE ABC", "FR DEF"),
  id: fc.integer({ min: 0, max: 9 }).map((n) => `id${n}`),
  module: fc.constantFrom("locations", "tariffs"),
  what: fc.constantFrom("put", "put", "put", "delete"),
  shown: fc.constantFrom("all", "all", "some", "none"),
  recipient: fc.constantFrom("", "", "", "emsp1", "nsp1"),
  day: fc.integer({ min: 1, max: 28 }),
});

async function apply(op: typeof write extends fc.Arbitrary<infer T> ? T : never): Promise<void> {
  const [country_code = "", party_id = ""] = op.owner.split(" ");
  const partner = partners.find(({ roles }) => roles.some((role) => role.party_id === party_id));
  const writer = partner === undefined ? operator : writerOf(partner);
  const target = { module: op.module, country_code, party_id, id: op.id, ciIds: true, recipient: op.recipient };
  clock.ms += 1000;
  if (op.what === "delete") await deleteObject(ports, writer, target);
  else {
    const publish =
      op.shown === "all" ? {} : { publish: false, publish_allowed_to: op.shown === "some" ? [{ issuer: "x" }] : [] };
    const last_updated = new Date(Date.UTC(2026, 2, op.day)).toISOString();
    await putObject(ports, writer, target, { ...publish, name: String(clock.ms), last_updated });
  }
}

/** What a list must hold, by reading everything. */
async function naive(module: string, filter: ListFilter): Promise<string[]> {
  const all = await rows<Row>("SELECT * FROM objects WHERE module = ? AND deleted = 0 ORDER BY seq", module);
  const { visibility: seen, updatedFrom = -Infinity, updatedTo = Infinity } = filter;
  const within = (ms: number): boolean => ms >= updatedFrom && ms < updatedTo;
  return all
    .filter((row) => {
      if (seen !== undefined) {
        const own =
          row.partner === "" && (seen.own === null || seen.own.includes(`${row.country_code}*${row.party_id}`));
        const relayed = seen.relayed && row.partner !== "" && row.partner !== seen.reader;
        if (!own && !relayed) return false;
        if (row.recipient !== "" && row.recipient !== seen.reader) return false;
        if (!seen.audiences.includes(row.audience)) return false;
      }
      if (filter.owner !== undefined && (filter.owner === "own") !== (row.partner === "")) return false;
      if (filter.partner !== undefined && filter.partner !== row.partner) return false;
      if (filter.party_id !== undefined && filter.party_id !== row.party_id) return false;
      return within(row.updated_ms) || (seen !== undefined && row.partner !== "" && within(row.received_ms));
    })
    .map(({ seq }) => String(seq));
}

async function page(query: Partial<PageQuery>): Promise<{ seqs: string[]; total: number | null; more: boolean }> {
  calls();
  const found = await objects.page(operator.actor, {
    module: "locations",
    filter: {},
    offset: 0,
    after: null,
    limit: 10,
    ...query,
    withTotal: true,
  });
  expect(calls()).toBe(1);
  if (!found.ok) throw new Error(found.why);
  const { rows: list, total, more } = found.value;
  return { seqs: list.map(({ seq }) => String(seq)), total, more };
}

const filters = fc.record(
  {
    visibility: fc
      .record({
        reader: fc.integer({ min: 0, max: 3 }),
        hub: fc.boolean(),
        module: fc.constant("locations"),
        share: fc.boolean(),
      })
      .map(({ reader, hub, module, share }) => {
        const partner = partners[reader] as Partner;
        const settings = share ? { ...partner.settings, share: { parties: ["nl*two"] } } : partner.settings;
        return visibility({ ...partner, settings }, module, hub ? ownParties : []) ?? undefined;
      }),
    owner: fc.constantFrom("own" as const, "partner" as const),
    partner: fc.constantFrom("cpo1", "cpo2"),
    party_id: fc.constantFrom("ONE", "ABC"),
    updatedFrom: fc.oneof(
      fc.integer({ min: 1, max: 28 }).map((day) => Date.UTC(2026, 2, day)),
      fc.integer({ min: 0, max: 300 }).map((n) => start + n * 1000),
    ),
    updatedTo: fc.integer({ min: 1, max: 28 }).map((day) => Date.UTC(2026, 2, day)),
  },
  { requiredKeys: [] },
);

test("counts stay what counting gives, and every page is what reading everything gives", {
  timeout: 60_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(write, { minLength: 5, maxLength: 25 }),
      fc.array(fc.tuple(filters, fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 12 })), {
        minLength: 5,
        maxLength: 10,
      }),
      async (ops, queries) => {
        for (const op of ops) await apply(op);
        expect(await wrongCounts()).toEqual([]);
        for (const [filter, offset, limit] of queries) {
          const expected = await naive("locations", filter);
          expect(await page({ filter, offset, limit })).toEqual({
            seqs: expected.slice(offset, offset + limit),
            total: expected.length,
            more: offset + limit < expected.length,
          });
          const after = Number(expected[offset] ?? 0);
          const rest = expected.filter((seq) => Number(seq) > after);
          expect(await page({ filter, after, limit })).toEqual({
            seqs: rest.slice(0, limit),
            total: expected.length,
            more: limit < rest.length,
          });
        }
      },
    ),
    { numRuns: 8 },
  );
});

test("a crawl by position neither skips nor repeats while objects are written and deleted", {
  timeout: 30_000,
}, async () => {
  const { country_code, party_id } = await addParty("NL", "CRW");
  const target = (id: string) => ({ module: "tariffs", country_code, party_id, id, ciIds: true });
  for (let n = 0; n < 30; n++) await putObject(ports, operator, target(`t${n}`), { currency: "EUR" });
  const filter = { country_code, party_id };
  const seen: string[] = [];
  let after: number | null = null;
  for (let round = 0, more = true; more; round++) {
    const found = await objects.page(operator.actor, {
      module: "tariffs",
      filter,
      offset: 0,
      after,
      limit: 4,
      withTotal: false,
    });
    if (!found.ok) throw new Error(found.why);
    seen.push(...found.value.rows.map(({ text }) => JSON.parse(text).id));
    after = found.value.rows.at(-1)?.seq ?? after;
    more = found.value.more;
    await deleteObject(ports, operator, target(`t${round}`));
    await putObject(ports, operator, target(`t${29 - round}`), { currency: "NOK" });
    if (round < 5) await putObject(ports, operator, target(`new${round}`), { currency: "EUR" });
  }
  const all = [...Array.from({ length: 30 }, (_, n) => `t${n}`), ...Array.from({ length: 5 }, (_, n) => `new${n}`)];
  // Deleted ones were deleted behind the crawl, so everything must have been seen once.
  expect(seen).toEqual(all);
});

test("the feed of changes can be read in pieces of any size and holds every change in order", async () => {
  const seen = visibility(partners[2] as Partner, "locations", ownParties);
  if (seen === null) throw new Error("an eMSP reads locations");
  const head = await objects.head();
  const whole = await objects.changes({ module: "locations", after: 0, upTo: head, limit: 1000, visibility: seen });
  expect(whole.length).toBeGreaterThan(0);
  expect(whole.every(({ recipient }) => recipient === "" || recipient === "emsp1")).toBe(true);
  const pieces: number[] = [];
  for (let after = 0, done = false; !done; ) {
    const piece = await objects.changes({ module: "locations", after, upTo: head, limit: 3, visibility: seen });
    pieces.push(...piece.map(({ revision }) => revision));
    after = piece.at(-1)?.revision ?? head;
    done = piece.length < 3;
  }
  expect(pieces).toEqual(whole.map(({ revision }) => revision));
  expect(pieces).toEqual([...new Set(pieces)].sort((a, b) => a - b));
});

test("objects of a partner that is not registered any more are kept and shown to no partner", async () => {
  const seen = visibility(partners[2] as Partner, "locations", ownParties);
  if (seen === null) throw new Error("an eMSP reads locations");
  const before = await page({ filter: { visibility: seen, partner: "cpo1" } });
  expect(before.total).toBeGreaterThan(0);
  await setStatus(partners[0] as Partner, "UNREGISTERED");
  expect(await page({ filter: { visibility: seen, partner: "cpo1" } })).toEqual({ seqs: [], total: 0, more: false });
  expect((await page({ filter: { partner: "cpo1" } })).total).toBeGreaterThan(0);
});

test("rows of a page are found, and others skipped, in an index alone", async () => {
  const seen = visibility(partners[2] as Partner, "locations", ownParties);
  const own = visibility(partners[2] as Partner, "locations", []);
  if (seen === null || own === null) throw new Error("an eMSP reads locations");
  const lists: [ListFilter, string][] = [
    [{}, "objects_creation (module=?)"],
    [{ visibility: seen }, "objects_creation (module=?)"],
    [{ visibility: own }, "objects_partner (module=? AND partner=?)"],
    [{ partner: "cpo1" }, "objects_partner (module=? AND partner=?)"],
    [{ visibility: seen, updatedFrom: 5 }, "objects_updated (module=? AND changed_ms>?)"],
  ];
  for (const [filter, index] of lists) {
    for (const position of [{ offset: 0 }, { offset: 7 }, { after: 3 }]) {
      const asked = { module: "locations", filter, offset: 0, after: null, limit: 5, ...position, withTotal: true };
      const plan = await planOf((db) => readPage(db, operator.actor, asked));
      const finds = plan.filter((step) => / o USING .*INDEX objects_/.test(step));
      expect(finds.length).toBeGreaterThan(0);
      for (const step of finds) expect(step).toContain(`COVERING INDEX ${index.slice(0, -1)}`);
      expect(plan.filter((step) => /SCAN o\b/.test(step))).toEqual([]);
    }
  }
});

/** How the database goes about the one statement of a query. */
async function planOf(query: (db: D1Database) => Promise<unknown>): Promise<string[]> {
  let plan: string[] = [];
  const spy = {
    prepare: (text: string) => ({
      bind: (...params: unknown[]) => ({
        all: async () => {
          plan = (await rows<{ detail: string }>(`EXPLAIN QUERY PLAN ${text}`, ...params)).map(({ detail }) => detail);
          return { results: [] };
        },
      }),
    }),
  };
  await query(spy as unknown as D1Database);
  return plan;
}
