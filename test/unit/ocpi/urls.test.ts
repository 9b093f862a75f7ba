import { describe, expect, test } from "vitest";
import { joinUrl, ownEndpointUrl, pathOf, versionDetailsUrl, versionsUrl } from "../../../src/ocpi/urls.ts";

describe("pathOf", () => {
  const row = { path: "/{country_code}/{party_id}/{token_uid}" };

  test("encodes each value as one segment", () => {
    expect(pathOf(row, { country_code: "NL", party_id: "TNM", token_uid: "#NA/a b%" })).toBe(
      "/NL/TNM/%23NA%2Fa%20b%25",
    );
  });

  test.each([undefined, "", ".", ".."])("refuses %j, which no URL can hold", (token_uid) => {
    expect(() => pathOf(row, { country_code: "NL", party_id: "TNM", token_uid })).toThrow("token_uid");
  });
});

test.each([
  ["https://p.example/tokens", "/a", "https://p.example/tokens/a"],
  ["https://p.example/tokens/", "/a", "https://p.example/tokens/a"],
  ["https://p.example/tokens//", "a/b", "https://p.example/tokens/a/b"],
  ["https://p.example/tokens/", "", "https://p.example/tokens/"],
  ["https://p.example/tokens?tenant=1", "/a", "https://p.example/tokens/a?tenant=1"],
])("%s and %s join to %s", (url, path, joined) => {
  expect(joinUrl(url, path)).toBe(joined);
});

test("our own URLs", () => {
  const base = "https://gw.example";
  expect(versionsUrl(base, null)).toBe("https://gw.example/ocpi/versions");
  expect(versionsUrl(base, "emsp")).toBe("https://gw.example/ocpi/emsp/versions");
  expect(versionDetailsUrl(base, "2.1.1", "cpo")).toBe("https://gw.example/ocpi/cpo/2.1.1");
  expect(versionDetailsUrl(base, "2.2.1", null)).toBe("https://gw.example/ocpi/2.2.1");
  const credentials = { module: "credentials", role: null };
  expect(ownEndpointUrl(base, "2.1.1", credentials, "cpo")).toBe("https://gw.example/ocpi/cpo/2.1.1/credentials");
  const locations = { module: "locations", role: "SENDER" } as const;
  expect(ownEndpointUrl(base, "2.1.1", locations, "cpo")).toBe("https://gw.example/ocpi/2.1.1/sender/locations");
});
