import fc from "fast-check";
import { expect, test } from "vitest";
import { applyDelete, applyPut, writeOf } from "../../../src/gateway/apply.ts";
import { applyWindow, type Item, placesOf, windows } from "../../../src/gateway/bulk.ts";
import type { JsonObject } from "../../../src/lib/json.ts";
import type { StoredObject } from "../../../src/ports/objects.ts";
import { at, NOW, operator, partnerOf, store, writerOf } from "./world.ts";

const target = at("tariffs", "T1");
const time = "2026-01-10T00:00:00Z";
const tariff: JsonObject = { country_code: "NL", party_id: "OWN", id: "T1", currency: "EUR", last_updated: time };

function stored(model: JsonObject = tariff): StoredObject {
  const done = applyPut(operator, target, { object: null, own: true }, model, NOW);
  if (!done.ok) throw new Error(done.error.kind);
  return store(null, writeOf(null, done.value.object));
}

const outcome = (object: StoredObject | null, model: JsonObject): unknown => {
  const done = applyPut(operator, target, { object, own: true }, model, NOW);
  return done.ok ? [done.value.outcome, done.value.object.body.currency, done.value.object.last_updated] : done.error;
};

test("of a partner's states the later one stays; the owner's word counts, from now on", () => {
  const earlier = { ...tariff, currency: "NOK", last_updated: "2026-01-09T23:59:59Z" };
  const cpo = partnerOf("cpo", "CPO NL OWN");
  const theirs = { ...stored(), partner: cpo.id };
  expect(applyPut(writerOf(cpo), target, { object: theirs, own: false }, earlier, NOW)).toMatchObject({
    value: { outcome: "older", object: { body: { currency: "EUR" }, last_updated: time } },
  });
  expect(outcome(stored(), earlier)).toEqual(["updated", "NOK", "2027-01-01T00:00:00Z"]);
  expect(outcome(stored(), { ...earlier, currency: "EUR" })).toEqual(["unchanged", "EUR", time]);
  expect(outcome(stored(), { ...tariff, currency: "NOK" })).toEqual(["updated", "NOK", time]);
  expect(outcome(stored(), { ...tariff, last_updated: "2026-01-10T00:00:00" })).toEqual(["unchanged", "EUR", time]);
  expect(outcome(stored(), { ...tariff, last_updated: "2026-01-11T00:00:00Z" })).toEqual([
    "updated",
    "EUR",
    "2026-01-11T00:00:00Z",
  ]);
});

test("without a time it is the clock's, and never before what is stored", () => {
  const { last_updated: _, ...timeless } = tariff;
  expect(outcome(null, timeless)).toEqual(["created", "EUR", "2027-01-01T00:00:00Z"]);
  expect(outcome(stored(), timeless)).toEqual(["unchanged", "EUR", time]);
  expect(outcome(stored(), { ...timeless, currency: "NOK" })).toEqual(["updated", "NOK", "2027-01-01T00:00:00Z"]);
  const ahead = stored({ ...tariff, last_updated: "2027-06-01T00:00:00Z" });
  expect(outcome(ahead, { ...timeless, currency: "NOK" })).toEqual(["updated", "NOK", "2027-06-01T00:00:00Z"]);
});

test("what the URL says is filled in where the body is silent, and refused where it says otherwise", () => {
  const done = applyPut(operator, target, { object: null, own: true }, { currency: "EUR" }, NOW);
  expect(done.ok && done.value.object.body).toEqual({ ...tariff, last_updated: "2027-01-01T00:00:00Z" });
  expect(outcome(null, { ...tariff, country_code: "nl", id: "t1" })).toMatchObject(["created", "EUR", time]);
  expect(outcome(null, { ...tariff, party_id: "OTH", id: "T2" })).toMatchObject({
    kind: "invalid",
    faults: [{ pointer: "/party_id" }, { pointer: "/id" }],
  });
  const token = at("tokens", "U", { type: "RFID" });
  expect(applyPut(operator, token, { object: null, own: true }, { uid: "U", type: "OTHER" }, NOW)).toMatchObject({
    error: { faults: [{ pointer: "/type" }] },
  });
});

test("an object that changes hands is stored anew, though it says the same", () => {
  const theirs = writerOf(partnerOf("new", "CPO NL OWN"));
  const old = { ...stored(), partner: "old" };
  const done = applyPut(theirs, target, { object: old, own: false }, tariff, NOW);
  expect(done).toMatchObject({ value: { outcome: "updated", object: { partner: "new" } } });
  expect(applyPut(theirs, target, { object: stored(), own: true }, tariff, NOW)).toMatchObject({
    error: { kind: "unknown_object" },
  });
});

test("a tombstone comes back to life, whatever its time was", () => {
  const gone = applyDelete(operator, target, { object: stored(), own: true });
  if (!gone.ok) throw new Error(gone.error.kind);
  expect(writeOf(stored(), gone.value.object)).toMatchObject({
    deleted: true,
    body: expect.anything(),
    event: "tariff.deleted",
  });
  const again = { ...tariff, last_updated: "2026-01-01T00:00:00Z" };
  expect(outcome(gone.value.object, again)).toEqual(["created", "EUR", "2026-01-01T00:00:00Z"]);
});

test("a window does what its items would do one after the other, with one write per object", () => {
  const item = fc.record({
    id: fc.constantFrom("A", "a", "B", "C"),
    currency: fc.constantFrom("EUR", "NOK"),
    day: fc.integer({ min: 10, max: 20 }),
  });
  const read = ({ id, currency, day }: { id: string; currency: string; day: number }): Item => ({
    target: at("tariffs", id),
    model: { id, currency, last_updated: `2026-01-${day}T00:00:00Z` },
  });
  fc.assert(
    fc.property(fc.array(item, { maxLength: 12 }), fc.integer({ min: 0, max: 12 }), (list, cut) => {
      const items = list.map(read);
      const states = new Map<string, StoredObject>();
      const expected: unknown[] = [];
      const load = (of: Item[]) =>
        placesOf(of).map(({ id_key }) => ({ object: states.get(id_key) ?? null, own: true }));
      for (const one of items) {
        const { results, writes } = applyWindow(operator, [one], load([one]), NOW);
        expected.push(...results);
        for (const write of writes) states.set(write.ref.id_key, store(states.get(write.ref.id_key) ?? null, write));
      }
      const oneByOne = new Map([...states].map(([key, { body }]) => [key, body]));
      states.clear();
      const results = [items.slice(0, cut), items.slice(cut)].flatMap((window) => {
        const done = applyWindow(operator, window, load(window), NOW);
        expect(done.writes.length).toBeLessThanOrEqual(placesOf(window).length);
        for (const write of done.writes)
          states.set(write.ref.id_key, store(states.get(write.ref.id_key) ?? null, write));
        return done.results;
      });
      expect(results).toEqual(expected);
      expect(new Map([...states].map(([key, { body }]) => [key, body]))).toEqual(oneByOne);
    }),
  );
});

test("windows keep the order and are bounded by number and size", () => {
  const items = Array.from(
    { length: 4201 },
    (_, index): Item => ({ target: at("tariffs", String(index)), model: {}, size: index === 7 ? 3_000_000 : 10 }),
  );
  const cut = [...windows(items)];
  expect(cut.map((window) => window.length)).toEqual([7, 1, 2000, 2000, 193]);
  expect(cut.flat()).toEqual(items);
});
