import { describe, expect, test } from "vitest";
import { lint } from "../../../src/ocpi/lint.ts";
import { newest, type Version, versionByNumber } from "../../../src/ocpi/versions.ts";
import { changedAt, connector, location, tariff, token } from "./samples.ts";

const version = (number: string): Version => versionByNumber(number) as Version;

const findings = (
  number: string,
  kind: "Location" | "Tariff" | "Token" | "EVSE" | "Credentials",
  wire: unknown,
): string[] => lint(version(number), kind, wire).map(({ pointer, rule }) => `${pointer} ${rule}`);

describe("lint", () => {
  test("has nothing to say of sound objects", () => {
    expect(lint(newest, "Location", location())).toEqual([]);
    expect(lint(newest, "Tariff", tariff())).toEqual([]);
    expect(lint(newest, "Token", token())).toEqual([]);
  });

  test.each([
    [{ name: "x".repeat(256) }, "/name length"],
    [{ name: "é".repeat(255) }, undefined],
    [{ name: "😀".repeat(255) }, undefined],
    [{ name: "a\u0007" }, "/name charset"],
    [{ help_phone: "één" }, "/help_phone charset"],
    [{ country: "NL" }, "/country format"],
    [{ parking_type: "ROOF" }, "/parking_type enum"],
    [{ facilities: ["hotel"] }, "/facilities/0 enum"],
    [{ last_updated: "2026-01-01T00:00:00+00:00" }, "/last_updated format"],
    [{ last_updated: "1970-1-1T00:00:00Z" }, "/last_updated format"],
    [{ last_updated: "2026-01-01T00:00:00.123456789Z" }, "/last_updated length"],
    [{ coordinates: { latitude: "52.1", longitude: "5.123456" } }, "/coordinates/latitude format"],
    [{ coordinates: { latitude: "-12.1234567", longitude: "5.123456" } }, "/coordinates/latitude length"],
    [{ coordinates: { latitude: "95.123456", longitude: "5.123456" } }, "/coordinates/latitude format"],
    [{ nltnm_x: 1 }, "/nltnm_x field"],
    [{ opening_times: { twentyfourseven: false } }, "/opening_times/twentyfourseven consistency"],
    [{ publish_allowed_to: [{ visual_number: "1" }] }, "/publish_allowed_to/0 consistency"],
    [{ images: [{ url: "u", category: "OTHER", type: "jpeg", width: 123456 }] }, "/images/0/width length"],
  ])("of a Location with %o: %s", (change, expected) => {
    expect(findings("2.3.0", "Location", location(change))).toEqual(expected === undefined ? [] : [expected]);
  });

  test("finds names that occur twice", () => {
    const evse = { uid: "e1", status: "AVAILABLE", connectors: [connector, connector], last_updated: changedAt };
    expect(findings("2.3.0", "Location", location({ evses: [evse, { ...evse, uid: "E1" }] as never }))).toEqual([
      "/evses/0/connectors/1 consistency",
      "/evses/1/connectors/1 consistency",
      "/evses/1 consistency",
    ]);
  });

  test("knows what each version allows", () => {
    const wire = {
      id: "LOC1",
      type: "ON_STREET",
      address: "A",
      city: "C",
      postal_code: "1",
      country: "NLD",
      coordinates: { latitude: "52.12345", longitude: "5.123456" },
    };
    expect(findings("2.1.1", "Location", { ...wire, last_updated: "2026-01-01T00:00:00.5Z" })).toEqual([
      "/coordinates/latitude format",
      "/last_updated format",
    ]);
    const schedule = [{ period_begin: "2026-01-01T00:00:00+02:00", status: "PLANNED" }];
    const evse = { uid: "x".repeat(16), status: "AVAILABLE", status_schedule: schedule, connectors: [] };
    expect(findings("2.0", "EVSE", evse)).toEqual(["/uid length"]);
    const price = { type: "ENERGY", price: 2, step_size: 1 };
    const priced = { id: "1", currency: "EUR", elements: [{ price_components: [price] }] };
    expect(findings("2.0", "Tariff", priced)).toEqual(["/elements/0/price_components/0/price format"]);
  });

  test("says nothing of what is not of its type at all", () => {
    expect(lint(newest, "Location", 5)).toEqual([]);
    expect(findings("2.3.0", "Location", { name: 5, evses: {}, coordinates: [], last_updated: 1 })).toEqual([]);
  });
});
