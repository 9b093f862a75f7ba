import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort } from "../../../src/local/gateway.ts";
import type { OcpiObject } from "../../sandbox/types.ts";
import { useBackOffice } from "../../support/back-office.ts";
import { type GatewayProcess, operatorRequest, startGatewayProcess } from "../../support/gateway.ts";
import { tariff } from "../delivery/objects.ts";

const office = useBackOffice();
let stateDir: string;
let port: number;
let gateway: GatewayProcess;

beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), "gateway-"));
  port = await freePort();
  gateway = await startGatewayProcess({ port, stateDir });
});
afterAll(async () => {
  await gateway.end("SIGKILL");
  await rm(stateDir, { recursive: true, force: true });
});

const call = async (method: string, path: string, body?: unknown): Promise<OcpiObject> => {
  const response = await operatorRequest(gateway, method, path, body);
  expect(response.ok, `${method} ${path}`).toBe(true);
  return (await response.json()) as OcpiObject;
};

test("killed while an event is on its way: it comes again, under its id, and what was behind it after it", async () => {
  await call("PUT", "/parties/NL/TNM", { roles: ["CPO"], business_details: { name: "TNM" } });
  const { secret } = await call("POST", "/webhooks", { url: office.url("/killed"), types: ["tariff.*"] });
  office.answer(() => "hang");
  await call("PUT", "/tariffs/NL/TNM/T1", tariff("T1", 1));
  await call("PUT", "/tariffs/NL/TNM/T2", tariff("T2", 1));
  await office.until((all) => all.length > 0);
  await gateway.end("SIGKILL");
  office.answer(() => ({ status: 200 }));
  gateway = await startGatewayProcess({ port, stateDir });
  const got = await office.until((all) => (all.length >= 3 ? all : null));
  expect(got.map(({ body }) => body.data.tariff.id)).toEqual(["T1", "T1", "T2"]);
  expect(got[1]?.headers["webhook-id"]).toBe(got[0]?.headers["webhook-id"]);
  for (const { text, headers } of got) new Webhook(secret).verify(text, headers);
});

test("killed right behind an acknowledgement: the event comes soon after the start, not with the next look round", async () => {
  const soon = office.received.length;
  await call("PUT", "/tariffs/NL/TNM/T3", tariff("T3", 3));
  await gateway.end("SIGKILL");
  gateway = await startGatewayProcess({ port, stateDir });
  // The next look round is 30 s away: what comes before was asked for.
  await office.until((all) => all.slice(soon).some(({ body }) => body.data.tariff.id === "T3"), 20_000);
});
