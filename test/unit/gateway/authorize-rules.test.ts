import { describe, expect, test } from "vitest";
import {
  completed,
  listedInfo,
  otherSpellings,
  ownInfo,
  placeFor,
  planOf,
  providerOf,
  saidType,
} from "../../../src/gateway/authorize-rules.ts";
import type { LocationReferences, Token } from "../../../src/model/tokens.ts";
import { newest, versionByNumber } from "../../../src/ocpi/versions.ts";

type Whitelist = "ALWAYS" | "ALLOWED" | "ALLOWED_OFFLINE" | "NEVER";

/** whitelist, valid, whether the eMSP can be asked → whether it is asked, and what the list says. Spec: 2.2.1 mod_tokens, WhitelistType. */
const rows: [Whitelist, boolean, boolean, boolean, string | null][] = [
  ["ALWAYS", true, true, false, "ALLOWED"],
  ["ALWAYS", true, false, false, "ALLOWED"],
  ["ALWAYS", false, true, false, "BLOCKED"],
  ["ALWAYS", false, false, false, "BLOCKED"],
  ["ALLOWED", true, true, false, "ALLOWED"],
  ["ALLOWED", true, false, false, "ALLOWED"],
  ["ALLOWED", false, true, true, "BLOCKED"],
  ["ALLOWED", false, false, false, "BLOCKED"],
  ["ALLOWED_OFFLINE", true, true, true, "ALLOWED"],
  ["ALLOWED_OFFLINE", true, false, false, "ALLOWED"],
  ["ALLOWED_OFFLINE", false, true, true, "BLOCKED"],
  ["ALLOWED_OFFLINE", false, false, false, "BLOCKED"],
  ["NEVER", true, true, true, null],
  ["NEVER", true, false, false, "NOT_ALLOWED"],
  ["NEVER", false, true, true, null],
  ["NEVER", false, false, false, "BLOCKED"],
];

describe("what a CPO does with a token", () => {
  test.each(rows)(
    "%s, valid %s, eMSP can be asked %s: asked %s, listed %s",
    (whitelist, valid, canAsk, ask, listed) => {
      expect(planOf({ whitelist, valid }, canAsk)).toEqual({ ask, listed });
    },
  );

  test("one nobody told of is asked where that is possible, and the list says nothing", () => {
    expect(planOf(null, true)).toEqual({ ask: true, listed: null });
    expect(planOf(null, false)).toEqual({ ask: false, listed: null });
  });

  test("a token that says nothing of itself is as one that must be asked, and is not valid", () => {
    expect(planOf({}, true)).toEqual({ ask: true, listed: null });
    expect(planOf({}, false)).toEqual({ ask: false, listed: "BLOCKED" });
  });
});

const token = { country_code: "NL", party_id: "TNM", uid: "1", valid: true } as Token;
const references = { location_id: "LOC1", evse_uids: ["1"] } as LocationReferences;

describe("an answer", () => {
  test("repeats the location only where charging is allowed", () => {
    expect(ownInfo(token, references)).toEqual({ allowed: "ALLOWED", token, location: references });
    expect(ownInfo(token, null)).toEqual({ allowed: "ALLOWED", token });
    const blocked = { ...token, valid: false };
    expect(ownInfo(blocked, references)).toEqual({ allowed: "BLOCKED", token: blocked });
    expect(listedInfo("NOT_ALLOWED", null, references)).toEqual({ allowed: "NOT_ALLOWED" });
  });

  test("of somebody else is made whole with what was asked, and keeps what it says", () => {
    expect(completed({ allowed: "ALLOWED" }, token, references)).toEqual({
      allowed: "ALLOWED",
      token,
      location: references,
    });
    const own = { allowed: "ALLOWED", token: { uid: "2" }, location: { location_id: "LOC1", evse_uids: [] } };
    expect(completed(own, token, references)).toEqual(own);
    expect(completed({ allowed: "NO_CREDIT", location: { location_id: "LOC1" } }, token, references)).toEqual({
      allowed: "NO_CREDIT",
      token,
    });
  });
});

test("a contract id names its provider, with and without separators, also one of DIN", () => {
  const provider = { country_code: "DE", party_id: "8AA" };
  for (const id of ["DE8AAC12345678", "DE8AAC123456789", "DE-8AA-C12345678-9", "de*8aa*c12345678", "DE-8AA-123A56-5"]) {
    expect(providerOf(id, "EMAID"), id).toEqual(provider);
  }
  for (const id of ["", "04A1B2C3", "DE-8AA-C12345678-99", "NL-TNM-CARD"]) {
    expect(providerOf(id, "EMAID"), id).toBeNull();
  }
});

test("the uid of a card is no contract id, however it looks", () => {
  expect(providerOf("DE8AA012345678", "RFID")).toBeNull();
  // No type was said, and no card has such a uid.
  expect(providerOf("DE-8AA-C12345678-9", "RFID")).toEqual({ country_code: "DE", party_id: "8AA" });
  expect(providerOf("NLTNMC12345678", "RFID")).toEqual({ country_code: "NL", party_id: "TNM" });
  expect(otherSpellings("DE8AA012345678", "RFID")).toEqual([]);
  expect(otherSpellings("de8aac12345678", "EMAID")).not.toContain("DE8AAC12345678");
  expect(otherSpellings("de8aac12345678", "EMAID")).toContain("DE-8AA-C12345678");
});

test("a type is said as the version knows it", () => {
  const said = (number: string, type: string) => saidType(versionByNumber(number) ?? newest, type);
  for (const number of ["2.1.1", "2.2", "2.2.1", "2.3.0"]) expect(said(number, "RFID")).toBe("RFID");
  expect(["2.1.1", "2.2", "2.2.1", "2.3.0"].map((number) => said(number, "EMAID"))).toEqual([
    "OTHER",
    "OTHER",
    "OTHER",
    "EMAID",
  ]);
  expect(["2.1.1", "2.2.1"].map((number) => said(number, "APP_USER"))).toEqual(["OTHER", "APP_USER"]);
});

test("Connectors are said to 2.1.1 only", () => {
  const place = { location_id: "L", connector_ids: ["1"] } as LocationReferences;
  const at = (number: string) => placeFor(versionByNumber(number) ?? newest, place);
  expect(at("2.1.1")).toEqual(place);
  expect(at("2.2.1")).toEqual({ location_id: "L" });
  expect(at("2.3.0")).toEqual({ location_id: "L" });
});
