import { env } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import { partnerStore } from "../../../src/cloudflare/d1/partners.ts";
import { visibility } from "../../../src/gateway/entitlement.ts";
import {
  assemble,
  deleteObject,
  getObject,
  partOf,
  patchObject,
  putMany,
  putObject,
} from "../../../src/gateway/objects.ts";
import type { JsonObject } from "../../../src/lib/json.ts";
import { ok } from "../../../src/lib/result.ts";
import type { Target } from "../../../src/ports/objects.ts";
import type { Partner, Party } from "../../../src/ports/partners.ts";
import {
  addPartner,
  addParty,
  calls,
  clock,
  notified,
  objects,
  operator,
  ports,
  rows,
  setStatus,
  settled,
  writerOf,
  wrongCounts,
} from "../../support/object-world.ts";

let own: Party;
let cpo: Partner;
let emsp: Partner;
let other: Partner;

beforeAll(async () => {
  own = await addParty("NL", "OWN");
  cpo = await addPartner("cpo", "CPO DE ABC");
  emsp = await addPartner("emsp", "EMSP FR EMS");
  other = await addPartner("other", "EMSP BE OTH");
});

const at = (module: string, id: string, more: Partial<Target> = {}): Target => ({
  module,
  country_code: "NL",
  party_id: "OWN",
  id,
  ciIds: true,
  ...more,
});
const theirs = (module: string, id: string, more: Partial<Target> = {}): Target =>
  at(module, id, { country_code: "DE", party_id: "ABC", ...more });

const evse = (uid: string, status = "AVAILABLE", time = "2026-01-01T00:00:00Z"): JsonObject => ({
  uid,
  status,
  connectors: [{ id: "1", standard: "IEC_62196_T2", last_updated: time }],
  last_updated: time,
});
const location = (id: string, evses: JsonObject[], time = "2026-01-01T00:00:00Z"): JsonObject => ({
  country_code: "NL",
  party_id: "OWN",
  id,
  publish: true,
  name: `Straße "${id}" \\ ☀`,
  coordinates: { latitude: "52.100000", longitude: "4.300000" },
  evses,
  last_updated: time,
});

const read = async (target: Target): Promise<JsonObject | null> => {
  const found = await getObject(ports, operator.actor, target);
  if (!found.ok) throw new Error(found.why);
  return found.value === null ? null : assemble(found.value);
};

test("an object is stored, read and changed at its price in calls", async () => {
  const target = at("locations", "price");
  const model = location("price", [evse("E1"), evse("E2")]);
  calls();
  expect(await putObject(ports, operator, target, model)).toMatchObject({ ok: true, value: { outcome: "created" } });
  expect(calls()).toBe(2);
  expect(await read(target)).toEqual(model);
  expect(calls()).toBe(1);
  expect(await putObject(ports, operator, target, model)).toMatchObject({ value: { outcome: "unchanged" } });
  expect(calls()).toBe(1);
  const part = { ...target, evse_uid: "e2" };
  const patched = await patchObject(ports, operator, part, (stored) =>
    ok({ ...stored, status: "CHARGING", last_updated: "2026-01-02T00:00:00Z" }),
  );
  expect(patched).toMatchObject({ value: { outcome: "updated" } });
  expect(calls()).toBe(2);
  const text = await objects.getText(operator.actor, {
    module: "locations",
    country_code: "NL",
    party_id: "OWN",
    id_key: "PRICE",
    recipient: "",
  });
  expect(calls()).toBe(1);
  const whole = location(
    "price",
    [evse("E1"), { ...evse("E2", "CHARGING"), last_updated: "2026-01-02T00:00:00Z" }],
    "2026-01-02T00:00:00Z",
  );
  expect(text.ok && text.value && JSON.parse(text.value.text)).toEqual(whole);
  expect(await read(target)).toEqual(whole);
  await settled();
  expect(notified).toContain("locations");
});

