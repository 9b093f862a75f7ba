import { describe, expect, test } from "vitest";
import { type Credentials, hubParty } from "../../../src/model/credentials.ts";
import { type DownContext, isRealLoss } from "../../../src/ocpi/codec.ts";
import { newest, type Version, versionByNumber, versions } from "../../../src/ocpi/versions.ts";
import { changedAt, token } from "./samples.ts";

const version = (number: string): Version => versionByNumber(number) as Version;
const own: DownContext = { origin: newest.number };

describe("Token", () => {
  test.each([
    ["2.2.1", "EMAID", "OTHER"],
    ["2.2", "CUSTOM", "OTHER"],
    ["2.1.1", "APP_USER", "OTHER"],
    ["2.0", "AD_HOC_USER", "OTHER"],
    ["2.2.1", "APP_USER", "APP_USER"],
    ["2.3.0", "CUSTOM", "CUSTOM"],
  ])("to %s of type %s is said as %s", (number, type, said) => {
    const down = version(number).codecs.Token.down(token({ type }), { origin: "2.2" === number ? "2.3.0" : "2.2" });
    expect(down.wire).toMatchObject({ type: said });
    expect(down.losses?.some(({ pointer }) => pointer === "/type")).toBe(type !== said);
  });

  test.each([
    ["ALWAYS", true, 1],
    ["ALLOWED", true, 0],
    ["ALLOWED_OFFLINE", true, 1],
    ["NEVER", false, 0],
  ] as const)("with whitelist %s has allow_whitelist %s in 2.0", (whitelist, allow_whitelist, lost) => {
    const down = version("2.0").codecs.Token.down(token({ whitelist }), own);
    expect(down.wire).toMatchObject({ allow_whitelist, auth_id: "DE-ABC-C12345", visual_number: "DE-ABC-C12345" });
    expect(down.losses?.filter(isRealLoss)).toHaveLength(lost);
  });

  test("of 2.0 has a whitelist by allow_whitelist, NEVER when it says nothing", () => {
    const codec = version("2.0").codecs.Token;
    const wire = { uid: "1", type: "RFID", auth_id: "A", visual_number: "1", issuer: "I", valid: true };
    const owner = { country_code: "DE", party_id: "ABC" };
    expect(codec.up({ ...wire, allow_whitelist: true }, { owner })).toMatchObject({
      whitelist: "ALLOWED",
      contract_id: "A",
    });
    const silent = codec.up(wire, { owner });
    expect(silent.whitelist).toBeUndefined();
    const down = version("2.2.1").codecs.Token.down(silent, { origin: "2.0", lastUpdated: changedAt });
    expect(down.wire).toMatchObject({ whitelist: "NEVER", last_updated: changedAt, country_code: "DE" });
  });

  test("of a card whose uid is too long is not sent to 2.0; an app's goes by an alias", () => {
    const uid = "0123456789ABCDEF0123";
    expect(version("2.0").codecs.Token.down(token({ uid }), own).refused?.reason).toMatch(/RFID card/);
    expect(version("2.0").codecs.Token.down(token({ uid, type: "APP_USER" }), own).wire?.uid).toMatch(/^x-/);
  });

  test("loses group, profile and contract on the way to 2.1.1", () => {
    const object = token({ group_id: "G", default_profile_type: "GREEN", energy_contract: { supplier_name: "S" } });
    const down = version("2.1.1").codecs.Token.down(object, own);
    expect(down.losses?.filter(isRealLoss).map(({ pointer }) => pointer)).toEqual([
      "/group_id",
      "/default_profile_type",
      "/energy_contract",
    ]);
  });

  test("cannot come without an owner in a version that does not say it", () => {
    expect(() => version("2.1.1").codecs.Token.up({ uid: "1" }, {})).toThrow(/owner/);
  });
});

describe("AuthorizationInfo", () => {
  test("of 2.1.1 gets its token from the context where it is required", () => {
    const object = { allowed: "ALLOWED" } as const;
    const codec = version("2.2.1").codecs.AuthorizationInfo;
    expect(codec?.down(object, { origin: "2.1.1" }).refused?.reason).toMatch(/requires AuthorizationInfo.token/);
    const down = codec?.down(object, { origin: "2.1.1", references: { token: token() } });
    expect(down?.wire).toMatchObject({ token: { uid: "04AABBCC" } });
  });

  test("does not exist in 2.0", () => {
    expect(version("2.0").codecs.AuthorizationInfo).toBeUndefined();
    expect(version("2.0").dialect.authorize).toBe(false);
  });
});

