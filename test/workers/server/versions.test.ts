import { beforeEach, describe, expect, test } from "vitest";
import { numbers } from "./fixtures.ts";
import { ask, connect, gateway, newPartner, ports } from "./partners.ts";

interface Details {
  version: string;
  endpoints: { identifier: string; role?: string; url: string }[];
}

const party = (party_id: string, ...roles: string[]) =>
  ports().parties.put({ country_code: "NL", party_id, roles, business_details: { name: party_id } });

const details = async (path: string, token: string): Promise<Details> => {
  const answer = await ask("GET", path, { token });
  expect(answer.body).toMatchObject({ status_code: 1000 });
  return answer.body.data as Details;
};

const listed = ({ endpoints }: Details) => endpoints.map(({ identifier, role }) => `${identifier} ${role}`).sort();

let token: string;
beforeEach(async () => {
  const { parties, partners, secrets, ids, clock } = ports();
  for (const { country_code, party_id } of await parties.list()) await parties.remove(country_code, party_id);
  token = ids.token();
  await partners.create(newPartner("invited"), await secrets.hash(token), clock.now() + 60_000);
});

describe("the list of versions", () => {
  test.each([
    ["/ocpi/versions", "/ocpi"],
    ["/ocpi/cpo/versions", "/ocpi/cpo"],
    ["/ocpi/emsp/versions", "/ocpi/emsp"],
  ])("%s names details under %s", async (path, root) => {
    const answer = await ask("GET", path, { token });
    expect(answer.body.data).toEqual(numbers.map((version) => ({ version, url: `${gateway}${root}/${version}` })));
  });

  test("has those only that the operator allowed", async () => {
    const { partners, secrets, ids, clock } = ports();
    const limited = ids.token();
    await partners.create(
      { ...newPartner("old"), allow: { versions: ["2.1.1"] } },
      await secrets.hash(limited),
      clock.now() + 60_000,
    );
    const answer = await ask("GET", "/ocpi/versions", { token: limited });
    expect(answer.body.data).toEqual([{ version: "2.1.1", url: `${gateway}/ocpi/2.1.1` }]);
    expect((await ask("GET", "/ocpi/2.2.1", { token: limited })).http).toBe(404);
  });
});

describe("version details", () => {
  test("of a CPO and eMSP list both interfaces of what works, by role", async () => {
    await party("GWY", "CPO", "EMSP");
    for (const version of ["2.2", "2.2.1", "2.3.0"]) {
      const said = await details(`/ocpi/${version}`, token);
      expect(said.version).toBe(version);
      expect(listed(said)).toEqual([
        "cdrs RECEIVER",
        "cdrs SENDER",
        "chargingprofiles RECEIVER",
        "chargingprofiles SENDER",
        "commands RECEIVER",
        "commands SENDER",
        "credentials SENDER",
        "hubclientinfo RECEIVER",
        "locations RECEIVER",
        "locations SENDER",
        "sessions RECEIVER",
        "sessions SENDER",
        "tariffs RECEIVER",
        "tariffs SENDER",
        "tokens RECEIVER",
        "tokens SENDER",
      ]);
      expect(said.endpoints).toContainEqual({
        identifier: "locations",
        role: "SENDER",
        url: `${gateway}/ocpi/${version}/sender/locations`,
      });
    }
  });

  test("list what our roles imply", async () => {
    await party("GWY", "CPO");
    expect(listed(await details("/ocpi/2.2.1", token))).toEqual([
      "cdrs SENDER",
      "chargingprofiles RECEIVER",
      "commands RECEIVER",
      "credentials SENDER",
      "hubclientinfo RECEIVER",
      "locations SENDER",
      "sessions SENDER",
      "tariffs SENDER",
      "tokens RECEIVER",
    ]);
    await party("HUB", "HUB");
    expect(listed(await details("/ocpi/2.3.0", token))).toHaveLength(17);
  });

  test.each(["2.0", "2.1.1"])("%s: each module once, for the side that fits", async (version) => {
    await party("GWY", "CPO", "EMSP");
    const urls = async (path: string) =>
      Object.fromEntries(
        (await details(path, token)).endpoints.map(({ identifier, role, url }) => [identifier, [role, url]]),
      );
    expect(await urls(`/ocpi/cpo/${version}`)).toEqual({
      credentials: [undefined, `${gateway}/ocpi/cpo/${version}/credentials`],
      locations: [undefined, `${gateway}/ocpi/${version}/sender/locations`],
      tariffs: [undefined, `${gateway}/ocpi/${version}/sender/tariffs`],
      tokens: [undefined, `${gateway}/ocpi/${version}/receiver/tokens`],
      sessions: [undefined, `${gateway}/ocpi/${version}/sender/sessions`],
      cdrs: [undefined, `${gateway}/ocpi/${version}/sender/cdrs`],
      ...(version === "2.0" ? {} : { commands: [undefined, `${gateway}/ocpi/${version}/receiver/commands`] }),
    });
    expect((await urls(`/ocpi/emsp/${version}`)).tokens).toEqual([
      undefined,
      `${gateway}/ocpi/${version}/sender/tokens`,
    ]);
  });

  test.each(["2.0", "2.1.1"])("%s: which side is meant follows from our only role", async (version) => {
    await party("GWY", "EMSP");
    const said = await details(`/ocpi/${version}`, token);
    expect(said.endpoints.find(({ identifier }) => identifier === "locations")?.url).toContain("/receiver/");
  });

  test.each(["2.0", "2.1.1"])("%s: where it cannot be known the two URLs are named", async (version) => {
    await party("GWY", "CPO", "EMSP");
    const answer = await ask("GET", `/ocpi/${version}`, { token });
    expect([answer.http, answer.body.status_code]).toEqual([200, 2001]);
    expect(answer.body.status_message).toContain(`${gateway}/ocpi/cpo/versions`);
    expect(answer.body.status_message).toContain(`${gateway}/ocpi/emsp/versions`);
  });

  test("leave out what is not shared with a partner", async () => {
    await party("GWY", "CPO");
    const { partner, token: known } = await connect("2.2.1", { role: "EMSP", country_code: "DE", party_id: "MSA" });
    await ports().partners.update(partner.id, { settings: { ...partner.settings, modules: ["locations"] } });
    expect(listed(await details("/ocpi/2.2.1", known))).toEqual(["credentials SENDER", "locations SENDER"]);
  });
});
