import { beforeAll, describe, expect, test } from "vitest";
import type { RoleName, Version } from "../sandbox/versions.ts";
import { bearing, sendRaw, useWorld } from "../support/ocpi.ts";

const old: Version[] = ["2.0", "2.1.1"];
let parties = 0;
const party = () => `DE/${(++parties).toString(36).padStart(3, "S").toUpperCase()}`;

describe("a connection that cannot say its roles", () => {
  const world = useWorld();
  beforeAll(async () => {
    for (const [id, role] of [
      ["GWC", "CPO"],
      ["GWE", "EMSP"],
    ]) {
      await world.api("PUT", `/parties/NL/${id}`, { roles: [role], business_details: { name: `Gateway ${id}` } });
    }
  });

  /** An invitation that does not tell the partner's role. */
  async function invite(version: Version, role: RoleName) {
    const invited = await world.invite({ version, role, party: party() });
    const { json } = await world.api("POST", "/partners", { name: "Somebody" });
    return { ...invited, id: String(json.id), token: String(json.token), versionsUrl: String(json.versions_url) };
  }

  test.each(
    old.flatMap(
      (version) =>
        [
          [version, "cpo", "EMSP", "GWC"],
          [version, "emsp", "CPO", "GWE"],
        ] as [Version, string, RoleName, string][],
    ),
  )("%s under /ocpi/%s/versions makes the partner a %s", async (version, side, role, ours) => {
    const { partner, token, id } = await invite(version, role);
    const peer = await partner.register(`${world.url}/ocpi/${side}/versions`, token);
    expect(peer.roles).toMatchObject([{ country_code: "NL", party_id: ours }]);
    expect(peer.versionsUrl).toBe(`${world.url}/ocpi/${side}/versions`);
    expect((await world.api("GET", `/partners/${id}`)).json).toMatchObject({ status: "REGISTERED", roles: [{ role }] });
    expect(partner.violations).toEqual([]);
    await partner.updateCredentials();
    expect((await world.api("POST", `/partners/${id}/register`, {})).status).toBe(200);
  });

  test.each(old)("%s under the plain URL is told where to go, and token A stays good", async (version) => {
    const { partner, token, versionsUrl } = await invite(version, "CPO");
    expect(versionsUrl).toBe(`${world.url}/ocpi/versions`);
    const details = await sendRaw(`${world.url}/ocpi/${version}`, { headers: bearing(version, token) });
    expect(details).toMatchObject({
      http: 200,
      status_code: 2001,
      status_message: expect.stringContaining(`${world.url}/ocpi/emsp/versions`),
    });
    await expect(partner.register(versionsUrl, token)).rejects.toThrow("version_details");
    await partner.register(`${world.url}/ocpi/emsp/versions`, token);
  });

  test.each(old)("the invitation names the URL that fits, in %s", async (version) => {
    for (const [role, side] of [
      ["CPO", "emsp"],
      ["EMSP", "cpo"],
    ] as const) {
      const invited = await world.invite({ version, role, party: party() });
      expect(invited.versionsUrl).toBe(`${world.url}/ocpi/${side}/versions`);
      await invited.partner.register(invited.versionsUrl, invited.token);
      expect((await world.api("GET", `/partners/${invited.id}`)).json.roles).toMatchObject([{ role }]);
    }
  });
});

describe("a gateway with one role needs to be told nothing", () => {
  const world = useWorld();
  test.each(old)("%s under the plain URL", async (version) => {
    await world.api("PUT", "/parties/NL/GWC", { roles: ["CPO"], business_details: { name: "Gateway" } });
    const invited = await world.invite({ version, role: "EMSP", party: party() });
    const { json } = await world.api("POST", "/partners", { name: "Somebody" });
    const peer = await invited.partner.register(`${world.url}/ocpi/versions`, String(json.token));
    expect(peer.roles).toMatchObject([{ party_id: "GWC" }]);
    expect((await world.api("GET", `/partners/${json.id}`)).json.roles).toMatchObject([{ role: "EMSP" }]);
  });
});

describe("a gateway that is a hub", () => {
  const world = useWorld();
  beforeAll(async () => {
    await world.api("PUT", "/parties/NL/HUB", { roles: ["HUB"], business_details: { name: "Hub" } });
  });

  test("names itself as each version has it, and in 2.3.0 whom it reaches", async () => {
    const first = await world.invite({ version: "2.3.0", role: "CPO", party: "DE/HC1" });
    const lonely = await first.partner.register(first.versionsUrl, first.token);
    expect(lonely).toMatchObject({ hubPartyId: "NLHUB", roles: [{ role: "OTHER", party_id: "HUB" }] });
    for (const version of ["2.2", "2.2.1"] as Version[]) {
      const invited = await world.invite({ version, role: "EMSP", party: party() });
      const peer = await invited.partner.register(invited.versionsUrl, invited.token);
      expect(peer.roles).toMatchObject([{ role: "HUB", country_code: "NL", party_id: "HUB" }]);
      expect(peer.roles).toHaveLength(1);
      expect(invited.partner.violations).toEqual([]);
    }
    const third = await world.invite({ version: "2.3.0", role: "EMSP", party: party() });
    const peer = await third.partner.register(third.versionsUrl, third.token);
    expect(peer).toMatchObject({
      hubPartyId: "NLHUB",
      roles: [{ role: "CPO", party_id: "HC1" }, { role: "EMSP" }, { role: "EMSP" }],
    });
    expect([first.partner.violations, third.partner.violations]).toEqual([[], []]);
  });

  test("and a partner that is one is known as such", async () => {
    const roles = [{ role: "HUB" as const, country_code: "BE", party_id: "HUB" }];
    const invited = await world.invite({ version: "2.2.1", role: "HUB", party: "BE/HUB", roles });
    await invited.partner.register(invited.versionsUrl, invited.token);
    expect((await world.api("GET", `/partners/${invited.id}`)).json.roles).toMatchObject([
      { role: "HUB", country_code: "BE", party_id: "HUB" },
    ]);
  });
});