test("a change of one EVSE rewrites that EVSE alone", async () => {
  const target = at("locations", "one");
  await putObject(ports, operator, target, location("one", [evse("E1"), evse("E2"), evse("E3")]));
  const before = await rows<{ uid: string; revision: number }>(
    "SELECT uid, e.revision FROM evses e JOIN objects o ON o.seq = e.object WHERE o.id = 'one'",
  );
  await putObject(ports, operator, { ...target, evse_uid: "E2" }, evse("E2", "BLOCKED", "2026-02-01T00:00:00Z"));
  const after = await rows<{ uid: string; revision: number }>(
    "SELECT uid, e.revision FROM evses e JOIN objects o ON o.seq = e.object WHERE o.id = 'one'",
  );
  expect(after.filter((row, index) => row.revision !== before[index]?.revision).map(({ uid }) => uid)).toEqual(["E2"]);
});

test("events hold the whole object as it stands after the change", async () => {
  const target = theirs("locations", "told", { ciIds: false });
  const model = { ...location("told", [evse("E1"), evse("E2")]), country_code: "DE", party_id: "ABC" };
  await putObject(ports, writerOf(cpo), target, model);
  await putObject(ports, writerOf(cpo), { ...target, evse_uid: "E3" }, evse("E3", "UNKNOWN", "2026-03-01T00:00:00Z"));
  const told = await rows<{ type: string; partner: string; data: string }>(
    "SELECT type, partner, data FROM events WHERE partner = 'cpo' ORDER BY id",
  );
  expect(told.map(({ type }) => type)).toEqual(["location.changed", "location.changed"]);
  expect(JSON.parse(told[0]?.data ?? "")).toEqual({ partner: "cpo", location: model });
  expect(JSON.parse(told[1]?.data ?? "")).toEqual({ partner: "cpo", location: await read(target) });
});

test("a deletion leaves a tombstone that the feed tells of, and the name can be used again", async () => {
  const target = at("tariffs", "gone");
  const model = {
    country_code: "NL",
    party_id: "OWN",
    id: "gone",
    currency: "EUR",
    elements: [],
    last_updated: "2026-01-01T00:00:00Z",
  };
  await putObject(ports, operator, target, model);
  const head = await objects.head();
  expect(await deleteObject(ports, operator, target)).toMatchObject({ ok: true });
  expect(await read(target)).toBeNull();
  expect(await deleteObject(ports, operator, target)).toMatchObject({ ok: false, error: { kind: "unknown_object" } });
  const seen = visibility(emsp, "tariffs", [own]);
  if (seen === null) throw new Error("an eMSP reads tariffs");
  const changes = await objects.changes({
    module: "tariffs",
    after: head,
    upTo: await objects.head(),
    limit: 10,
    visibility: seen,
  });
  expect(changes).toMatchObject([{ id: "gone", deleted: true }]);
  expect(await rows("SELECT type FROM events WHERE type LIKE 'tariff.%' ORDER BY id")).toEqual([
    { type: "tariff.changed" },
    { type: "tariff.deleted" },
  ]);
  expect(await wrongCounts()).toEqual([]);
  expect(await putObject(ports, operator, target, model)).toMatchObject({ value: { outcome: "created" } });
  expect(await read(target)).toEqual(model);
  expect(await wrongCounts()).toEqual([]);
  expect(await deleteObject(ports, operator, at("locations", "price"))).toMatchObject({
    error: { kind: "method_not_allowed" },
  });
});

test("of many writers of one object every one gets in", async () => {
  const target = at("locations", "busy");
  const uids = Array.from({ length: 8 }, (_, index) => `E${index}`);
  await putObject(
    ports,
    operator,
    target,
    location(
      "busy",
      uids.map((uid) => evse(uid)),
    ),
  );
  const done = await Promise.all(
    uids.map((uid) =>
      putObject(ports, operator, { ...target, evse_uid: uid }, evse(uid, "CHARGING", "2026-04-01T00:00:00Z")),
    ),
  );
  expect(done.every((result) => result.ok && result.value.outcome === "updated")).toBe(true);
  const whole = await read(target);
  expect(uids.map((uid) => partOf(whole ?? {}, { ...target, evse_uid: uid })?.status)).toEqual(
    uids.map(() => "CHARGING"),
  );
});

