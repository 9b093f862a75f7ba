import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { freePort } from "../../../src/local/gateway.ts";
import { type Partner, startPartner } from "../../sandbox/partner.ts";
import type { OcpiObject } from "../../sandbox/types.ts";
import { type GatewayProcess, operatorRequest, startGatewayProcess } from "../../support/gateway.ts";
import { evse, location } from "../delivery/objects.ts";
import { ownToken, tokenOf } from "./commands/orders.ts";

// A gateway in a process of its own, that dies while commands are pending in both directions.

const partners: Partner[] = [];
let process: GatewayProcess | undefined;
const stateDir = mkdtempSync(join(tmpdir(), "ocpi-commands-"));
afterAll(async () => {
  await process?.end("SIGTERM");
  await Promise.all(partners.map((partner) => partner.close()));
  rmSync(stateDir, { recursive: true, force: true });
});

test("SIGKILL while commands are pending: results find them, and what is silent times out", async () => {
  const port = await freePort();
  const start = async () => {
    process = await startGatewayProcess({ port, stateDir });
  };
  const ask = async (method: string, path: string, body?: unknown): Promise<OcpiObject> => {
    const response = await operatorRequest(process as GatewayProcess, method, path, body);
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as OcpiObject;
  };
  const connect = async (role: "CPO" | "EMSP", party_id: string): Promise<Partner> => {
    const invited = await ask("POST", "/partners", { name: party_id });
    const partner = await startPartner({ version: "2.2.1", roles: [{ role, country_code: "DE", party_id }] });
    partners.push(partner);
    await partner.register(invited.versions_url, invited.token);
    return partner;
  };
  await start();
  await ask("PUT", "/parties/NL/TNM", { roles: ["CPO"], business_details: { name: "TNM" } });
  await ask("PUT", "/parties/NL/TNE", { roles: ["EMSP"], business_details: { name: "TNE" } });
  await ask("PUT", "/locations/NL/TNM/LOC1", location("LOC1", 1, [evse("E1", "AVAILABLE", 0)]));
  const cpo = await connect("CPO", "CPO");
  const emsp = await connect("EMSP", "EMS");

  // Sent: one whose result comes after the restart, one that stays without.
  cpo.settings.onCommand = (_, body) => ({
    result: "ACCEPTED",
    finish: null,
    timeout: body.evse_uid === "E1" ? 60 : 5,
  });
  const to = { country_code: "DE", party_id: "CPO" };
  const send = (evse_uid: string) =>
    ask("POST", "/commands/START_SESSION", { to, token: ownToken(), location_id: "L1", evse_uid });
  const [answered, silent] = [await send("E1"), await send("E2")];
  // Received: one the back office answers after the restart, one it never does.
  const command = () =>
    emsp.command("START_SESSION", {
      token: tokenOf("2.2.1", { country_code: "DE", party_id: "EMS" }),
      location_id: "LOC1",
      evse_uid: "E1",
    });
  const kept = await command();
  await ask("PATCH", "/settings", { commands: { timeout_s: 5 } });
  const forgotten = await command();
  const { items } = await ask("GET", "/events?after=0&types=command.received");
  expect(items).toHaveLength(2);

  await process?.end("SIGKILL");
  await start();

  expect((await cpo.commands[0]?.finish("ACCEPTED"))?.status_code).toBe(1000);
  expect(await ask("GET", `/commands/${answered.id}?wait=10`)).toMatchObject({
    status: "DONE",
    result: { result: "ACCEPTED" },
  });
  await ask("POST", `/commands/${items[0].data.command.id}/result`, { result: "ACCEPTED" });
  expect((await emsp.waitForResult(kept.uid, 10_000)).body.result).toBe("ACCEPTED");
  expect((await emsp.waitForResult(forgotten.uid, 20_000)).body.result).toBe("TIMEOUT");
  expect(await ask("GET", `/commands/${silent.id}?wait=20`)).toMatchObject({ status: "TIMED_OUT", result: null });

  // A result that was taken goes out, whenever we die after it.
  const last = await command();
  const received = await ask("GET", "/events?after=0&types=command.received");
  await emsp.goOffline();
  await ask("POST", `/commands/${received.items.at(-1).data.command.id}/result`, { result: "ACCEPTED" });
  await process?.end("SIGKILL");
  await emsp.goOnline();
  await start();
  expect((await emsp.waitForResult(last.uid, 20_000)).body.result).toBe("ACCEPTED");
  expect([...cpo.violations, ...emsp.violations]).toEqual([]);
}, 90_000);
