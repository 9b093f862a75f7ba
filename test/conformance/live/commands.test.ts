import { beforeAll, describe, expect, test } from "vitest";
import type { OcpiObject } from "../../sandbox/types.ts";
import { atLeast } from "../../sandbox/versions.ts";
import { type Connection, useWorld, violationsOf } from "../../support/ocpi.ts";
import { ownParties } from "../delivery/objects.ts";
import { commandVersions, event, ownLocation, ownToken, tokenOf } from "./commands/orders.ts";

const world = useWorld();
ownParties(world);
beforeAll(() => ownLocation(world));

for (const [n, version] of commandVersions.entries()) {
  describe(`OCPI ${version}`, () => {
    let cpo: Connection;
    let emsp: Connection;
    beforeAll(async () => {
      cpo = await world.connect({ version, role: "CPO", party: `BE/C0${n}` });
      emsp = await world.connect({ version, role: "EMSP", party: `DE/E0${n}` });
    });
    const to = () => ({ country_code: cpo.party.country_code, party_id: cpo.party.party_id });
    const send = (type: string, body: OcpiObject) => world.api("POST", `/commands/${type}`, { to: to(), ...body });

    test("START_SESSION sent, accepted, and its result", async () => {
      cpo.partner.settings.onCommand = () => ({ result: "ACCEPTED", timeout: 30 });
      const sent = await send("START_SESSION", { token: ownToken(), location_id: "L1", evse_uid: "E1" });
      expect(sent.json).toMatchObject({ type: "START_SESSION", direction: "out", partner: cpo.id });
      expect(sent.status).toBe(202);
      expect(sent.json.response.result).toBe("ACCEPTED");
      const { json } = await world.api("GET", `/commands/${sent.json.id}?wait=10`);
      expect(json).toMatchObject({ status: "DONE", result: { result: "ACCEPTED" }, late: false });
      const told = await event(world, "command.result", ({ command }) => command.id === sent.json.id);
      expect(told.data).toMatchObject({ partner: cpo.id, command: { status: "DONE", result: { result: "ACCEPTED" } } });
      const [received] = cpo.partner.commands;
      expect(received?.body).toMatchObject({ location_id: "L1", evse_uid: "E1", token: { uid: "04A1B2C3" } });
      expect(violationsOf(cpo)).toEqual([]);
    });

    test("START_SESSION received, handed on, answered", async () => {
      const token = tokenOf(version, emsp.party);
      const answer = await emsp.partner.command("START_SESSION", { token, location_id: "LOC1", evse_uid: "E1" });
      expect(answer.status_code).toBe(1000);
      expect(answer.data).toMatchObject({ result: "ACCEPTED" });
      if (atLeast(version, "2.2")) expect((answer.data as OcpiObject).timeout).toBeGreaterThan(0);
      const told = await event(world, "command.received", ({ partner }) => partner === emsp.id);
      const { command } = told.data;
      expect(command).toMatchObject({ type: "START_SESSION", location_id: "LOC1", evse_uid: "E1", token: { uid: "F00D" } });
      expect(command.token).toMatchObject({ country_code: "DE", party_id: emsp.party.party_id });
      expect(command.response_url).toBeUndefined();
      const done = await world.api("POST", `/commands/${command.id}/result`, { result: "EVSE_OCCUPIED", message: "taken" });
      expect(done.status).toBe(202);
      const result = await emsp.partner.waitForResult(answer.uid);
      expect(result.body.result).toBe(atLeast(version, "2.2") ? "EVSE_OCCUPIED" : "REJECTED");
      expect((await world.api("POST", `/commands/${command.id}/result`, { result: "ACCEPTED" })).status).toBe(409);
      expect(violationsOf(emsp)).toEqual([]);
    });
  });
}
