import { beforeAll, describe, expect, test } from "vitest";
import { VERSIONS } from "../sandbox/versions.ts";
import { useWorld } from "../support/ocpi.ts";

describe("two gateways", () => {
  const cpo = useWorld();
  const emsp = useWorld();
  beforeAll(async () => {
    await cpo.api("PUT", "/parties/NL/CCC", { roles: ["CPO"], business_details: { name: "CPO" } });
    await emsp.api("PUT", "/parties/NL/EEE", { roles: ["EMSP"], business_details: { name: "eMSP" } });
  });

  test.each(VERSIONS)("register with each other in %s, renew it from both sides, and part", async (version) => {
    const invited = await emsp.api("POST", "/partners", {
      name: "CPO",
      allow: { versions: [version], parties: ["NL*CCC"] },
    });
    const { id: there, token, versions_url } = invited.json;
    const registered = await cpo.api("POST", "/partners", { name: "eMSP", versions_url, token });
    expect(registered).toMatchObject({
      status: 201,
      json: { status: "REGISTERED", version, roles: [{ role: "EMSP", party_id: "EEE" }] },
    });
    const here = registered.json.id;
    expect((await emsp.api("GET", `/partners/${there}`)).json).toMatchObject({
      status: "REGISTERED",
      version,
      roles: [{ role: "CPO", party_id: "CCC" }],
    });

    for (let round = 0; round < 2; round++) {
      expect((await cpo.api("POST", `/partners/${here}/register`, {})).status).toBe(200);
      expect((await emsp.api("POST", `/partners/${there}/register`, {})).status).toBe(200);
    }
    const again = await emsp.api("POST", `/partners/${there}/invite`);
    expect(
      await cpo.api("POST", "/partners", {
        name: "eMSP",
        versions_url: again.json.versions_url,
        token: again.json.token,
      }),
    ).toMatchObject({ status: 201, json: { id: here } });

    const types = ["partner.registered", "partner.updated", "partner.unregistered"].join(",");
    expect((await cpo.api("DELETE", `/partners/${here}`)).status).toBe(204);
    expect((await emsp.api("GET", `/partners/${there}`)).json).toMatchObject({ status: "UNREGISTERED" });
    const { items } = (await emsp.api("GET", `/events?types=${types}&limit=1000`)).json;
    const said = items
      .filter(({ data }: { data: { partner: string } }) => data.partner === there)
      .map(({ type }: { type: string }) => type);
    expect(said).toEqual([
      "partner.registered",
      ...Array(4).fill("partner.updated"),
      "partner.registered",
      "partner.unregistered",
    ]);
    for (const [world, id] of [
      [cpo, here],
      [emsp, there],
    ] as const) {
      expect((await world.api("DELETE", `/partners/${id}`)).status).toBe(204);
      expect((await world.api("GET", `/partners/${id}`)).status).toBe(404);
    }
  });
});