describe("Credentials", () => {
  const details = { name: "TNM" };
  const party = { party_id: "TNM", country_code: "NL", business_details: details };
  const credentials = (change: Partial<Credentials>): Credentials => ({
    token: "secret",
    url: "https://example.com/ocpi/versions",
    roles: [{ role: "CPO", ...party }],
    ...change,
  });

  test("of 2.1.1 have one party, whose role the connection knows", () => {
    const codec = version("2.1.1").codecs.Credentials;
    const wire = {
      token: "t",
      url: "https://a.example/versions",
      business_details: details,
      party_id: "TNM",
      country_code: "NL",
    };
    const object = codec.up(wire, { role: "CPO" });
    expect(object.roles).toEqual([{ role: "CPO", ...party }]);
    expect(codec.down(object, { origin: "2.1.1" }).wire).toEqual(wire);
  });

  test("towards 2.1.1 say the role and party the connection is about", () => {
    const roles = [
      { role: "CPO", ...party },
      { role: "EMSP", ...party, party_id: "EMS" },
    ] as Credentials["roles"];
    const codec = version("2.1.1").codecs.Credentials;
    expect(codec.down(credentials({ roles }), { ...own, role: "EMSP" }).wire).toMatchObject({ party_id: "EMS" });
    const down = codec.down(credentials({ roles }), { ...own, owner: { country_code: "NL", party_id: "TNM" } });
    expect(down.wire).toMatchObject({ party_id: "TNM" });
    expect(down.losses?.filter(isRealLoss).map(({ pointer }) => pointer)).toEqual(["/roles/1"]);
  });

  test("name a hub by party id in 2.3.0, with the parties behind it as roles", () => {
    const hub = { role: "HUB", ...party, party_id: "HUB" } as const;
    const codec = version("2.3.0").codecs.Credentials;
    const down = codec.down(credentials({ roles: [hub, { role: "CPO", ...party }] }), own);
    expect(down.wire).toMatchObject({ hub_party_id: "NLHUB", roles: [{ role: "CPO", party_id: "TNM" }] });
    const alone = codec.down(credentials({ roles: [hub] }), own);
    expect(alone.wire).toMatchObject({
      hub_party_id: "NLHUB",
      roles: [{ role: "OTHER", party_id: "HUB", business_details: details }],
    });
  });

  test("of a 2.3.0 hub say the role HUB alone to 2.2.1", () => {
    const object = credentials({
      hub_party_id: "NLHUB",
      roles: [
        { role: "OTHER", ...party, party_id: "HUB" },
        { role: "CPO", ...party },
      ],
    });
    const down = version("2.2.1").codecs.Credentials.down(object, own);
    expect(down.wire?.roles).toEqual([{ role: "HUB", business_details: details, party_id: "HUB", country_code: "NL" }]);
    expect(hubParty(object)).toEqual({ country_code: "NL", party_id: "HUB" });
  });

  test("with a role HUB are refused in 2.3.0, with PTP said as OTHER below", () => {
    const wire = { token: "t", url: "u", roles: [{ role: "HUB", ...party }] };
    expect(version("2.3.0").codecs.Credentials.parse(wire).ok).toBe(false);
    expect(version("2.2").codecs.Credentials.parse(wire).ok).toBe(true);
    const down = version("2.2.1").codecs.Credentials.down(credentials({ roles: [{ role: "PTP", ...party }] }), own);
    expect(down.wire).toMatchObject({ roles: [{ role: "OTHER" }] });
  });

  test("without roles cannot be said", () => {
    for (const { codecs } of versions)
      expect(codecs.Credentials.down(credentials({ roles: [] }), own).refused).toBeDefined();
  });
});

describe("VersionDetails", () => {
  const wire = {
    version: "2.1.1",
    endpoints: ["credentials", "locations", "tokens", "commands"].map((identifier) => ({
      identifier,
      url: `https://a.example/${identifier}`,
    })),
  };

  test("of 2.1.1 have interface roles by the role of the peer", () => {
    const roles = (role: string) =>
      version("2.1.1")
        .codecs.VersionDetails.up(wire, { role })
        .endpoints?.map((endpoint) => endpoint.role);
    expect(roles("CPO")).toEqual(["SENDER", "SENDER", "RECEIVER", "RECEIVER"]);
    expect(roles("EMSP")).toEqual(["SENDER", "RECEIVER", "SENDER", "SENDER"]);
  });
});
