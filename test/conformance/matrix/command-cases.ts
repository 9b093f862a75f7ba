import { expect, test } from "vitest";
import type { OcpiObject } from "../../sandbox/types.ts";
import { atLeast, type Version } from "../../sandbox/versions.ts";
import { headersOf, sendRaw, urlOf } from "../../support/ocpi.ts";
import { tokenOf } from "../live/commands/orders.ts";
import { wireSession } from "../live/sessions/objects.ts";
import { accessCases, brief, expectRefusal } from "./access.ts";
import type { Endpoint } from "./rows.ts";
import { OWN, type Stage } from "./stage.ts";

// What commands mean is tested in live/commands*.test.ts and live/charging-profiles.test.ts.

/** The cases of the rows of commands and charging profiles; undefined for any other. */
export function commandCases(stage: Stage, version: Version, row: Endpoint): (() => void) | undefined {
  const cases = byOperation[row.operation];
  return cases && (() => cases(stage, version, row));
}

const byOperation: Record<string, (stage: Stage, version: Version, row: Endpoint) => void> = {
  postCommand: postCases,
  postCommandResult: resultCases,
  postChargingProfileResult: resultCases,
  getChargingProfile: profileCases,
  putChargingProfile: profileCases,
  deleteChargingProfile: profileCases,
  putActiveChargingProfile: activeCases,
};

function postCases(stage: Stage, version: Version, row: Endpoint): void {
  const asker = () => stage.asker(version, row);
  const start = (more: OcpiObject = {}): OcpiObject => ({
    token: tokenOf(version, asker().party),
    location_id: OWN.locations.id,
    ...more,
  });

  test("accepted: a start at our Location", async () => {
    const answer = await asker().partner.command("START_SESSION", start());
    expect(brief(answer)).toBe("200 1000");
    expect(answer.data).toMatchObject({ result: "ACCEPTED" });
  });

  test("unknown: 2003 with REJECTED", async () => {
    const answer = await asker().partner.command("START_SESSION", start({ location_id: stage.freshId() }));
    expect(brief(answer)).toBe("200 2003");
    expect(answer.data).toMatchObject({ result: "REJECTED" });
  });

  test("foreign: a token of another party", async () => {
    if (!atLeast(version, "2.2")) return;
    const token = tokenOf(version, stage.rivals.EMSP.party);
    expectRefusal(await asker().partner.command("START_SESSION", start({ token })), 200, 2001);
  });

  test("refused: a body that is none", async () => {
    const url = urlOf(asker(), row.module, "RECEIVER", ["START_SESSION"]);
    const send = (body: string) => sendRaw(url, { method: "POST", headers: headersOf(asker()), body });
    expectRefusal(await send("{"), 400, 2001);
    expectRefusal(await send(""), 400, 2001);
    expectRefusal(await send("[]"), 200, 2001);
    expectRefusal(await send(`{"response_url":${JSON.stringify("x".repeat(70_000))}}`), 413, 2001);
  });

  accessCases(stage, version, row, async () => ["START_SESSION"]);
}

/** A response URL of ours that the partner was given for a command, as segments behind its Endpoint.url. */
async function givenUrl(stage: Stage, version: Version, row: Endpoint): Promise<string[]> {
  const { CPO } = stage.of(version);
  const { country_code, party_id } = CPO.party;
  if (row.module === "commands") {
    CPO.partner.settings.onCommand = () => ({ result: "ACCEPTED", finish: null });
    const body = { to: { country_code, party_id }, session_id: "S1" };
    const { json } = await stage.world.api("POST", "/commands/STOP_SESSION", body);
    return ["STOP_SESSION", json.id];
  }
  await givenSession(stage, version);
  CPO.partner.settings.onProfile = () => ({ result: "ACCEPTED", finish: null });
  const { json } = await stage.world.api("DELETE", `/sessions/${country_code}/${party_id}/CMD-1/charging-profile`);
  return ["CLEAR_CHARGING_PROFILE", json.id];
}

