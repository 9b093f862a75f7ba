import { describe, expect, test } from "vitest";
import { isIdle } from "../../../src/gateway/apply.ts";
import { applySession, isUrgent } from "../../../src/gateway/session-state.ts";
import type { JsonObject } from "../../../src/lib/json.ts";
import { mergePatch } from "../../../src/lib/merge-patch.ts";
import { ok } from "../../../src/lib/result.ts";
import type { StoredObject, Writer } from "../../../src/ports/objects.ts";
import type { Partner } from "../../../src/ports/partners.ts";
import type { SessionChange } from "../../../src/ports/sessions.ts";

const NOW = Date.parse("2026-05-01T12:00:00Z");
const time = (n: number): string => new Date(NOW + n * 1000).toISOString().replace(".000Z", "Z");
const target = { module: "sessions", country_code: "BE", party_id: "CPO", id: "S1", ciIds: true };
const partner = { id: "p1", roles: [{ role: "CPO", country_code: "BE", party_id: "CPO" }] } as Partner;
const writer: Writer = { actor: { kind: "partner", id: "p1", epoch: 1 }, partner, origin: "2.2.1" };
const period = (n: number): JsonObject => ({
  start_date_time: time(n),
  dimensions: [{ type: "ENERGY", volume: n }],
});

const session = (status: string, n: number, change: JsonObject = {}): JsonObject => ({
  country_code: "BE",
  party_id: "CPO",
  id: "S1",
  start_date_time: time(0),
  kwh: 1,
  cdr_token: { country_code: "NL", party_id: "TNE", uid: "T1", type: "RFID", contract_id: "C1" },
  auth_method: "WHITELIST",
  location_id: "L1",
  evse_uid: "E1",
  connector_id: "1",
  currency: "EUR",
  status,
  last_updated: time(n),
  ...change,
});

const stored = (body: JsonObject, origin = "2.2.1"): StoredObject => ({
  module: "sessions",
  country_code: "BE",
  party_id: "CPO",
  id_key: "S1",
  recipient: "",
  seq: 7,
  id: "S1",
  partner: "p1",
  origin,
  audience: "NL*TNE",
  body,
  last_updated: String(body.last_updated),
  received_ms: NOW,
  revision: 3,
  deleted: false,
  evses: [],
});

const apply = (before: StoredObject | null, change: SessionChange) =>
  applySession(writer, target, { object: before, own: false }, change, NOW, (it, patch) =>
    ok(mergePatch(it, patch) as JsonObject),
  );
const put = (model: JsonObject): SessionChange => ({ kind: "put", model });
const patch = (body: JsonObject, version = "2.2.1"): SessionChange => ({
  kind: "patch",
  version,
  body,
  context: { origin: version, owner: { country_code: "BE", party_id: "CPO" } },
});

const outcome = (done: ReturnType<typeof apply>): string => (done.ok ? done.value.outcome : done.error.kind);
const statuses = ["RESERVATION", "PENDING", "ACTIVE", "COMPLETED", "INVALID"];

describe("from one status to another, by PUT and by PATCH alike", () => {
  const table: Record<string, string[]> = {
    RESERVATION: ["RESERVATION", "PENDING", "ACTIVE", "COMPLETED", "INVALID"],
    PENDING: ["PENDING", "ACTIVE", "COMPLETED", "INVALID"],
    ACTIVE: ["ACTIVE", "COMPLETED", "INVALID"],
    COMPLETED: [],
    INVALID: [],
  };
  const rows = statuses.flatMap((from) =>
    statuses.map((to) => [from, to, table[from]?.includes(to) ?? false] as const),
  );

  test.each(rows)("%s → %s: %s", (from, to, allowed) => {
    const before = stored(session(from, 1));
    const expected = allowed ? "updated" : "ended";
    expect(outcome(apply(before, put(session(to, 2, { kwh: 2 }))))).toBe(expected);
    expect(outcome(apply(before, patch({ status: to, kwh: 2, last_updated: time(2) })))).toBe(expected);
    expect(outcome(apply(before, { kind: "merge", patch: { status: to, kwh: 2, last_updated: time(2) } }))).toBe(
      expected,
    );
  });

  test.each(statuses)("a session may begin %s", (status) => {
    expect(outcome(apply(null, put(session(status, 1))))).toBe("created");
  });
});

