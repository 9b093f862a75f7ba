import fc from "fast-check";
import { expect, test } from "vitest";
import { applyPut, writeOf } from "../../../src/gateway/apply.ts";
import { assemble } from "../../../src/gateway/objects.ts";
import type { JsonObject } from "../../../src/lib/json.ts";
import type { StoredObject, Target } from "../../../src/ports/objects.ts";
import { at, NOW, operator, partnerOf, store, writerOf } from "./world.ts";

/** A partner, of which what is older does not count. */
const cpo = writerOf(partnerOf("cpo", "CPO NL OWN"));

const target = at("locations", "LOC1");
const day = fc.integer({ min: 10, max: 28 }).map((n) => `2026-01-${n}T00:00:00Z`);
const uid = fc.constantFrom("E1", "E2", "E3", "E4");
const connectorId = fc.constantFrom("1", "2");
const status = fc.constantFrom("AVAILABLE", "CHARGING", "BLOCKED");

const connector = fc.record({ id: connectorId, max_voltage: fc.integer({ min: 1, max: 3 }), last_updated: day });
const evse = fc.record({
  uid,
  status,
  connectors: fc.uniqueArray(connector, { minLength: 1, maxLength: 2, selector: ({ id }) => id }),
  last_updated: day,
});
const location = fc.record({
  country_code: fc.constant("NL"),
  party_id: fc.constant("OWN"),
  id: fc.constant("LOC1"),
  name: fc.constantFrom("a", "b"),
  evses: fc.uniqueArray(evse, { maxLength: 4, selector: (one) => one.uid }),
  last_updated: day,
});

/** One PUT, and what it is put on. */
const put = fc.oneof(
  location.map((model) => ({ target, model: model as JsonObject })),
  evse.map((model) => ({ target: { ...target, evse_uid: model.uid }, model: model as JsonObject })),
  fc.tuple(uid, connector).map(([evse_uid, model]) => ({
    target: { ...target, evse_uid, connector_id: model.id },
    model: model as JsonObject,
  })),
);

interface NaiveEvse extends JsonObject {
  uid: string;
  status: string;
  connectors: JsonObject[];
  last_updated: string;
}
interface NaiveLocation extends JsonObject {
  evses: NaiveEvse[];
  last_updated: string;
}

const later = (a: string, b: string): string => (a > b ? a : b);

/** The same rules on one plain Location. Null: refused. */
function naive(
  before: NaiveLocation | null,
  { target: { evse_uid, connector_id }, model }: { target: Target; model: JsonObject },
): NaiveLocation | null {
  const time = model.last_updated as string;
  if (evse_uid === undefined) {
    const next = structuredClone(model) as NaiveLocation;
    if (before === null) return next;
    if (time < before.last_updated) return before;
    const left = before.evses.filter((old) => !next.evses.some((one) => one.uid === old.uid));
    const removed = left.map((old) =>
      old.status === "REMOVED" ? old : { ...old, status: "REMOVED", last_updated: time },
    );
    return { ...next, evses: [...next.evses, ...removed] };
  }
  if (before === null) return null;
  const location = structuredClone(before);
  const at = location.evses.findIndex((one) => one.uid === evse_uid);
  const old = location.evses[at];
  if (connector_id === undefined) {
    if (old === undefined) location.evses.push(model as NaiveEvse);
    else if (time < old.last_updated) return before;
    else location.evses[at] = model as NaiveEvse;
  } else {
    if (old === undefined) return null;
    const place = old.connectors.findIndex(({ id }) => id === connector_id);
    if (place === -1) old.connectors.push(model);
    else if (time < (old.connectors[place]?.last_updated as string)) return before;
    else old.connectors[place] = model;
  }
  const unchanged = JSON.stringify(sorted(location)) === JSON.stringify(sorted(before));
  if (unchanged) return before;
  if (connector_id !== undefined && old !== undefined) old.last_updated = later(old.last_updated, time);
  location.last_updated = later(location.last_updated, time);
  return location;
}

const sorted = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(sorted)
    : typeof value === "object" && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([key, item]) => [key, sorted(item)]),
        )
      : value;

/** Applies a PUT and stores what it asks to be stored, loading for a part what the store would load for it. */
function apply(
  state: StoredObject | null,
  { target: to, model }: { target: Target; model: JsonObject },
  by = cpo,
): { state: StoredObject | null; outcome: string; written: number } {
  const loaded =
    state && to.evse_uid !== undefined
      ? { ...state, evses: state.evses.filter(({ uid_key }) => uid_key === to.evse_uid) }
      : state;
  const done = applyPut(by, to, { object: loaded, own: false }, model, NOW);
  if (!done.ok) return { state, outcome: done.error.kind, written: 0 };
  const { outcome, object } = done.value;
  if (outcome === "unchanged" || outcome === "older") return { state, outcome, written: 0 };
  const write = writeOf(loaded, object, to);
  return { state: store(state, write), outcome, written: write.evses.length };
}

