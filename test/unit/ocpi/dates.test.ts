import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/lib/json.ts";
import { withoutBeside } from "../../../src/model/beside.ts";
import { isRealLoss } from "../../../src/ocpi/codec.ts";
import { patchObject } from "../../../src/ocpi/patch.ts";
import { newest, type Version, versionByNumber, versions } from "../../../src/ocpi/versions.ts";
import { changedAt, location } from "./samples.ts";

const version = (number: string): Version => versionByNumber(number) as Version;
const owner = { country_code: "NL", party_id: "TNM" };
const dated = versions.filter(({ dialect }) => dialect.lastUpdated).map(({ number }) => number);

/** A Location on the wire of a version with another `last_updated`. */
function wireOf(number: string, last_updated: string): JsonObject {
  const down = version(number).codecs.Location.down(location(), { origin: newest.number });
  return { ...JSON.parse(JSON.stringify(down.wire)), last_updated } as JsonObject;
}

describe.each(dated)("a DateTime of %s without Z", (number) => {
  const codec = version(number).codecs.Location;
  const wire = wireOf(number, "2026-01-31T12:00:00");
  const object = codec.up(wire, { owner });

  test("is UTC, in the model and for operators with its Z", () => {
    expect(object.last_updated).toBe("2026-01-31T12:00:00Z");
    expect(JSON.stringify(withoutBeside(object as unknown as JsonObject))).not.toContain('12:00:00"');
    expect(object.evses?.[0]?.last_updated).toBe(changedAt);
  });

  test("is relayed as it came, and has its Z everywhere else", () => {
    expect(codec.down(object, { origin: number }).wire).toEqual(wire);
    for (const other of versions.filter((one) => one.number !== number && one.dialect.lastUpdated)) {
      const down = other.codecs.Location.down(object, { origin: number });
      expect(down.wire?.last_updated).toBe("2026-01-31T12:00:00Z");
      expect(down.losses?.filter(isRealLoss)).toEqual([]);
    }
  });

  test("gives way to the next one", () => {
    const patch = { last_updated: "2026-02-01T00:00:00Z", name: "N" };
    const done = patchObject(version(number), "Location", object, patch, { origin: number, owner });
    if (!done.ok) throw new Error(JSON.stringify(done.error));
    expect(done.value.last_updated).toBe(patch.last_updated);
    expect(codec.down(done.value, { origin: number }).wire).toEqual({ ...wire, ...patch });
    const stale = { ...object, last_updated: "2026-02-02T00:00:00Z" };
    expect(codec.down(stale, { origin: number }).wire?.last_updated).toBe("2026-02-02T00:00:00Z");
  });
});

test("a DateTime as the standard likes it best leaves nothing beside", () => {
  for (const number of dated) {
    const object = version(number).codecs.Location.up(wireOf(number, "2026-01-31T12:00:00Z"), { owner });
    expect(JSON.stringify(object)).not.toContain("wire:");
  }
});

test("a fraction has three digits at most", () => {
  const object = location({ last_updated: "2026-01-31T12:00:00.1234" });
  const down = (number: string) => version(number).codecs.Location.down(object, { origin: "2.2" }).wire?.last_updated;
  expect(down("2.3.0")).toBe("2026-01-31T12:00:00.123Z");
  expect(down("2.1.1")).toBe("2026-01-31T12:00:00Z");
  object.last_updated = "2026-01-31T12:00:00.12345";
  expect(down("2.3.0")).toBe("2026-01-31T12:00:00.123Z");
});

test("a DateTime that in UTC is before the year 0 or after 9999 is refused", () => {
  const session = (start_datetime: string) => ({
    id: "S1",
    location: { id: "L" },
    start_datetime,
  });
  for (const time of ["0000-01-01T00:00:00+02:00", "9999-12-31T23:00:00-02:00"]) {
    const parsed = version("2.0").codecs.Session.parse(session(time));
    expect(parsed.ok ? [] : parsed.error).toContainEqual({
      pointer: "/start_datetime",
      message: "must be a DateTime, such as 2026-01-31T12:00:00Z",
    });
  }
});