test("a write decided on an older state changes nothing at all", async () => {
  const target = at("tariffs", "raced");
  const model = { id: "raced", currency: "EUR", last_updated: "2026-01-01T00:00:00Z" };
  await putObject(ports, operator, target, model);
  const found = await objects.load(
    operator.actor,
    [{ module: "tariffs", country_code: "NL", party_id: "OWN", id_key: "RACED", recipient: "" }],
    "none",
  );
  const before = found.ok ? found.value[0]?.object : undefined;
  if (!before) throw new Error("it was stored");
  await putObject(ports, operator, target, { ...model, currency: "NOK" });
  const state = await rows(
    "SELECT (SELECT n FROM counter) n, (SELECT count(*) FROM events) e, (SELECT count(*) FROM objects) o, (SELECT sum(n) FROM counts) c",
  );
  const write = {
    ...before,
    ref: before,
    before,
    body: { ...before.body, currency: "SEK" },
    alias: null,
    event: "tariff.changed",
    evses: [],
    part: null,
  };
  const fresh = { ...write, ref: { ...before, id_key: "FRESH" }, before: null, id: "fresh" };
  expect(await objects.commit(operator.actor, [fresh, write], [{ type: "x.y", partner: null, data: {} }])).toBe(
    "conflict",
  );
  expect(await objects.commit(operator.actor, [{ ...write, before: null }], [])).toBe("conflict");
  const stale = { kind: "partner", id: cpo.id, epoch: cpo.epoch + 7 } as const;
  expect(await objects.commit(stale, [fresh], [])).toBe("stale");
  expect(
    await rows(
      "SELECT (SELECT n FROM counter) n, (SELECT count(*) FROM events) e, (SELECT count(*) FROM objects) o, (SELECT sum(n) FROM counts) c",
    ),
  ).toEqual(state);
  expect(await objects.commit(operator.actor, [fresh], [{ type: "x.y", partner: null, data: { a: 1 } }])).toBe(
    "committed",
  );
  expect(await rows("SELECT type, data FROM events ORDER BY id DESC LIMIT 1")).toEqual([
    { type: "x.y", data: '{"a":1}' },
  ]);
});

test("a partner that changed since it was authenticated reads and writes nothing", async () => {
  const gone = await addPartner("gone", "CPO SE GON");
  const target = theirs("locations", "L", { country_code: "SE", party_id: "GON" });
  const model = { ...location("L", [evse("E1")]), country_code: "SE", party_id: "GON" };
  expect(await putObject(ports, writerOf(gone), target, model)).toMatchObject({ ok: true });
  await setStatus(gone, "SUSPENDED");
  expect(await putObject(ports, writerOf(gone), target, model)).toEqual({ ok: false, error: "stale" });
  expect(await getObject(ports, writerOf(gone).actor, target)).toEqual({ ok: false, why: "stale" });
  const query = { module: "locations", filter: {}, offset: 0, after: null, limit: 5, withTotal: true };
  expect(await objects.page(writerOf(gone).actor, query)).toEqual({ ok: false, why: "stale" });
  expect(await putMany(ports, writerOf(gone), "locations", [{ target, model }])).toMatchObject([
    { error: { kind: "unavailable" } },
  ]);
});

test("a partner writes the parties it registered and no others; the operator its own", async () => {
  const model = { id: "T", currency: "EUR", last_updated: "2026-01-01T00:00:00Z" };
  expect(await putObject(ports, writerOf(cpo), theirs("tariffs", "T"), model)).toMatchObject({ ok: true });
  for (const [writer, target] of [
    [writerOf(emsp), theirs("tariffs", "T")],
    [writerOf(emsp), theirs("tariffs", "T", { country_code: "FR", party_id: "EMS" })],
    [writerOf(cpo), at("tariffs", "T")],
    [writerOf(cpo), theirs("tokens", "T")],
  ] as const) {
    expect(await putObject(ports, writer, target, model)).toMatchObject({ error: { kind: "unknown_object" } });
  }
  expect(await putObject(ports, operator, theirs("tariffs", "T"), model)).toMatchObject({
    error: { kind: "forbidden" },
  });
});

