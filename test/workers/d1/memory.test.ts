import { env } from "cloudflare:workers";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { objectMemory } from "../../../src/cloudflare/d1/object-memory.ts";
import { objectStore } from "../../../src/cloudflare/d1/objects.ts";
import { assemble, deleteObject, getObject, type ObjectPorts, putObject } from "../../../src/gateway/objects.ts";
import type { JsonObject } from "../../../src/lib/json.ts";
import { addParty, calls, clock, objects, operator, ports, rows, wrongCounts } from "../../support/object-world.ts";

beforeAll(async () => {
  for (const id of ["ONE", "TWO"]) await addParty("NL", id);
});

/** A store as another isolate has it: it knows nothing of what the others have read and written. */
const isolate = (): ObjectPorts => ({ ...ports, objects: objectStore(env.DB, clock) });
const at = (party_id: string, module: string, id: string) => ({
  module,
  country_code: "NL",
  party_id,
  id,
  ciIds: true,
});
const tariff = (currency: string, day: number): JsonObject => ({ currency, last_updated: `2026-01-${day}T00:00:00Z` });

test("what was just read or written is written again in one call", async () => {
  const target = at("ONE", "tariffs", "T");
  await putObject(ports, operator, target, tariff("EUR", 10));
  await putObject(ports, operator, target, tariff("NOK", 11));
  calls();
  for (const day of [12, 13]) {
    expect(await putObject(ports, operator, target, tariff(`C${day}`, day))).toMatchObject({
      value: { outcome: "updated" },
    });
    expect(calls()).toBe(1);
  }
  expect(await putObject(ports, operator, target, tariff("C13", 13))).toMatchObject({
    value: { outcome: "unchanged" },
  });
  expect(calls()).toBe(1);
  const location = at("ONE", "locations", "L");
  await putObject(ports, operator, location, { evses: [{ uid: "E" }], last_updated: "2026-01-10T00:00:00Z" });
  const evse = { ...location, evse_uid: "E" };
  const status = (text: string, day: number) => ({ uid: "E", status: text, last_updated: `2026-02-${day}T00:00:00Z` });
  await putObject(ports, operator, evse, status("a", 10));
  calls();
  expect(await putObject(ports, operator, evse, status("b", 11))).toMatchObject({ value: { outcome: "updated" } });
  expect(calls()).toBe(1);
});

test("what another isolate has written meanwhile is found out, and nothing is decided on what was remembered", async () => {
  const target = at("ONE", "tariffs", "M");
  await putObject(ports, operator, target, tariff("EUR", 10));
  await putObject(ports, operator, target, tariff("NOK", 11));
  const other = isolate();
  await putObject(other, operator, target, tariff("SEK", 14));
  expect(await putObject(ports, operator, target, tariff("SEK", 14))).toMatchObject({
    value: { outcome: "unchanged" },
  });
  await putObject(other, operator, target, tariff("EUR", 15));
  // Earlier than what is stored by now: what it gets is the clock's time.
  expect(await putObject(ports, operator, target, tariff("SEK", 14))).toMatchObject({
    value: { outcome: "updated", object: { body: { currency: "SEK" } } },
  });
  expect(await putObject(other, operator, target, tariff("SEK", 14))).toMatchObject({
    value: { outcome: "unchanged" },
  });
  await deleteObject(other, operator, target);
  expect(await putObject(ports, operator, target, tariff("SEK", 14))).toMatchObject({ value: { outcome: "created" } });
});

test("a party that is not ours any more owns nothing, whatever is remembered", async () => {
  await addParty("NL", "GON");
  const target = at("GON", "tariffs", "T");
  await putObject(ports, operator, target, tariff("EUR", 10));
  await deleteObject(ports, operator, target);
  await deleteObject(ports, operator, target);
  await env.DB.prepare("DELETE FROM parties WHERE party_id = 'GON'").run();
  expect(await putObject(ports, operator, target, tariff("EUR", 11))).toMatchObject({ error: { kind: "forbidden" } });
});

const uid = fc.constantFrom("E1", "E2", "E3");
const evse = fc.record({ uid, status: fc.constantFrom("a", "b", "c") });
const day = fc.integer({ min: 10, max: 28 }).map((n) => `2026-01-${n}T00:00:00Z`);
const op = fc.record({
  by: fc.integer({ min: 0, max: 1 }),
  id: fc.constantFrom("L1", "L2"),
  part: fc.oneof(
    fc.record({
      evse: fc.constant(null),
      name: fc.constantFrom("x", "y"),
      evses: fc.uniqueArray(evse, { maxLength: 3, selector: (one) => one.uid }),
    }),
    fc.record({ evse }),
  ),
  last_updated: day,
});

test("two isolates that remember store the same as one that always looks", { timeout: 60_000 }, async () => {
  const remembering = [isolate(), isolate()];
  const whole = async (party: string, id: string): Promise<JsonObject | null> => {
    const found = await getObject(ports, operator.actor, at(party, "locations", id));
    return found.ok && found.value !== null ? { ...assemble(found.value), party_id: "" } : null;
  };
  await fc.assert(
    fc.asyncProperty(fc.array(op, { minLength: 10, maxLength: 40 }), async (ops) => {
      for (const { by, id, part, last_updated } of ops) {
        const outcomes: unknown[] = [];
        for (const [party, world] of [
          ["ONE", remembering[by] ?? ports],
          ["TWO", isolate()],
        ] as const) {
          const place = { ...at(party, "locations", id), ...(part.evse !== null && { evse_uid: part.evse.uid }) };
          const model = part.evse === null ? { name: part.name, evses: part.evses } : part.evse;
          const done = await putObject(world, operator, place, { ...model, last_updated });
          outcomes.push(done.ok ? done.value.outcome : done.error);
        }
        expect(outcomes[0]).toEqual(outcomes[1]);
        expect(await whole("ONE", id)).toEqual(await whole("TWO", id));
      }
      expect(await wrongCounts()).toEqual([]);
    }),
    { numRuns: 6 },
  );
});

test("memory is bounded, and the least used is forgotten first", async () => {
  const memory = objectMemory(10_000);
  const ref = (n: number) => ({
    module: "tariffs",
    country_code: "NL",
    party_id: "ONE",
    id_key: `T${n}`,
    recipient: "",
  });
  const found = await objects.load(operator.actor, [ref(0)], "none");
  expect(found.ok).toBe(true);
  const [row] = await rows<{ body: string }>("SELECT *, NULL AS evses, 0 AS i, 1 AS own FROM objects LIMIT 1");
  if (row === undefined) throw new Error("something was stored");
  for (let n = 0; n < 20; n++) memory.remember(ref(n), "none", { ...row, body: "x".repeat(1_000) } as never);
  expect(Array.from({ length: 20 }, (_, n) => memory.recall(ref(n), "none") !== null).filter(Boolean)).toHaveLength(6);
  expect(memory.recall(ref(19), "none")).not.toBeNull();
  memory.forget(ref(19));
  expect(memory.recall(ref(19), "none")).toBeNull();
});
