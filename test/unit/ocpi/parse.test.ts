import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, test, vi } from "vitest";
import type { JsonObject } from "../../../src/lib/json.ts";
import { aliasId, idIn } from "../../../src/ocpi/alias.ts";
import { isRealLoss, type Kind } from "../../../src/ocpi/codec.ts";
import { codecOf, newest, type Version, versionByNumber, versions } from "../../../src/ocpi/versions.ts";
import { bodies } from "./arbitrary.ts";
import { leaves, withValue } from "./leaves.ts";
import { location } from "./samples.ts";

// Properties take long when a machine is busy.
vi.setConfig({ testTimeout: 60_000 });

const version = (number: string): Version => versionByNumber(number) as Version;

describe.each(versions)("$number: parse", (of) => {
  test.each(Object.keys(of.codecs) as Kind[])("of %s agrees with its schema", (kind) => {
    const codec = codecOf(of, kind);
    if (codec === undefined) throw new Error(kind);
    fc.assert(
      fc.property(
        bodies(of, kind, { wild: false }),
        fc.nat(),
        fc.constantFrom(5, "5x", false, [], {}),
        (body, dice, odd) => {
          expect(v.safeParse(codec.schema, body).success).toBe(true);
          expect(codec.parse(body).ok).toBe(true);
          const places = leaves(body);
          const { pointer } = places[dice % places.length] ?? { pointer: "" };
          if (pointer === "") return;
          const spoilt = withValue(body, pointer, odd as never);
          const taken = codec.parse(spoilt).ok;
          // A string is refused as a date or decimal by parse alone: the schema has no forms.
          if (taken || typeof odd !== "string") expect(v.safeParse(codec.schema, spoilt).success).toBe(taken);
        },
      ),
      { numRuns: 30 },
    );
  });

  test("names what is missing or mistyped by JSON Pointer", () => {
    const parsed = of.codecs.Location.parse({
      id: 5,
      evses: [{ uid: "E1", connectors: [] }],
      directions: [null],
      images: {},
    });
    if (parsed.ok) throw new Error();
    expect(parsed.error).toEqual(
      expect.arrayContaining([
        { pointer: "/id", message: "must be a string" },
        { pointer: "/address", message: "is required" },
        { pointer: "/evses/0/status", message: "is required" },
        { pointer: "/evses/0/connectors", message: "must not be empty" },
        { pointer: "/directions/0", message: "must be an object" },
        { pointer: "/images", message: "must be a list" },
      ]),
    );
    expect(of.codecs.Location.parse([]).ok).toBe(false);
    expect(of.codecs.Location.parse(null).ok).toBe(false);
  });
});

test("a decimal of 2.0 is a number that can be held", () => {
  const tariff = (price: string) => ({
    id: "1",
    currency: "EUR",
    elements: [{ price_components: [{ type: "ENERGY", price, step_size: 1 }] }],
  });
  const codec = version("2.0").codecs.Tariff;
  expect(codec.parse(tariff("9".repeat(308))).ok).toBe(true);
  for (const price of ["9".repeat(309), `-${"9".repeat(400)}.5`]) {
    expect(codec.parse(tariff(price))).toMatchObject({
      ok: false,
      error: [{ pointer: "/elements/0/price_components/0/price", message: "is too large a number" }],
    });
  }
});

describe("keys that reach prototypes", () => {
  const text = JSON.stringify(location()).replace(
    '"uid":"E1"',
    '"uid":"E1","__proto__":{"polluted":1},"constructor":1',
  );

  test("are left out at every level a codec knows", () => {
    const wire = JSON.parse(text.replace("{", '{"__proto__":{"polluted":1},"prototype":2,')) as JsonObject;
    for (const number of ["2.2.1", "2.3.0"]) {
      const object = version(number).codecs.Location.up(wire, {});
      const down = version(number).codecs.Location.down(object, { origin: number });
      for (const value of [object, object.evses?.[0], down.wire] as JsonObject[]) {
        expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
        expect(value.polluted).toBeUndefined();
        expect(Object.keys(value).filter((key) => /proto|constructor/.test(key))).toEqual([]);
      }
    }
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

describe("aliases", () => {
  test("are 15 characters, the same for the same id in any case, different for different ids", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (id) => {
        expect(aliasId(id)).toMatch(/^x-[0-9a-z]{13}$/);
        expect(aliasId(id.toUpperCase())).toBe(aliasId(id.toUpperCase().toLowerCase()));
      }),
    );
    const seen = new Set(Array.from({ length: 20_000 }, (_, index) => aliasId(`NL*TNM*LOCATION*${index}`)));
    expect(seen.size).toBe(20_000);
  });

  test("are what URLs say where bodies do", () => {
    const id = "x".repeat(39);
    expect(idIn(version("2.1.1"), "Location", id, "2.3.0")).toBe(id);
    expect(idIn(version("2.2.1"), "Location", id, "2.1.1")).toBe(aliasId(id));
    expect(idIn(version("2.1.1"), "Location", `${id}x`, "2.1.1")).toBe(`${id}x`);
    const down = version("2.2.1").codecs.Location.down(location({ id }), { origin: "2.1.1" });
    expect(down.wire?.id).toBe(aliasId(id));
    expect(down.losses?.filter(isRealLoss)).toHaveLength(1);
  });
});

test("versions are found by number, oldest first", () => {
  expect(versions.map(({ number }) => number)).toEqual(["2.0", "2.1.1", "2.2", "2.2.1", "2.3.0"]);
  expect(versionByNumber("2.2.1")).toBe(versions[3]);
  expect(versionByNumber("2.1")).toBeUndefined();
  expect(newest.number).toBe("2.3.0");
});