test("a variant for one partner is seen by it alone", async () => {
  const model = { id: "V", currency: "EUR", last_updated: "2026-01-01T00:00:00Z" };
  await putObject(ports, operator, at("tariffs", "V", { recipient: "emsp" }), model);
  for (const [partner, sees] of [
    [emsp, true],
    [other, false],
  ] as const) {
    const seen = visibility(partner, "tariffs", [own]);
    if (seen === null) throw new Error("an eMSP reads tariffs");
    const found = await objects.find(writerOf(partner).actor, "tariffs", "v", seen);
    expect(found.ok && found.value !== null).toBe(sees);
    const page = await objects.page(writerOf(partner).actor, {
      module: "tariffs",
      filter: { visibility: seen },
      offset: 0,
      after: null,
      limit: 100,
      withTotal: true,
    });
    expect(page.ok && page.value.rows.some(({ text }) => JSON.parse(text).id === "V")).toBe(sees);
    expect(page.ok && page.value.total).toBe(page.ok && page.value.rows.length);
  }
});

test("an id that is too long for some versions is found by its alias", async () => {
  const id = "a-location-id-of-more-than-15";
  await putObject(ports, operator, at("locations", id), location(id, []));
  const seen = visibility(emsp, "locations", [own]);
  if (seen === null) throw new Error("an eMSP reads locations");
  const [row] = await rows<{ alias: string }>("SELECT alias FROM objects WHERE id = ?", id);
  expect(row?.alias).toHaveLength(15);
  for (const said of [row?.alias ?? "", id, id.toUpperCase()]) {
    expect(await objects.find(writerOf(emsp).actor, "locations", said, seen)).toMatchObject({
      ok: true,
      value: { id },
    });
  }
});

test("a token of a version without types is found whatever its type", async () => {
  const target = at("tokens", "Tok", { country_code: "FR", party_id: "EMS", ciIds: false });
  const model = { uid: "Tok", type: "OTHER", valid: true, last_updated: "2026-01-01T00:00:00Z" };
  expect(await putObject(ports, writerOf(emsp), target, model)).toMatchObject({ ok: true });
  expect(await getObject(ports, writerOf(emsp).actor, target)).toMatchObject({
    ok: true,
    value: { id: "Tok", id_key: "OTHER/Tok" },
  });
  const patched = await patchObject(ports, writerOf(emsp), target, ({ last_updated: _, ...stored }) =>
    ok({ ...stored, valid: false }),
  );
  expect(patched).toMatchObject({
    value: { outcome: "updated", object: { body: { valid: false, last_updated: "2026-05-01T12:00:00.0000Z" } } },
  });
});

test("a bulk is stored in two calls a window, the later of two lines winning", async () => {
  const items = Array.from({ length: 700 }, (_, index) => ({
    target: at("locations", `B${index % 699}`),
    model: { ...location(`B${index % 699}`, [evse("E1")]), name: `line ${index}` },
  }));
  calls();
  const first = await putMany(ports, operator, "locations", items);
  expect(calls()).toBe(2);
  expect(first.filter((result) => result.ok && result.value === "created")).toHaveLength(699);
  expect(first.at(-1)).toEqual({ ok: true, value: "updated" });
  expect((await read(at("locations", "B0")))?.name).toBe("line 699");
  expect(await wrongCounts()).toEqual([]);
  const again = await putMany(ports, operator, "locations", items.slice(1));
  expect(calls()).toBe(1 + 1);
  expect(again.every((result) => result.ok && result.value === "unchanged")).toBe(true);
  const bad = { target: at("locations", "B5"), model: { ...location("B6", []), last_updated: "2027-01-01T00:00:00Z" } };
  const mixed = await putMany(ports, operator, "locations", [
    bad,
    { target: theirs("locations", "x"), model: {} },
    { target: at("locations", "new"), model: location("new", []) },
  ]);
  expect(mixed).toMatchObject([
    { error: { kind: "invalid", faults: [{ pointer: "/id" }] } },
    { error: { kind: "forbidden" } },
    { value: "created" },
  ]);
  clock.ms += 1;
});

