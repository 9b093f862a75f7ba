import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { endpointsCommand, endpointsFile, endpointsMarkdown } from "../../../src/local/endpoints-md.ts";
import { endpoint } from "../../../src/ocpi/endpoints.ts";
import { hasInterface, interfacesOf } from "../../../src/ocpi/interfaces.ts";
import { findEndpoint } from "../../../src/ocpi/urls.ts";
import { versions } from "../../../src/ocpi/versions.ts";

test("a row whose path lacks a parameter of its operation does not compile", () => {
  const row = { module: "locations", role: "RECEIVER", method: "PUT", request: "object", response: "none" } as const;
  const put = { ...row, operation: "putClientOwnedObject", kind: "Location" } as const;
  endpoint({ ...put, path: "/{country_code}/{party_id}/{location_id}" });
  // @ts-expect-error the path lacks party_id
  endpoint({ ...put, path: "/{country_code}/{location_id}" });
  // @ts-expect-error the path has a parameter that nobody reads
  endpoint({ ...put, path: "/{country_code}/{party_id}/{location_id}/{evse_uid}" });
  // @ts-expect-error an EVSE is named by its Location too
  endpoint({ ...put, kind: "EVSE", path: "/{country_code}/{party_id}/{evse_uid}" });
  // @ts-expect-error there is no such operation
  endpoint({ ...put, operation: "nope", path: "" });
  // @ts-expect-error there is no such kind
  endpoint({ ...put, kind: "Charger", path: "/{country_code}/{party_id}/{location_id}" });
});

test("ENDPOINTS.md is what the table says", () => {
  expect(readFileSync(endpointsFile, "utf8"), `run: ${endpointsCommand}`).toBe(endpointsMarkdown());
});

// Counted by hand from the standard's Interfaces and endpoints sections: versions 2, credentials 4, then locations, tariffs,
// tokens, sessions, cdrs, commands, chargingprofiles, hubclientinfo.
test.each([
  ["2.0", 2 + 4 + 10 + 5 + 4 + 5 + 3],
  ["2.1.1", 2 + 4 + 13 + 5 + 5 + 4 + 3 + 2],
  ["2.2", 2 + 4 + 13 + 4 + 5 + 5 + 3 + 2 + 5 + 3],
  ["2.2.1", 2 + 4 + 13 + 4 + 5 + 5 + 3 + 2 + 5 + 3],
  ["2.3.0", 2 + 4 + 13 + 4 + 5 + 5 + 3 + 2 + 5 + 3],
])("%s has %i endpoints", (number, count) => {
  expect(versions.find((one) => one.number === number)?.endpoints).toHaveLength(count);
});

describe.each(versions)("the table of $number", (version) => {
  const { endpoints, codecs, dialect } = version;

  test("says nothing twice", () => {
    const said = endpoints.map(({ module, role, method, path }) => `${module} ${role} ${method} ${path}`);
    expect(new Set(said).size).toBe(said.length);
  });

  test("has a codec for everything it carries", () => {
    for (const { kind, otherKinds = [], answerKind, request, response } of endpoints) {
      const carried = request === "none" ? [] : [kind, ...otherKinds];
      if (response !== "none") carried.push(answerKind ?? kind);
      for (const name of carried) expect(codecs[name], name).toBeDefined();
    }
  });

  test("agrees with the dialect", () => {
    const locations = { module: "locations", role: "SENDER" } as const;
    const list = findEndpoint(endpoints, { ...locations, operation: "listObjects" });
    expect(list?.query.includes("date_from")).toBe(dialect.dateFilters);
    const single = findEndpoint(endpoints, { ...locations, operation: "getObject", kind: "Location" });
    expect(single !== undefined).toBe(dialect.senderSingleGet);
    const tariff = { module: "tariffs", role: "RECEIVER", operation: "patchClientOwnedObject" } as const;
    expect(findEndpoint(endpoints, tariff) !== undefined).toBe(dialect.patchTariffs);
    const token = { module: "tokens", role: "RECEIVER", operation: "putClientOwnedObject" } as const;
    expect(findEndpoint(endpoints, token)?.query.includes("type")).toBe(dialect.tokenTypeQuery);
  });

  test("gives every interface of a module a role that has it", () => {
    for (const { module, role } of endpoints) {
      if (role !== null)
        expect(["CPO", "EMSP", "HUB"].some((party) => interfacesOf(party, module).includes(role))).toBe(true);
    }
  });
});

test("roles have the interfaces the standard lists", () => {
  expect(interfacesOf("CPO", "tokens")).toEqual(["RECEIVER"]);
  expect(interfacesOf("EMSP", "tokens")).toEqual(["SENDER"]);
  expect(interfacesOf("SCSP", "locations")).toEqual([]);
  expect(interfacesOf("CPO", "nltnm-custom")).toEqual([]);
  expect(hasInterface(["SCSP", "HUB"], "tariffs", "RECEIVER")).toBe(true);
  expect(hasInterface([], "tariffs", "RECEIVER")).toBe(false);
});
