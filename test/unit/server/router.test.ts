import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { joinUrl, ownEndpointUrl, pathOf, type Side } from "../../../src/ocpi/urls.ts";
import { versions } from "../../../src/ocpi/versions.ts";
import { match } from "../../../src/server/router.ts";

const base = "https://gw.example";

/** Every row of every version, on every side it stands on. */
const rows = versions.flatMap((version) =>
  version.endpoints.flatMap((row) => {
    const sides: Side[] = row.role === null ? [null, "cpo", "emsp"] : [null];
    return sides.map((side) => ({ version, row, side }));
  }),
);

/** Ids as the standard allows them, and some that need encoding; `.` and `..` cannot stand in a URL. */
const id = fc
  .string({ unit: fc.constantFrom(..."aZ09-._~!$&'()*+,;=:@#?%/\\ \"<>[]{}|^`é漢😀"), minLength: 1, maxLength: 36 })
  .filter((text) => text !== "." && text !== "..");

describe("a URL that is built is matched", () => {
  test.each(
    rows.map(
      (one) => [`${one.version.number} ${one.row.module} ${one.row.method} ${one.row.path} ${one.side}`, one] as const,
    ),
  )("%s", (_, { version, row, side }) => {
    const names = [...row.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? "");
    fc.assert(
      fc.property(fc.tuple(...names.map(() => id)), fc.constantFrom("", "/"), (values, slash) => {
        const params = Object.fromEntries(names.map((name, i) => [name, values[i]]));
        const url = joinUrl(ownEndpointUrl(base, version.number, row, side), pathOf(row, params)) + slash;
        const found = match(row.method, new URL(url).pathname);
        if (found.kind !== "found") throw new Error(`${url}: ${found.kind}`);
        expect({ ...found.route.params }).toEqual(params);
        expect(found.route.row.operation).toBe(row.operation);
        expect(found.route.row.kind).toBe(row.kind);
        expect(found.route.side).toBe(side);
        if (row.module !== "versions") expect(found.route.version).toBe(version);
      }),
      { numRuns: 20 },
    );
  });
});

describe("what there is not", () => {
  test.each([
    "/ocpi",
    "/ocpi/",
    "/ocpi/9.9",
    "/ocpi/2.2.1/locations",
    "/ocpi/2.2.1/sender/locations//",
    "/ocpi/2.2.1/sender//locations",
    "/ocpi/2.2.1/receiver/locations/NL/CPB//E1",
    "/ocpi/2.2.1/receiver/locations/NL/CPB/L1/E1/1/x",
    "/ocpi/2.2.1/receiver/locations/NL/CPB/%00",
    "/ocpi/2.2.1/receiver/locations/NL/CPB/a%0d%0ab",
    "/ocpi/2.2.1/receiver/locations/NL/CPB/%ff",
    `/ocpi/2.2.1/receiver/locations/NL/CPB/${"x".repeat(256)}`,
    "/ocpi/2.2.1/sender/payments",
    "/ocpi/cpo/2.2.1/sender/locations",
    "/ocpi/hub/versions",
    "/ocpi/2.0/sender/locations/L1",
    "/OCPI/versions",
  ])("%s", (path) => {
    expect(match("GET", path)).toEqual({ kind: "unknown_path" });
  });

  test("an encoded slash stays within its segment", () => {
    const found = match("GET", "/ocpi/2.2.1/receiver/locations/NL/CPB%2F..%2FCPC/L1");
    expect(found.kind === "found" && found.route.params.party_id).toBe("CPB/../CPC");
  });

  test("a segment is decoded once", () => {
    const found = match("GET", "/ocpi/2.2.1/receiver/locations/NL/CPB/a%252Fb");
    expect(found.kind === "found" && found.route.params.location_id).toBe("a%2Fb");
  });
});

describe("methods", () => {
  test("HEAD is asked as GET", () => {
    expect(match("HEAD", "/ocpi/versions").kind).toBe("found");
  });

  test("what a path does not know is told with what it does", () => {
    expect(match("PATCH", "/ocpi/2.2.1/receiver/tariffs/NL/CPB/T1")).toEqual({
      kind: "method_not_allowed",
      allow: ["GET", "PUT", "DELETE", "HEAD", "OPTIONS"],
    });
    expect(match("PATCH", "/ocpi/2.1.1/receiver/tariffs/NL/CPB/T1").kind).toBe("found");
    expect(match("POST", "/ocpi/versions").kind).toBe("method_not_allowed");
    expect(match("PATCH", "/ocpi/emsp/2.1.1/credentials").kind).toBe("method_not_allowed");
  });
});
