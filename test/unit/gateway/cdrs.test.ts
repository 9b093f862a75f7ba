import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyPut, writeOf } from "../../../src/gateway/apply.ts";
import { cdrNamed, idOfCdr, nameOfCdr, withoutSessionDimensions } from "../../../src/gateway/cdrs.ts";
import type { JsonObject } from "../../../src/lib/json.ts";
import type { Codec } from "../../../src/ocpi/codec.ts";
import { codecOf, versions } from "../../../src/ocpi/versions.ts";
import type { StoredObject, Writer } from "../../../src/ports/objects.ts";
import { examples } from "../../sandbox/fixtures/example.ts";
import type { Version } from "../../sandbox/versions.ts";
import { at, NOW, operator, partnerOf, store, writerOf } from "./world.ts";

const cpo = partnerOf("p1", "CPO NL OWN");
const owner = { country_code: "NL", party_id: "OWN" };

/** The rules for a CDR that comes in, without storage. */
function world(writer: Writer) {
  let stored: StoredObject | null = null;
  const events: (string | null)[] = [];
  return {
    get stored() {
      return stored;
    },
    events,
    post(model: JsonObject, by: Writer = writer): string {
      const target = at("cdrs", String(model.id));
      const done = applyPut(by, target, { object: stored, own: by.partner === null }, model, NOW);
      if (!done.ok) return done.error.kind;
      const { outcome, object } = done.value;
      if (outcome === "created" || outcome === "updated") {
        const write = writeOf(stored, object);
        events.push(write.event);
        stored = store(stored, write);
      }
      return outcome;
    },
  };
}

test("a time of ours on a CDR that said none contradicts none that is said later", () => {
  const here = world({ ...writerOf(cpo), origin: "2.0" });
  const { last_updated, ...model } = { ...owner, id: "C1", currency: "EUR", last_updated: "2026-01-01T00:00:00Z" };
  expect(here.post(model)).toBe("created");
  const later = { ...writerOf(cpo), origin: "2.1.1" };
  expect(here.post({ ...model, last_updated }, later)).toBe("unchanged");
  expect(here.post({ ...model, last_updated, currency: "CHF" }, later)).toBe("conflict");
});

describe.each(versions.map(({ number }) => number))("a CDR said in %s", (number) => {
  const version = versions.find((one) => one.number === number);
  const codec = codecOf(version as NonNullable<typeof version>, "CDR") as Codec;
  const writer = { ...writerOf(cpo), origin: number };
  const up = (wire: JsonObject, token?: object) =>
    codec.up(
      { ...wire, ...("party_id" in wire ? owner : {}) },
      { owner, origin: number, ...(token && { token: token as never }) },
    ) as unknown as JsonObject;

  test.each(examples(number as Version, "cdrs").map((wire, i) => [i, wire] as const))(
    "example %i is kept as it is first",
    (_, wire) => {
      const here = world(writer);
      expect(here.post(up(wire))).toBe("created");
      const first = structuredClone(here.stored);
      expect(here.post(up(structuredClone(wire)))).toBe("unchanged");
      expect(here.post(up({ ...wire, currency: "XXX" }))).toBe("conflict");
      expect(here.post(up({ ...wire, remark: "another" }))).toBe("conflict");
      expect(here.stored).toEqual(first);
      expect(here.events).toEqual(["cdr.received"]);
    },
  );

  test("is the same whether its token was known then or not", () => {
    const [wire = {}] = examples(number as Version, "cdrs");
    const used = wire.cdr_token ?? { uid: wire.auth_id, contract_id: wire.auth_id };
    const token = {
      country_code: "DE",
      party_id: "RWM",
      uid: used.uid,
      type: used.type ?? "RFID",
      contract_id: used.contract_id,
    };
    const here = world(writer);
    expect(here.post(up(wire))).toBe("created");
    expect(here.post(up(wire, token))).toBe("unchanged");
  });
});

const model: JsonObject = {
  ...owner,
  id: "C1",
  currency: "EUR",
  start_date_time: "2026-01-01T00:00:00Z",
  total_cost: { before_taxes: 1, taxes: [] },
  last_updated: "2026-01-02T00:00:00Z",
};

test("said in another version it is known by what is billed", () => {
  const here = world({ ...writerOf(cpo), origin: "2.1.1" });
  expect(here.post(model)).toBe("created");
  const later = { ...model, start_date_time: "2026-01-01T00:00:00.000Z", session_id: "S1" };
  expect(here.post(later, writerOf(cpo))).toBe("unchanged");
  expect(here.post({ ...later, total_cost: { before_taxes: 2 } }, writerOf(cpo))).toBe("conflict");
});

test("another time is another CDR; none, or the same in other words, is not", () => {
  const here = world(operator);
  const { last_updated: _, ...timeless } = model;
  expect(here.post(timeless)).toBe("created");
  expect(here.events).toEqual([null]);
  expect(here.post(timeless)).toBe("unchanged");
  expect(here.post(here.stored?.body ?? {})).toBe("unchanged");
  expect(here.post(model)).toBe("conflict");
});

test("a partner that came anew takes over its CDRs, and they are no news", () => {
  const here = world(writerOf(cpo));
  const again = writerOf(partnerOf("p2", "CPO NL OWN"));
  expect(here.post(model)).toBe("created");
  expect(here.post({ ...model, currency: "SEK" }, again)).toBe("conflict");
  expect(here.post(model, again)).toBe("updated");
  expect(here.stored?.partner).toBe("p2");
  expect(here.events).toEqual(["cdr.received", null]);
});

test("it is for the party that owns its token, and for nobody when that is not known", () => {
  const here = world(writerOf(cpo));
  here.post({ ...model, cdr_token: { country_code: "de", party_id: "abc", uid: "1" } });
  expect(here.stored?.audience).toBe("DE*ABC");
  const other = world(writerOf(cpo));
  other.post({ ...model, cdr_token: { uid: "1", contract_id: "1" } });
  expect(other.stored?.audience).toBe("-");
});

test("its name in a URL says which it is, to us", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 39, unit: "grapheme" }), (id) => {
      const name = nameOfCdr({ ...owner, id });
      expect(name).toMatch(/^[\w-]+$/);
      expect(cdrNamed(name)).toEqual({ ...owner, id });
    }),
  );
  fc.assert(fc.property(fc.string(), (text) => void cdrNamed(text)));
  for (const name of ["", "x", "%", "nothing", "TkwqT1dO"]) expect(cdrNamed(name), name).toBeNull();
  expect(idOfCdr({ ...owner, id: "x".repeat(39) })).toMatchObject({ ok: true });
  expect(idOfCdr({ ...owner, id: "x".repeat(300) })).toMatchObject({ ok: false });
  expect(idOfCdr({ ...owner, id: "" })).toMatchObject({ ok: false });
});

test("what only Sessions may say is left out of our own", () => {
  const dimensions = [
    { type: "ENERGY", volume: 1 },
    { type: "POWER", volume: 2 },
    { type: "STATE_OF_CHARGE", volume: 3 },
  ];
  const cdr = { charging_periods: [{ start_date_time: "2026-01-01T00:00:00Z", dimensions }] };
  expect(withoutSessionDimensions(cdr)).toEqual({
    charging_periods: [{ start_date_time: "2026-01-01T00:00:00Z", dimensions: [{ type: "ENERGY", volume: 1 }] }],
  });
  expect(withoutSessionDimensions({ id: "C1" })).toEqual({ id: "C1" });
});