describe("after the end", () => {
  const before = stored(session("COMPLETED", 5));

  test.each([
    ["the same again", put(session("COMPLETED", 5)), "unchanged"],
    ["the same with a later time", put(session("COMPLETED", 6)), "unchanged"],
    ["something else with the same time", put(session("COMPLETED", 5, { kwh: 2 })), "ended"],
    ["something else, later", put(session("COMPLETED", 6, { kwh: 2 })), "ended"],
    ["an update that was overtaken", put(session("ACTIVE", 4)), "older"],
    ["a PATCH of the same", patch({ status: "COMPLETED", last_updated: time(5) }), "unchanged"],
    ["a PATCH of something else", patch({ kwh: 3, last_updated: time(6) }), "ended"],
    ["a PATCH that was overtaken", patch({ kwh: 3, last_updated: time(4) }), "older"],
    ["DELETE", { kind: "delete" } as const, "updated"],
  ])("%s", (_, change, expected) => {
    expect(outcome(apply(before, change))).toBe(expected);
  });
});

describe("periods", () => {
  const before = stored(session("ACTIVE", 1, { charging_periods: [period(1)] }));
  const periodsAfter = (change: SessionChange, from = before) => {
    const done = apply(from, change);
    return done.ok ? done.value.object.body.charging_periods : done.error;
  };

  test.each([
    ["PUT replaces them", put(session("ACTIVE", 2, { charging_periods: [period(2)] })), [period(2)]],
    ["PUT without them leaves none", put(session("ACTIVE", 2)), undefined],
    ["PATCH adds", patch({ charging_periods: [period(2)], last_updated: time(2) }), [period(1), period(2)]],
    ["PATCH with none adds none", patch({ charging_periods: [], kwh: 2, last_updated: time(2) }), [period(1)]],
    ["PATCH without leaves them", patch({ kwh: 2, last_updated: time(2) }), [period(1)]],
    [
      "a merge patch replaces them",
      { kind: "merge", patch: { charging_periods: [period(2)], last_updated: time(2) } },
      [period(2)],
    ],
  ] as [string, SessionChange, unknown][])("%s", (_, change, expected) => {
    expect(periodsAfter(change)).toEqual(expected);
  });

  test("a PATCH of 2.1.1 replaces them", () => {
    const body = session("ACTIVE", 1, {
      charging_periods: [period(1)],
      "wire:location": {
        id: "L1",
        type: "ON_STREET",
        address: "A",
        city: "B",
        postal_code: "1",
        country: "NLD",
        coordinates: { latitude: "1.000000", longitude: "1.000000" },
        evses: [
          {
            uid: "E1",
            status: "CHARGING",
            connectors: [
              {
                id: "1",
                standard: "IEC_62196_T2",
                format: "SOCKET",
                power_type: "AC_3_PHASE",
                voltage: 230,
                amperage: 16,
                last_updated: time(0),
              },
            ],
            last_updated: time(0),
          },
        ],
        last_updated: time(0),
      },
    });
    expect(periodsAfter(patch({ charging_periods: [period(2)] }, "2.1.1"), stored(body, "2.1.1"))).toEqual([period(2)]);
  });

  test("a PATCH whose answer was lost adds once; one of the same time with other periods adds", () => {
    const body = { kwh: 2, charging_periods: [period(2)], last_updated: time(2) };
    const first = apply(before, patch(body));
    const once = first.ok ? first.value.object : before;
    expect(outcome(apply(once, patch(body)))).toBe("unchanged");
    expect(periodsAfter(patch({ ...body, charging_periods: [period(3)] }), once)).toEqual([
      period(1),
      period(2),
      period(3),
    ]);
  });
});

describe("refused", () => {
  test("a PATCH of what is not there, or of somebody else's", () => {
    const body = { kwh: 2, last_updated: time(2) };
    expect(outcome(apply(null, patch(body)))).toBe("unknown_object");
    expect(outcome(apply({ ...stored(session("ACTIVE", 1)), partner: null }, patch(body)))).toBe("unknown_object");
  });

  test("a PATCH without last_updated, where it is required", () => {
    expect(apply(stored(session("ACTIVE", 1)), patch({ kwh: 2 }))).toMatchObject({
      error: { kind: "invalid", faults: [{ pointer: "/last_updated" }] },
    });
  });

  test("a body that contradicts its URL", () => {
    expect(outcome(apply(null, put(session("ACTIVE", 1, { id: "S2" }))))).toBe("invalid");
  });
});

