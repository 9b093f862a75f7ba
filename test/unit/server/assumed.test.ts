import { expect, test, vi } from "vitest";
import { ok } from "../../../src/lib/result.ts";
import { newest, type Version, versionByNumber } from "../../../src/ocpi/versions.ts";
import type { Ports } from "../../../src/ports.ts";
import { postCdr } from "../../../src/server/cdrs.ts";
import type { ModuleExchange } from "../../../src/server/exchange.ts";
import { patchSession, putSession } from "../../../src/server/sessions.ts";
import { cdr, session } from "../ocpi/live-samples.ts";
import { location } from "../ocpi/samples.ts";

const taken = async () => ok({ outcome: "created", object: { country_code: "NL", party_id: "TNM", id: "1" } });
vi.mock("../../../src/gateway/objects.ts", async (original) => ({
  ...(await original<object>()),
  putObject: () => taken(),
}));
vi.mock("../../../src/gateway/sessions.ts", async (original) => ({
  ...(await original<object>()),
  changeSession: () => taken(),
}));

const version = versionByNumber("2.1.1") as Version;
const context = { origin: newest.number, references: { location: location() } };
const ports = { objects: { tokens: async () => [null] } } as unknown as Ports;

function exchange(module: string, method: string, body: unknown): ModuleExchange {
  const row = version.endpoints.find(
    (one) => one.module === module && one.role === "RECEIVER" && one.method === method && "kind" in one,
  );
  const roles = [{ role: "CPO", country_code: "NL", party_id: "TNM" }];
  return {
    route: { version, row, params: { country_code: "NL", party_id: "TNM", session_id: "S1" } },
    caller: { partner: { id: "p", epoch: 1, roles, settings: {} } },
    url: new URL("https://gateway.example/"),
    base: "https://gateway.example",
    body: JSON.parse(JSON.stringify(body)),
    now: Date.UTC(2026, 2, 2),
  } as unknown as ModuleExchange;
}

test("what is taken for granted of a CDR or Session is in the journal", async () => {
  const bill = version.codecs.CDR.down(cdr(), context).wire;
  const charging = version.codecs.Session.down(session(), context).wire;
  const answers = [
    await postCdr(ports, exchange("cdrs", "POST", bill)),
    await putSession(ports, exchange("sessions", "PUT", charging)),
    await patchSession(ports, exchange("sessions", "PATCH", { auth_id: "A" })),
  ];
  for (const answer of answers) {
    expect(answer.ok ? answer.value.findings : answer).toEqual([expect.objectContaining({ pointer: "/auth_id" })]);
  }
});