const whole = (state: StoredObject | null): JsonObject | null =>
  state === null ? null : { evses: [], ...assemble(state) };

test("parts apart and a whole Location come to the same, whatever is put on them", () => {
  fc.assert(
    fc.property(fc.array(put, { maxLength: 12 }), (puts) => {
      let state: StoredObject | null = null;
      let expected: NaiveLocation | null = null;
      for (const one of puts) {
        const next = naive(expected, one);
        const applied = apply(state, one);
        expect(applied.outcome === "unknown_object").toBe(next === null);
        state = applied.state;
        expected = next ?? expected;
        expect(whole(state)).toEqual(expected);
        if (one.target.evse_uid !== undefined) expect(applied.written).toBeLessThanOrEqual(1);
      }
    }),
    { numRuns: 300 },
  );
});

test("what was put changes nothing when it is put again, with or without its times", () => {
  const timeless = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value, (key, item) => (key === "last_updated" ? undefined : item)));
  fc.assert(
    fc.property(location, (model) => {
      const { state } = apply(null, { target, model });
      expect(apply(state, { target, model }).outcome).toBe("unchanged");
      expect(apply(state, { target, model: timeless(model) as JsonObject }).outcome).toBe("unchanged");
      for (const part of model.evses) {
        const to = { ...target, evse_uid: part.uid };
        expect(apply(state, { target: to, model: part }).outcome).toBe("unchanged");
        expect(apply(state, { target: to, model: timeless(part) as JsonObject }).outcome).toBe("unchanged");
      }
    }),
  );
});

test("a change without times gets the clock's, in the parts that differ and their parents, and nowhere else", () => {
  const early = "2026-01-01T00:00:00Z";
  const model = {
    id: "LOC1",
    evses: ["E1", "E2"].map((name) => ({
      uid: name,
      status: "AVAILABLE",
      connectors: [{ id: "1", last_updated: early }],
      last_updated: early,
    })),
    last_updated: early,
  };
  const { state } = apply(null, { target, model });
  const changed = apply(state, {
    target,
    model: {
      id: "LOC1",
      evses: [
        { uid: "E1", status: "AVAILABLE", connectors: [{ id: "1" }] },
        { uid: "E2", status: "CHARGING", connectors: [{ id: "1" }] },
      ],
    },
  });
  expect(changed).toMatchObject({ outcome: "updated", written: 1 });
  // Marked as ours: no partner's clock has four decimals.
  const now = "2027-01-01T00:00:00.0000Z";
  expect(whole(changed.state)).toMatchObject({
    last_updated: now,
    evses: [
      { uid: "E1", last_updated: early },
      { uid: "E2", last_updated: now, connectors: [{ last_updated: early }] },
    ],
  });
});

test("what is older than the Location was said last is old news, though an EVSE without a time has moved its time since", () => {
  const said = (hour: number, name: string) => ({
    target,
    model: { id: "LOC1", name, evses: [{ uid: "E1", status: "AVAILABLE" }], last_updated: `2026-01-01T${hour}:00:00Z` },
  });
  const charging = { target: { ...target, evse_uid: "E1" }, model: { uid: "E1", status: "CHARGING" } };
  // The time of the second is all that is new in it.
  const old = { ...cpo, origin: "2.1.1" };
  const first = [said(10, "a"), said(12, "a"), charging].reduce<StoredObject | null>(
    (state, one) => apply(state, one, old).state,
    null,
  );
  expect(first?.last_updated).toBe("2027-01-01T00:00:00.0000Z");
  expect(apply(first, said(11, "old"), old)).toMatchObject({ outcome: "older", state: { body: { name: "a" } } });
  expect(apply(first, said(13, "new"), old)).toMatchObject({ outcome: "updated", state: { body: { name: "new" } } });
});

test("EVSEs without a uid, or with one said twice, are refused by pointer", () => {
  const model = { evses: [{ uid: "e1" }, { status: "AVAILABLE" }, { uid: "E1" }] };
  const done = applyPut(operator, target, { object: null, own: true }, model, NOW);
  expect(done).toMatchObject({
    ok: false,
    error: { kind: "invalid", faults: [{ pointer: "/evses/1/uid" }, { pointer: "/evses/2/uid" }] },
  });
  const exact = applyPut(
    operator,
    { ...target, ciIds: false },
    { object: null, own: true },
    { evses: [{ uid: "e1" }, { uid: "E1" }] },
    NOW,
  );
  expect(exact).toMatchObject({ ok: true });
});
