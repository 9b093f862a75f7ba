import { expect, test } from "vitest";
import { audienceOf, isSeen, ownsModule, visibility } from "../../../src/gateway/entitlement.ts";
import { refOf } from "../../../src/gateway/keys.ts";
import type { StoredObject } from "../../../src/ports/objects.ts";
import type { Party } from "../../../src/ports/partners.ts";
import { at, partnerOf } from "./world.ts";

const cpo: Party = { country_code: "NL", party_id: "OWN", roles: ["CPO"], business_details: { name: "Own" } };
const hub: Party = { ...cpo, party_id: "HUB", roles: ["HUB"] };

test.each([
  ["CPO", "tokens"],
  ["EMSP", "locations tariffs sessions cdrs"],
  ["NSP", "locations tariffs"],
  ["NAP", "locations tariffs"],
  ["PTP", "locations tariffs"],
  ["OTHER", "locations tariffs"],
  ["SCSP", ""],
  ["HUB", "locations tariffs tokens sessions cdrs"],
])("a %s reads: %s", (role, modules) => {
  const partner = partnerOf("p", `${role} DE ABC`);
  const read = ["locations", "tariffs", "tokens", "sessions", "cdrs"].filter(
    (module) => visibility(partner, module, [cpo]) !== null,
  );
  expect(read.join(" ")).toBe(modules);
});

test.each([
  ["CPO", "locations tariffs sessions cdrs"],
  ["EMSP", "tokens"],
  ["NAP", "locations tariffs"],
  ["HUB", "locations tariffs tokens sessions cdrs"],
  ["NSP", ""],
  ["OTHER", ""],
])("a %s writes for its party: %s", (role, modules) => {
  const partner = partnerOf("p", `${role} DE ABC`);
  const modulesOf = ["locations", "tariffs", "tokens", "sessions", "cdrs"];
  const written = modulesOf.filter((module) => ownsModule(partner, module, "de", "abc"));
  expect(written.join(" ")).toBe(modules);
  expect(ownsModule(partner, "locations", "DE", "ABX")).toBe(false);
});

test("a partner is shown what its settings share, and objects of others only by a hub", () => {
  const partner = partnerOf("p", "EMSP DE ABC");
  expect(visibility(partner, "locations", [cpo])).toEqual({
    own: null,
    relayed: false,
    reader: "p",
    audiences: ["*", "EMSP", "DE*ABC"],
  });
  expect(visibility(partner, "locations", [cpo, hub])?.relayed).toBe(true);
  const few = { ...partner, settings: { ...partner.settings, modules: ["tariffs"], share: { parties: ["nl*own"] } } };
  expect(visibility(few, "locations", [cpo])).toBeNull();
  expect(visibility(few, "tariffs", [cpo])?.own).toEqual(["NL*OWN"]);
});

test("a party reads for the role it has here, not for one another partner may have it in", () => {
  const partner = partnerOf("p", "EMSP DE AAA", "CPO DE BBB");
  expect(visibility(partner, "cdrs", [cpo])?.audiences).toEqual(["*", "EMSP", "CPO", "DE*AAA"]);
});

test("where a version cannot say roles, the side of the connection is the role", () => {
  const partner = { ...partnerOf("p"), side: "EMSP" as const };
  expect(visibility(partner, "locations", [cpo])?.audiences).toEqual(["*", "EMSP"]);
  expect(visibility(partner, "tokens", [cpo])).toBeNull();
});

test("a Location that is not published is for those who know its Tokens, or for nobody", () => {
  expect(audienceOf("locations", {})).toBe("*");
  expect(audienceOf("locations", { publish: true, publish_allowed_to: [{ uid: "1" }] })).toBe("*");
  expect(audienceOf("locations", { publish: false, publish_allowed_to: [{ uid: "1" }] })).toBe("EMSP");
  expect(audienceOf("locations", { publish: false, publish_allowed_to: [] })).toBe("-");
  expect(audienceOf("locations", { publish: false })).toBe("-");
  expect(audienceOf("tariffs", { publish: false })).toBe("*");
});

test("what the feed tells of is seen when it is not deleted and meant for the reader", () => {
  const seen = visibility(partnerOf("p", "NSP DE ABC"), "locations", [cpo]);
  if (seen === null) throw new Error("an NSP reads locations");
  const object = { audience: "*", deleted: false } as StoredObject;
  expect(isSeen(seen, object)).toBe(true);
  expect(isSeen(seen, { ...object, deleted: true })).toBe(false);
  expect(isSeen(seen, { ...object, audience: "EMSP" })).toBe(false);
  expect(isSeen(seen, { ...object, audience: "-" })).toBe(false);
});

test("ids are compared as the owner's version compares them, Tokens by type and uid", () => {
  expect(refOf(at("locations", "loc-1é"))).toEqual({
    module: "locations",
    country_code: "NL",
    party_id: "OWN",
    id_key: "LOC-1é",
    recipient: "",
  });
  expect(refOf(at("locations", "loc1", { ciIds: false, country_code: "nl" }))).toMatchObject({
    id_key: "loc1",
    country_code: "NL",
  });
  expect(refOf(at("tokens", "ab")).id_key).toBe("RFID/AB");
  expect(refOf(at("tokens", "ab", { type: "APP_USER", ciIds: false })).id_key).toBe("APP_USER/ab");
});

test("a Session or CDR is for the party that owns its token, and for nobody while that is not known", () => {
  const token = { uid: "T1", type: "RFID", contract_id: "C1" };
  for (const module of ["sessions", "cdrs"]) {
    expect(audienceOf(module, { cdr_token: { ...token, country_code: "de", party_id: "Abc" } })).toBe("DE*ABC");
    expect(audienceOf(module, { cdr_token: token })).toBe("-");
    expect(audienceOf(module, {})).toBe("-");
  }
});
