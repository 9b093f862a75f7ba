import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/lib/json.ts";
import { codecOf, newest, type Version, versionByNumber } from "../../../src/ocpi/versions.ts";
import { cdr, session } from "./live-samples.ts";
import { location, token } from "./samples.ts";

const version = (number: string): Version => versionByNumber(number) as Version;
const kinds = ["Session", "CDR"] as const;
const context = { token: token() };

function wireOf(number: string, kind: (typeof kinds)[number]): JsonObject {
  const object = kind === "CDR" ? cdr() : session();
  const place = location();
  for (const evse of place.evses ?? []) evse.evse_id = "NL*TNM*E1";
  const down = codecOf(version(number), kind)?.down(object as never, {
    origin: newest.number,
    references: { location: place },
  });
  return JSON.parse(JSON.stringify(down?.wire)) as JsonObject;
}

const pointers = (found: readonly { pointer: string }[] | undefined) => found?.map(({ pointer }) => pointer);

describe.each(["2.0", "2.1.1"])("what is taken for granted in %s", (number) => {
  test.each(kinds)("of a %s", (kind) => {
    const codec = codecOf(version(number), kind);
    const wire = wireOf(number, kind);
    const place = wire.location as JsonObject;
    const [evse] = place.evses as [JsonObject];
    const at = (change: JsonObject) =>
      pointers(codec?.assumed({ ...wire, location: { ...place, ...change } }, context));
    expect(at({})).toEqual([]);
    expect(pointers(codec?.assumed(wire, {}))).toEqual(["/auth_id"]);
    expect(at({ evses: [] })).toEqual(["/location/evses"]);
    expect(at({ evses: undefined })).toEqual(["/location/evses"]);
    expect(at({ evses: [{ ...evse, connectors: null }] })).toEqual(["/location/evses/0/connectors"]);
    expect(at({ evses: [evse, { ...evse, uid: "E2" }] })).toEqual(["/location/evses"]);
    const { connectors } = evse;
    expect(at({ evses: [{ ...evse, connectors: [...(connectors as JsonObject[]), { id: "2" }] }] })).toEqual([
      "/location/evses/0/connectors",
    ]);
    const nameless = kind === "CDR" ? ["/location/evses/0/evse_id"] : [];
    expect(at({ evses: [{ ...evse, evse_id: null }] })).toEqual(nameless);
    for (const part of [{}, { auth_id: 5, location: "x" }, { location: null }]) {
      expect(codec?.assumed(part, {})).toEqual([]);
    }
  });
});

test.each(kinds)("of a %s of 2.2 it is whose the token is", (kind) => {
  const codec = codecOf(version("2.2"), kind);
  const wire = wireOf("2.2", kind);
  expect(codec?.assumed(wire, context)).toEqual([]);
  expect(pointers(codec?.assumed(wire, {}))).toEqual(["/cdr_token"]);
  const owned = { ...(wire.cdr_token as JsonObject), country_code: "DE", party_id: "ABC" };
  expect(codec?.assumed({ ...wire, cdr_token: owned }, {})).toEqual([]);
});

test.each(["2.2.1", "2.3.0"])("of %s it is nothing", (number) => {
  for (const kind of kinds) expect(codecOf(version(number), kind)?.assumed(wireOf(number, kind), {})).toEqual([]);
});
