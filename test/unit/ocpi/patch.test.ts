import { describe, expect, test } from "vitest";
import type { Fault } from "../../../src/ocpi/codec.ts";
import { patchObject } from "../../../src/ocpi/patch.ts";
import { newest, type Version, versionByNumber } from "../../../src/ocpi/versions.ts";
import { changedAt, location, tariff, token } from "./samples.ts";

const version = (number: string): Version => versionByNumber(number) as Version;
const later = "2026-03-02T10:00:00Z";
const own = { origin: newest.number };

const faults = (result: { ok: boolean; error?: Fault[] }): Fault[] => (result.ok ? [] : (result.error ?? []));

describe("patchObject", () => {
  test("replaces top-level fields whole and leaves all else", () => {
    const stored = location({ nltnm_x: 1, directions: [{ language: "nl", text: "Links" }] });
    const patch = { name: "Nieuw", directions: [{ language: "en", text: "Left" }], last_updated: later };
    const result = patchObject(version("2.3.0"), "Location", stored, patch, own);
    expect(result).toEqual({ ok: true, value: { ...stored, ...patch } });
    expect(stored.name).toBeUndefined();
  });

  test("speaks the partner's version and keeps what that cannot say", () => {
    const stored = location({ help_phone: "+31201234567", publish_allowed_to: [{ uid: "1", type: "RFID" }] });
    const result = patchObject(version("2.1.1"), "Location", stored, { type: "PARKING_LOT" }, own);
    expect(result).toEqual({ ok: true, value: { ...stored, parking_type: "PARKING_LOT" } });
  });

  test("renamed and respelt fields of a relayed object change as said", () => {
    const wire = {
      id: "1",
      currency: "EUR",
      elements: [{ price_components: [{ type: "ENERGY", price: "2.00", step_size: 1 }] }],
    };
    const v20 = version("2.0");
    const stored = v20.codecs.Tariff.up(wire, { owner: { country_code: "NL", party_id: "TNM" } });
    const elements = [{ price_components: [{ type: "ENERGY", price: "2.50", step_size: 1 }] }];
    const result = patchObject(v20, "Tariff", stored, { elements }, { origin: "2.0" });
    if (!result.ok) throw new Error();
    expect(v20.codecs.Tariff.down(result.value, { origin: "2.0" }).wire).toEqual({ ...wire, elements });
  });

  test("asks for last_updated where the version does", () => {
    const without = { name: "x" };
    expect(faults(patchObject(version("2.2.1"), "Location", location(), without, own))).toEqual([
      { pointer: "/last_updated", message: "is required in a PATCH" },
    ]);
    expect(patchObject(version("2.1.1"), "Location", location(), without, own).ok).toBe(true);
    expect(patchObject(version("2.2.1"), "Tariff", tariff(), { currency: "USD" }, own).ok).toBe(true);
    expect(faults(patchObject(version("2.3.0"), "Token", token(), { valid: false }, own))).toHaveLength(1);
  });

  test("refuses null on a required field and takes it on an optional one", () => {
    const refused = patchObject(version("2.2.1"), "Location", location(), { city: null, last_updated: later }, own);
    expect(faults(refused)).toEqual([{ pointer: "/city", message: "is required" }]);
    const taken = patchObject(
      version("2.2.1"),
      "Location",
      location({ name: "x" }),
      { name: null, last_updated: later },
      own,
    );
    expect(taken.ok && taken.value.name).toBeNull();
  });

  test("refuses another identity, in any case of letters since 2.2", () => {
    const patch = { id: "loc1", country_code: "nl", last_updated: later };
    const same = patchObject(version("2.2.1"), "Location", location(), patch, own);
    expect(same.ok && [same.value.id, same.value.country_code]).toEqual(["LOC1", "NL"]);
    expect(faults(patchObject(version("2.1.1"), "Location", location(), { id: "loc1" }, own))).toHaveLength(1);
    const moved = patchObject(version("2.2.1"), "Location", location(), { party_id: "XXX", last_updated: later }, own);
    expect(faults(moved).map(({ pointer }) => pointer)).toEqual(["/party_id"]);
    const retyped = patchObject(version("2.2.1"), "Token", token(), { type: "APP_USER", last_updated: later }, own);
    expect(faults(retyped).map(({ pointer }) => pointer)).toEqual(["/type"]);
  });

  test("refuses what the schema refuses, with pointers into the body", () => {
    const evses = [{ uid: "E1", status: "NOT_A_STATUS", connectors: [], last_updated: changedAt }];
    const result = patchObject(version("2.2.1"), "Location", location(), { evses, last_updated: later }, own);
    expect(faults(result).map(({ pointer }) => pointer)).toEqual(["/evses/0/status", "/evses/0/connectors"]);
    expect(faults(patchObject(version("2.2.1"), "Location", location(), [], own))).toHaveLength(1);
  });

  test("works at the depth of an EVSE and a Connector", () => {
    const [evse] = location().evses ?? [];
    if (evse === undefined) throw new Error();
    const result = patchObject(version("2.2.1"), "EVSE", evse, { status: "REMOVED", last_updated: later }, own);
    expect(result.ok && result.value).toMatchObject({ uid: "E1", status: "REMOVED", last_updated: later });
  });

  test("lets no key reach a prototype", () => {
    const patch = JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"name":"x"}');
    const result = patchObject(version("2.1.1"), "Location", location(), patch, own);
    if (!result.ok) throw new Error();
    expect(Object.getPrototypeOf(result.value)).toBe(Object.prototype);
    expect(Object.hasOwn(result.value, "constructor")).toBe(false);
    expect((result.value as { polluted?: unknown }).polluted).toBeUndefined();
  });
});
