import { expect, test } from "vitest";
import type { Version } from "../../sandbox/versions.ts";
import { headersOf, sendRaw, urlOf } from "../../support/ocpi.ts";
import { time } from "../delivery/objects.ts";
import { wireSession } from "../live/sessions/objects.ts";
import { accessCases, brief, expectRefusal } from "./access.ts";
import type { Endpoint } from "./rows.ts";
import type { Stage } from "./stage.ts";

/** The cases of rows of sessions; undefined for others. What the operations mean is tested in live/sessions*.test.ts. */
export function sessionCases(stage: Stage, version: Version, row: Endpoint): (() => void) | undefined {
  if (row.module !== "sessions") return undefined;
  if (row.operation === "listObjects") return () => listCases(stage, version, row);
  if (row.operation === "putChargingPreferences") return () => preferenceCases(stage, version, row);
  return () => ownedCases(stage, version, row);
}

function ownedCases(stage: Stage, version: Version, row: Endpoint): void {
  const asker = () => stage.asker(version, row);
  const body = (id: string, n: number) => wireSession(version, id, owner(), n);
  const owner = () => ({ country_code: asker().party.country_code, party_id: asker().party.party_id });
  const path = (id: string) => [owner().country_code, owner().party_id, id];
  const ask = (method: string, segments: string[], sent?: object) =>
    asker().partner.request("sessions", "RECEIVER", method, segments, sent === undefined ? {} : { body: sent });
  const stored = async (): Promise<string> => {
    const id = stage.freshId();
    expect(brief(await ask("PUT", path(id), body(id, 1)))).toBe("201 1000");
    return id;
  };
  const part = version === "2.0" ? { kwh: "2" } : { kwh: 2, last_updated: time(2) };
  const sentTo = (id: string): object | undefined =>
    row.method === "PUT" ? body(id, 2) : row.method === "PATCH" ? part : undefined;

  test("accepted", async () => {
    const id = await stored();
    const answer = await ask(row.method, path(id), sentTo(id));
    expect(brief(answer)).toBe("200 1000");
    if (row.method === "GET") expect(answer.data).toMatchObject({ id });
  });

  test("foreign, and unknown: 404", async () => {
    const id = await stored();
    const { party_id } = stage.rivals.CPO.party;
    expectRefusal(await ask(row.method, ["NL", party_id, id], sentTo(id)), 404);
    if (row.method !== "PUT") expectRefusal(await ask(row.method, path("NOBODY"), sentTo("NOBODY")), 404);
  });

  if (row.method === "PUT" || row.method === "PATCH") {
    test("refused: a body that is none", async () => {
      const url = urlOf(asker(), "sessions", "RECEIVER", path(await stored()));
      const send = (text: string) => sendRaw(url, { method: row.method, headers: headersOf(asker()), body: text });
      expectRefusal(await send("{"), 400, 2001);
      expectRefusal(await send("[]"), 200, 2001);
      expectRefusal(await send('{"status":1}'), 200, 2001);
    });
  }

  accessCases(stage, version, row, async () => path(await stored()));
}

function listCases(stage: Stage, version: Version, row: Endpoint): void {
  const list = (query: Record<string, string>) =>
    stage.asker(version, row).partner.request("sessions", "SENDER", "GET", [], { query });

  test("accepted: since a date; refused without one", async () => {
    const answer = await list({ date_from: "2026-01-01T00:00:00Z" });
    expect(brief(answer)).toBe("200 1000");
    expect(answer.data).toEqual([]);
    expectRefusal(await list({ limit: "0", date_from: "2026-01-01T00:00:00Z" }), 200, 2001);
    const { partner } = stage.asker(version, row);
    const url = urlOf(stage.asker(version, row), "sessions", "SENDER");
    const headers = headersOf(stage.asker(version, row));
    expect(partner.peer).toBeDefined();
    expectRefusal(await sendRaw(url, { headers }), 200, 2001);
  });
}

function preferenceCases(stage: Stage, version: Version, row: Endpoint): void {
  const send = (body: string) => {
    const connection = stage.asker(version, row);
    const url = urlOf(connection, "sessions", "SENDER", ["NOBODY", "charging_preferences"]);
    return sendRaw(url, { method: "PUT", headers: headersOf(connection), body });
  };

  test("unknown: 404; refused: a body that is none", async () => {
    expectRefusal(await send('{"profile_type":"FAST"}'), 404);
    expectRefusal(await send("{"), 400, 2001);
    expectRefusal(await send("[]"), 200, 2001);
    expectRefusal(await send("{}"), 200, 2001);
  });
}