describe("what must be in the database at once", () => {
  const before = stored(session("ACTIVE", 1));
  const urgent = (model: JsonObject): boolean => {
    const done = apply(before, put(model));
    if (!done.ok || isIdle(done.value.outcome)) throw new Error("nothing changed");
    return isUrgent(before, done.value.object);
  };

  test("a new session, another status, another provider; not a meter value", () => {
    expect(isUrgent(null, before)).toBe(true);
    expect(urgent(session("COMPLETED", 2))).toBe(true);
    expect(urgent(session("ACTIVE", 2, { cdr_token: { country_code: "DE", party_id: "X" } }))).toBe(true);
    expect(urgent(session("ACTIVE", 2, { kwh: 9, charging_periods: [period(2)] }))).toBe(false);
  });
});

test("a message without a time gets ours, which is not held against the partner's clock", () => {
  const old = { ...target, ciIds: false };
  const told = { ...writer, origin: "2.1.1" };
  const step = (before: StoredObject, change: SessionChange) =>
    applySession(told, old, { object: before, own: false }, change, NOW + 500, (it) => ok(it));
  const before = stored(session("ACTIVE", -30), "2.1.1");
  const { last_updated: _, ...timeless } = session("ACTIVE", 0, { kwh: 7 });
  const changed = step(before, { kind: "put", model: timeless });
  if (!changed.ok) throw new Error("refused");
  const { object } = changed.value;
  expect(object).toMatchObject({ body: { kwh: 7 }, last_updated: "2026-05-01T12:00:00.5000Z" });
  // Said in the same second, or by a clock that is behind: it comes later all the same.
  const ended = step(object, { kind: "put", model: session("COMPLETED", -20) });
  expect(ended).toMatchObject({ ok: true, value: { outcome: "updated", object: { body: { status: "COMPLETED" } } } });
  // What lies before the time the partner said last is old news, whatever came without a time since.
  for (const known of [before, object]) {
    const stale = step(known, { kind: "put", model: session("COMPLETED", -40) });
    expect(stale).toMatchObject({ ok: true, value: { outcome: "older" } });
  }
  const moved = step(object, { kind: "put", model: session("ACTIVE", -10) });
  if (!moved.ok) throw new Error("refused");
  const late = step(moved.value.object, { kind: "put", model: session("ACTIVE", -20, { kwh: 1 }) });
  expect(late).toMatchObject({ ok: true, value: { outcome: "older" } });
});

test("a PATCH said again adds nothing, though a message without a time came before it", () => {
  const { last_updated: _, ...timeless } = session("ACTIVE", 0, { kwh: 2, charging_periods: [period(1)] });
  const patch = (before: StoredObject) =>
    apply(before, {
      kind: "patch",
      version: "2.2.1",
      body: { charging_periods: [period(5)], last_updated: time(-10) },
      context: { origin: "2.2.1" },
    });
  const known = apply(stored(session("ACTIVE", -30)), put(timeless));
  if (!known.ok) throw new Error("refused");
  const first = patch(known.value.object);
  if (!first.ok) throw new Error("refused");
  expect(first.value.object.body.charging_periods).toEqual([period(1), period(5)]);
  const again = patch(first.value.object);
  expect(again.ok && again.value.object.body.charging_periods).toEqual([period(1), period(5)]);
});

test("periods that would make a session too large to be kept are refused", () => {
  const many = Array.from({ length: 20_000 }, (_, n) => period(n));
  const done = apply(stored(session("ACTIVE", 1, { charging_periods: many })), {
    kind: "patch",
    version: "2.2.1",
    body: { charging_periods: [period(20_001)], last_updated: time(2) },
    context: { origin: "2.2.1" },
  });
  expect(done).toMatchObject({ ok: false, error: { kind: "invalid", faults: [{ pointer: "/charging_periods" }] } });
});
