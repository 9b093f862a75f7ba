import { describe, expect, test } from "vitest";
import { checkClaims } from "../../../src/gateway/claims.ts";
import { describeOurselves, encodeCredentials, partnerRole } from "../../../src/gateway/own-credentials.ts";
import { putParty, removeParty } from "../../../src/gateway/parties.ts";
import { versionByNumber } from "../../../src/ocpi/versions.ts";
import type { Partner, PartnerRole, Party } from "../../../src/ports/partners.ts";
import { standingClock } from "../../support/fake-ports.ts";
import { memoryGateway, network } from "../../support/memory-gateway.ts";

const party = (party_id: string, ...roles: string[]): Party => ({
  country_code: "NL",
  party_id,
  roles,
  business_details: { name: party_id },
});
const settings = { token_encoding: "auto", push: true, retry: true, initial: "none" } as const;

/** A gateway with these parties, and the partners that are registered with it. */
async function world(parties: Party[], ...roles: PartnerRole[][]) {
  const gateway = memoryGateway(network(), "gw.example.com", parties, standingClock());
  const { partners } = gateway.ports;
  for (const [index, held] of roles.entries()) {
    const id = `p${index}`;
    await partners.create({ id, name: `Partner ${index}`, side: null, allow: {}, settings }, null, null);
    await partners.register({
      partner: id,
      epoch: 1,
      version: "2.3.0",
      versions_url: "https://e.test/v",
      side: null,
      roles: held,
      endpoints: [],
      token_encoding: "base64",
      outbound_token: "x",
      inbound_hash: `h${index}`,
    });
  }
  return gateway;
}

const newcomer: Partner = {
  id: "new",
  name: "New",
  status: "INVITED",
  side: null,
  version: null,
  versions_url: null,
  roles: [],
  endpoints: [],
  token_encoding: "base64",
  outbound_token: null,
  allow: {},
  settings,
  epoch: 1,
  created_at: 0,
  last_seen_at: null,
};

/** Our credentials on the wire of a version. */
async function said(
  gateway: Awaited<ReturnType<typeof world>>,
  number: string,
  over: Partial<Partner> = {},
  side: "cpo" | "emsp" | null = null,
) {
  const version = versionByNumber(number)!;
  const ours = await describeOurselves(gateway.ports, { ...newcomer, ...over }, version, "token", {
    base: "https://gw.example.com",
    side,
  });
  if (!ours.ok) return ours.error;
  const wire = encodeCredentials(version, ours.value);
  return wire.ok ? wire.value : wire.error;
}

describe("what we say of ourselves", () => {
  test("all roles of all parties from 2.2 on, one party of the fitting role below", async () => {
    const gateway = await world([party("AAA", "CPO"), party("BBB", "EMSP", "CPO"), party("CCC", "EMSP")]);
    const modern = { token: "token", url: "https://gw.example.com/ocpi/versions" };
    for (const number of ["2.2", "2.2.1", "2.3.0"]) {
      const wire = await said(gateway, number);
      expect(wire).toMatchObject({
        ...modern,
        roles: [
          { role: "CPO", party_id: "AAA" },
          { role: "EMSP", party_id: "BBB" },
          { role: "CPO", party_id: "BBB" },
          { role: "EMSP", party_id: "CCC" },
        ],
      });
      expect(wire).not.toHaveProperty("hub_party_id");
    }
    for (const number of ["2.0", "2.1.1"]) {
      expect(await said(gateway, number, { side: "CPO" })).toEqual({
        token: "token",
        url: "https://gw.example.com/ocpi/emsp/versions",
        country_code: "NL",
        party_id: "BBB",
        business_details: { name: "BBB" },
      });
      expect(await said(gateway, number, {}, "cpo")).toMatchObject({
        party_id: "AAA",
        url: "https://gw.example.com/ocpi/cpo/versions",
      });
      expect(await said(gateway, number)).toMatchObject({
        kind: "conflict",
        message: expect.stringContaining("https://gw.example.com/ocpi/cpo/versions"),
      });
    }
  });

  test("only the parties shared with the partner", async () => {
    const gateway = await world([party("AAA", "CPO"), party("BBB", "CPO")]);
    const share = { settings: { ...settings, share: { parties: ["NL*BBB"] } } };
    expect(await said(gateway, "2.2.1", share)).toMatchObject({ roles: [{ party_id: "BBB" }] });
    expect(await said(gateway, "2.1.1", share)).toMatchObject({ party_id: "BBB" });
    expect(await said(gateway, "2.2.1", { settings: { ...settings, share: { parties: [] } } })).toMatchObject({
      kind: "unavailable",
    });
  });

  test("a hub: itself alone in 2.2, itself and whom it reaches in 2.3.0, for the missing role below", async () => {
    const parties = [party("HHH", "HUB"), party("AAA", "CPO")];
    const lonely = await world([party("HHH", "HUB")]);
    expect(await said(lonely, "2.3.0")).toMatchObject({
      hub_party_id: "NLHHH",
      roles: [{ role: "OTHER", party_id: "HHH" }],
    });
    const hub = await world(
      parties,
      [{ role: "EMSP", country_code: "DE", party_id: "EEE" }],
      [{ role: "HUB", country_code: "DE", party_id: "XXX" }],
    );
    for (const number of ["2.2", "2.2.1"]) {
      expect(await said(hub, number)).toMatchObject({ roles: [{ role: "HUB", party_id: "HHH" }] });
      expect((await said(hub, number)) as object).toHaveProperty("roles.length", 1);
    }
    expect(await said(hub, "2.3.0")).toMatchObject({
      hub_party_id: "NLHHH",
      roles: [
        { role: "CPO", party_id: "AAA" },
        { role: "EMSP", party_id: "EEE", business_details: { name: "DE*EEE" } },
      ],
    });
    expect(await said(hub, "2.3.0", { id: "p0" })).toMatchObject({ roles: [{ party_id: "AAA" }] });
    expect(await said(hub, "2.1.1", { side: "CPO" })).toMatchObject({ party_id: "HHH" });
    expect(await said(hub, "2.1.1", { side: "EMSP" })).toMatchObject({ party_id: "AAA" });
  });

  test("nothing while there is no party to speak for", async () => {
    const gateway = await world([]);
    for (const number of ["2.1.1", "2.2.1"])
      expect(await said(gateway, number, { side: "CPO" })).toMatchObject({ kind: "unavailable" });
    expect(await said(await world([party("AAA", "CPO")]), "2.1.1", { side: "CPO" })).toMatchObject({
      kind: "unavailable",
    });
  });
});