test("a partner that changes to a version without case in ids finds its objects again, and back", async () => {
  const moving = await addPartner("moving", "CPO IT MOV", "EMSP IT MOV");
  const place = { country_code: "IT", party_id: "MOV" };
  const store = partnerStore(env.DB, clock);
  const register = async (version: string): Promise<void> => {
    const before = await store.get("moving");
    const done = await store.register({
      partner: "moving",
      epoch: before?.epoch ?? 0,
      version,
      versions_url: "https://mov.example/versions",
      side: null,
      roles: moving.roles,
      endpoints: [],
      token_encoding: "raw",
      outbound_token: "sealed",
      inbound_hash: `hash ${version}`,
    });
    expect(done).toEqual({ ok: true });
    moving.epoch = (await store.get("moving"))?.epoch ?? 0;
  };
  const put = (ciIds: boolean, locationId: string, uid: string) =>
    putObject(
      ports,
      writerOf(moving),
      { module: "locations", ...place, id: locationId, ciIds },
      { evses: [evse(uid)], last_updated: "2026-01-01T00:00:00Z" },
    );
  await register("2.1.1");
  await put(false, "loc1", "e1");
  await putObject(
    ports,
    writerOf(moving),
    { module: "tokens", ...place, id: "tok", ciIds: false },
    { uid: "tok", type: "OTHER" },
  );
  await register("2.2.1");
  expect(await put(true, "LOC1", "E1")).toMatchObject({
    value: { outcome: "updated", object: { evses: [{ uid_key: "E1" }] } },
  });
  expect(
    await getObject(ports, writerOf(moving).actor, {
      module: "tokens",
      ...place,
      id: "TOK",
      type: "OTHER",
      ciIds: true,
    }),
  ).toMatchObject({ value: { id: "tok" } });
  await register("2.1.1");
  expect(await put(false, "LOC1", "E1")).toMatchObject({ value: { outcome: "unchanged" } });
  expect(await rows("SELECT id_key FROM objects WHERE partner = 'moving' ORDER BY seq")).toEqual([
    { id_key: "LOC1" },
    { id_key: "OTHER/tok" },
  ]);
});

test("writers of different EVSEs do not get in each other's way, and leave the latest time", async () => {
  const target = at("locations", "parallel");
  const uids = Array.from({ length: 8 }, (_, index) => `E${index}`);
  await putObject(ports, operator, target, location("parallel", [evse("E0")]));
  calls();
  const done = await Promise.all(
    uids.map((uid, index) =>
      putObject(
        ports,
        operator,
        { ...target, evse_uid: uid },
        evse(uid, "CHARGING", `2026-04-0${8 - index}T00:00:00Z`),
      ),
    ),
  );
  expect(calls()).toBe(2 * uids.length);
  expect(done.map((result) => result.ok && result.value.outcome)).toEqual([
    "updated",
    ...uids.slice(1).map(() => "created"),
  ]);
  const whole = await read(target);
  expect(whole?.last_updated).toBe("2026-04-08T00:00:00Z");
  expect(((whole?.evses ?? []) as JsonObject[]).map(({ uid }) => uid).sort()).toEqual(uids);
  const put = (day: number) =>
    putObject(ports, operator, { ...target, evse_uid: "E1" }, evse("E1", `S${day}`, `2026-05-0${day}T00:00:00Z`));
  expect((await Promise.all([1, 2, 3, 4].map(put))).every(({ ok }) => ok)).toBe(true);
  expect(partOf((await read(target)) ?? {}, { ...target, evse_uid: "E1" })?.status).toBe("S4");
});