async function givenSession(stage: Stage, version: Version): Promise<void> {
  const { CPO } = stage.of(version);
  const answer = await CPO.partner.push("sessions", wireSession(version, "CMD-1", CPO.party, 1), { owner: CPO.party });
  if (answer.status_code !== 1000) throw new Error(`no session: ${answer.raw}`);
}

function resultCases(stage: Stage, version: Version, row: Endpoint): void {
  const asker = () => stage.asker(version, row);
  const post = (ids: string[], body: unknown, from = asker()) =>
    sendRaw(urlOf(asker(), row.module, "SENDER", ids), {
      method: "POST",
      headers: headersOf(from),
      body: JSON.stringify(body),
    });

  test("accepted, and accepted again: the first stays", async () => {
    const ids = await givenUrl(stage, version, row);
    expect(brief(await post(ids, { result: "REJECTED" }))).toBe("200 1000");
    expect(brief(await post(ids, { result: "ACCEPTED" }))).toBe("200 1000");
    const { json } = await stage.world.api("GET", `/commands/${ids[1]}`);
    expect(json).toMatchObject({ status: "DONE", result: { result: "REJECTED" } });
  });

  test("unknown and foreign: 404, and the same text", async () => {
    const [type = "", id = ""] = await givenUrl(stage, version, row);
    const guess = `${id.slice(1)}${id.slice(0, 1)}`;
    const unknown = await post([type, guess], { result: "ACCEPTED" });
    expectRefusal(unknown, 404);
    const rival = version === "2.2.1" ? stage.rivals.CPO : undefined;
    if (rival) expectRefusal(await post([type, id], { result: "ACCEPTED" }, rival), 404, unknown.status_code);
    const { json } = await stage.world.api("GET", `/commands/${id}`);
    expect(json).toMatchObject({ status: "ACCEPTED", result: null });
  });

  test("refused: a result that is none", async () => {
    const ids = await givenUrl(stage, version, row);
    expectRefusal(await post(ids, { result: "PERHAPS" }), 200, 2001);
    expectRefusal(await post(ids, {}), 200, 2001);
  });

  accessCases(stage, version, row, () => givenUrl(stage, version, row));
}

function profileCases(stage: Stage, version: Version, row: Endpoint): void {
  const { method } = row;
  if (method !== "GET" && method !== "PUT" && method !== "DELETE") throw new Error(`no charging profile has ${method}`);
  const asker = () => stage.asker(version, row);
  const profile = { charging_rate_unit: "W", charging_profile_period: [{ start_period: 0, limit: 4000 }] };

  test("unknown: UNKNOWN_SESSION", async () => {
    const answer = await asker().partner.chargingProfile(method, stage.freshId(), { profile });
    expect(brief(answer)).toBe("200 1000");
    expect(answer.data).toMatchObject({ result: "UNKNOWN_SESSION" });
  });

  test("refused: without a response_url", async () => {
    const options = method === "PUT" ? { body: { charging_profile: profile } } : { query: { duration: 60 } };
    const answer = await asker().partner.request(row.module, "RECEIVER", method, [stage.freshId()], options);
    expectRefusal(answer, 200, 2001);
  });

  accessCases(stage, version, row, async () => [stage.freshId()]);
}

function activeCases(stage: Stage, version: Version, row: Endpoint): void {
  const body = {
    start_date_time: "2026-01-01T00:00:00Z",
    charging_profile: { charging_rate_unit: "A", charging_profile_period: [{ start_period: 0, limit: 10 }] },
  };
  const put = (id: string, said: OcpiObject = body) =>
    stage.asker(version, row).partner.request(row.module, "SENDER", "PUT", [id], { body: said });

  test("accepted for its session, 404 for any other", async () => {
    await givenSession(stage, version);
    expect(brief(await put("CMD-1"))).toBe("200 1000");
    expectRefusal(await put(stage.freshId()), 404);
    expectRefusal(await put("CMD-1", { start_date_time: "soon" }), 200, 2001);
  });

  accessCases(stage, version, row, async () => ["CMD-1"]);
}