test("the one role of a partner: as set, by the URL, as it named itself, or the opposite of our only one", () => {
  const both = [party("AAA", "CPO"), party("BBB", "EMSP")];
  expect(partnerRole(both, { side: "CPO", roles: [], settings }, "cpo")).toBe("CPO");
  expect(partnerRole(both, { side: null, roles: [], settings }, "cpo")).toBe("EMSP");
  expect(partnerRole(both, { side: null, roles: [], settings }, "emsp")).toBe("CPO");
  expect(partnerRole(both, { side: null, roles: [], settings }, null)).toBeNull();
  expect(partnerRole([party("AAA", "CPO", "NSP")], { side: null, roles: [], settings }, null)).toBe("EMSP");
  expect(partnerRole([party("AAA", "EMSP")], { side: null, roles: [], settings }, null)).toBe("CPO");
  expect(
    partnerRole(both, { side: null, roles: [], settings: { ...settings, share: { parties: ["NL*AAA"] } } }, null),
  ).toBe("EMSP");
  expect(partnerRole([], { side: null, roles: [], settings }, null)).toBeNull();
  const named = (...roles: string[]) => ({
    side: null,
    roles: roles.map((role) => ({ role, country_code: "DE", party_id: "XYZ" })),
    settings,
  });
  expect(partnerRole(both, named("CPO", "NSP"), null)).toBe("CPO");
  expect(partnerRole(both, named("CPO"), "cpo")).toBe("EMSP");
  expect(partnerRole(both, named("CPO", "EMSP"), null)).toBeNull();
});

describe("what a partner may claim", () => {
  const role = (over: object = {}) => ({
    role: "CPO" as const,
    country_code: "NL",
    party_id: "AAA",
    business_details: { name: "A" },
    ...over,
  });

  test("roles in upper case, with the hub among them", () => {
    expect(checkClaims({ allow: {} }, { roles: [role({ country_code: "nl", party_id: "aaa" })] }, null)).toMatchObject({
      ok: true,
      value: [{ country_code: "NL", party_id: "AAA" }],
    });
    expect(checkClaims({ allow: {} }, { hub_party_id: "nlhub", roles: [role()] }, null)).toMatchObject({
      value: [{ role: "CPO" }, { role: "HUB", country_code: "NL", party_id: "HUB" }],
    });
    expect(checkClaims({ allow: {} }, { roles: [role({ role: undefined })] }, "EMSP")).toMatchObject({
      value: [{ role: "EMSP" }],
    });
  });

  test("not none, not twice, not what is no party, not what it was not invited for", () => {
    expect(checkClaims({ allow: {} }, { roles: [] }, null)).toMatchObject({
      error: { kind: "invalid", faults: [{ pointer: "/roles" }] },
    });
    expect(checkClaims({ allow: {} }, {}, null)).toMatchObject({ error: { kind: "invalid" } });
    expect(checkClaims({ allow: {} }, { roles: [role(), role({ party_id: "aaa" })] }, null)).toMatchObject({
      error: { faults: [{ pointer: "/roles/1" }] },
    });
    expect(checkClaims({ allow: {} }, { roles: [role({ country_code: "NLD" })] }, null)).toMatchObject({
      error: { faults: [{ pointer: "/roles/0" }] },
    });
    expect(checkClaims({ allow: {} }, { roles: [role({ party_id: "TOO LONG" })] }, null)).toMatchObject({
      error: { kind: "invalid" },
    });
    expect(checkClaims({ allow: { parties: ["NL*AAA"] } }, { roles: [role()] }, null).ok).toBe(true);
    expect(
      checkClaims({ allow: { parties: ["NL*AAA"] } }, { roles: [role(), role({ party_id: "BBB" })] }, null),
    ).toMatchObject({ error: { kind: "forbidden" } });
  });
});

describe("our parties", () => {
  test("a change is announced to every registered partner, and a role is never two parties'", async () => {
    const gateway = await world([party("AAA", "CPO")], [{ role: "EMSP", country_code: "NL", party_id: "EEE" }]);
    const { ports, told } = gateway;
    expect(await putParty(ports, party("AAA", "CPO"))).toEqual({ ok: true, value: "unchanged" });
    expect(told).toEqual([]);
    expect(await putParty(ports, { ...party("AAA", "CPO", "EMSP"), country_code: "nl" })).toEqual({
      ok: true,
      value: "updated",
    });
    expect(told).toEqual(["announce p0"]);
    expect(await putParty(ports, party("EEE", "EMSP"))).toMatchObject({ ok: false, error: { kind: "conflict" } });
    expect(await putParty(ports, party("EEE", "CPO"))).toEqual({ ok: true, value: "created" });
    expect(await removeParty(ports, "nl", "eee")).toBe("removed");
    expect(await removeParty(ports, "NL", "EEE")).toBe("absent");
    expect(told).toEqual(["announce p0", "announce p0", "announce p0"]);
  });
});
