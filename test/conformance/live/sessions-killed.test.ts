import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { freePort } from "../../../src/local/gateway.ts";
import { type Partner, startPartner } from "../../sandbox/partner.ts";
import type { OcpiObject } from "../../sandbox/types.ts";
import { type GatewayProcess, operatorRequest, startGatewayProcess } from "../../support/gateway.ts";
import { time } from "../delivery/objects.ts";
import { period, wireSession } from "./sessions/objects.ts";

// A gateway that is killed while a session is being updated, more than once: what was answered 1000 is there afterwards.

const stateDir = mkdtempSync(join(tmpdir(), "ocpi-gateway-"));
const party = { country_code: "BE", party_id: "CPO" };
let process: GatewayProcess | undefined;
let cpo: Partner | undefined;
afterAll(async () => {
  await process?.end("SIGTERM");
  await cpo?.close();
  rmSync(stateDir, { recursive: true, force: true });
});

test("SIGKILL while a session is being updated loses nothing acknowledged", async () => {
  const port = await freePort();
  let gateway = await startGatewayProcess({ port, stateDir });
  process = gateway;
  const call = async (method: string, path: string, body?: unknown): Promise<OcpiObject> => {
    const response = await operatorRequest(gateway, method, path, body);
    expect(response.ok, `${method} ${path}: ${response.status}`).toBe(true);
    return response.json() as Promise<OcpiObject>;
  };
  await call("PUT", "/parties/NL/TNE", { roles: ["EMSP"], business_details: { name: "TNE" } });
  const invitation = await call("POST", "/partners", { name: "CPO", role: "CPO" });
  cpo = await startPartner({ version: "2.2.1", roles: [{ role: "CPO", ...party }] });
  await cpo.register(invitation.versions_url, invitation.token);
  const partner = cpo;
  await partner.push("sessions", wireSession("2.2.1", "S1", party, 0));

  let n = 0;
  /** PATCHes until the gateway is gone; an answer that was lost is asked for again, as a CPO would. */
  const update = async (isOver: () => boolean): Promise<void> => {
    while (!isOver()) {
      const body = { kwh: n + 1, charging_periods: [period(n + 1)], last_updated: time(n + 1) };
      const answer = await partner.patch("sessions", "S1", body).catch(() => null);
      if (answer?.status_code === 1000) n += 1;
    }
  };
  for (let round = 0; round < 3; round++) {
    let over = false;
    const reached = n + 15;
    const updating = update(() => over);
    await partner.waitFor(() => n >= reached || null, 1).catch(() => undefined);
    await expect.poll(() => n, { timeout: 20_000, interval: 5 }).toBeGreaterThanOrEqual(reached);
    await gateway.end("SIGKILL");
    over = true;
    await updating;
    gateway = await startGatewayProcess({ port, stateDir });
    process = gateway;
    const found = await call("GET", "/sessions/BE/CPO/S1");
    const starts = found.charging_periods.map((it: OcpiObject) => it.start_date_time);
    // The one on its way may have arrived without its answer; it is sent again, and counts once.
    expect([n, n + 1]).toContain(starts.length);
    expect(starts).toEqual(Array.from({ length: starts.length }, (_, i) => time(i + 1)));
  }
  await partner.patch("sessions", "S1", { kwh: n + 1, charging_periods: [period(n + 1)], last_updated: time(n + 1) });
  const last = await call("GET", "/sessions/BE/CPO/S1");
  expect(last).toMatchObject({ kwh: n + 1 });
  expect(last.charging_periods).toHaveLength(n + 1);
  // Nobody speaks of it any more; the database catches up by itself.
  await expect
    .poll(async () => (await call("GET", "/sessions?country_code=BE")).items[0].kwh, { timeout: 10_000 })
    .toBe(n + 1);
});
