import { beforeAll, describe, expect, test } from "vitest";
import { VERSIONS, type Version } from "../../sandbox/versions.ts";
import { type Connection, useWorld, violationsOf } from "../../support/ocpi.ts";
import { call, ownParties } from "../delivery/objects.ts";

// We are the CPO: the back office asks about tokens of partner eMSPs.

const world = useWorld();
ownParties(world);
/** Short enough for 2.0. */
const uidOf = { ALWAYS: "ALWAYS", ALLOWED: "ALLOWED", ALLOWED_OFFLINE: "OFFLINE", NEVER: "NEVER" };
const asked = (emsp: Connection) =>
  emsp.partner.requests.filter(({ method, path }) => method === "POST" && path.endsWith("/authorize"));

/** Token, where the answer comes from, what it is. */
type Decision = [uid: string, source: string, allowed: string];
const decisions: Decision[] = [
  ["ALWAYS-1", "WHITELIST", "ALLOWED"],
  ["ALWAYS-0", "WHITELIST", "BLOCKED"],
  ["ALLOWED-1", "WHITELIST", "ALLOWED"],
  ["ALLOWED-0", "REALTIME", "BLOCKED"],
  ["OFFLINE-1", "REALTIME", "ALLOWED"],
  ["OFFLINE-0", "REALTIME", "BLOCKED"],
  ["NEVER-1", "REALTIME", "ALLOWED"],
  ["NEVER-0", "REALTIME", "BLOCKED"],
];
/** The same where the eMSP cannot be asked, in 2.0. */
const listOnly: Decision[] = [
  ["ALLOWED-1", "WHITELIST", "ALLOWED"],
  ["ALLOWED-0", "WHITELIST", "BLOCKED"],
  ["NEVER-1", "WHITELIST", "NOT_ALLOWED"],
  ["NEVER-0", "WHITELIST", "BLOCKED"],
];

describe.each(VERSIONS)("tokens of an eMSP of %s", (version: Version) => {
  const party = { country_code: "DE", party_id: `E0${VERSIONS.indexOf(version)}` };
  const place = `/tokens/${party.country_code}/${party.party_id}`;
  const canAsk = version !== "2.0";
  let emsp: Connection;

  const names = version === "2.0" || version === "2.1.1" ? "auth_id" : "contract_id";
  const tokenOf = (uid: string, whitelist: string, valid: boolean) => ({
    uid,
    type: "RFID",
    [names]: `DE-${uid}`,
    issuer: "E",
    valid,
    ...(version === "2.0" ? { allow_whitelist: whitelist !== "NEVER", visual_number: uid } : { whitelist }),
    ...(version === "2.0" ? {} : { last_updated: "2026-01-01T00:00:00Z" }),
    ...(names === "contract_id" ? party : {}),
  });

  beforeAll(async () => {
    emsp = await world.connect({ version, role: "EMSP", party: `${party.country_code}/${party.party_id}` });
    for (const whitelist of ["ALWAYS", "ALLOWED", "ALLOWED_OFFLINE", "NEVER"] as const) {
      for (const valid of [true, false]) {
        const object = tokenOf(`${uidOf[whitelist]}-${valid ? 1 : 0}`, whitelist, valid);
        const answer = await emsp.partner.push("tokens", object);
        expect(answer, JSON.stringify(answer)).toMatchObject({ status_code: 1000 });
      }
    }
  });

  const authorize = async (uid: string, body?: unknown, query = "") => {
    const before = asked(emsp).length;
    const { status, json } = await world.api("POST", `${place}/${uid}/authorize${query}`, body);
    return { status, json, asked: asked(emsp).length - before };
  };

  test("a body that is none of LocationReferences is refused with pointers", async () => {
    const { status, json } = await authorize("ALWAYS-1", { evse_uids: ["1"], connector_ids: [7] });
    expect(status).toBe(422);
    expect(json.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual([
      "/connector_ids/0",
      "/location_id",
    ]);
    const placeless = await authorize("ALWAYS-1", { evse_uids: ["1"] });
    expect(placeless).toMatchObject({ status: 422, json: { errors: [{ pointer: "/location_id" }] } });
    expect(await authorize("ALWAYS-1", [])).toMatchObject({ status: 422, json: { errors: [{ pointer: "" }] } });
  });

  test.each(canAsk ? decisions : listOnly)("%s: %s, %s", async (uid, source, allowed) => {
    const { status, json, asked: requests } = await authorize(uid, { location_id: "LOC1", evse_uids: ["E1"] });
    expect({ status, json }).toMatchObject({ status: 200, json: { allowed, source, token: { uid, ...party } } });
    expect(requests).toBe(source === "REALTIME" ? 1 : 0);
    if (allowed === "ALLOWED" && source === "WHITELIST")
      expect(json.location).toEqual({ location_id: "LOC1", evse_uids: ["E1"] });
  });

  test.runIf(canAsk)("one nobody told of is asked for; one the eMSP does not know either is 404", async () => {
    const object = tokenOf("LATER", "NEVER", true);
    emsp.partner.own.tokens.add(object);
    expect(await authorize("LATER")).toMatchObject({
      status: 200,
      json: { allowed: "ALLOWED", source: "REALTIME" },
      asked: 1,
    });
    expect(await authorize("NOBODY")).toMatchObject({ status: 404, asked: 1 });
  });

  test.runIf(canAsk)(
    "nobody there: the list lets in ALLOWED_OFFLINE that is valid, all else is 504, within the deadline",
    async () => {
      await call(world, "PATCH", "/settings", { authorize: { partner_timeout_ms: 300 } });
      emsp.partner.misbehave({ modules: "tokens", hang: true });
      expect(await authorize("OFFLINE-1")).toMatchObject({
        status: 200,
        json: { allowed: "ALLOWED", source: "WHITELIST" },
      });
      for (const uid of ["OFFLINE-0", "NEVER-1", "LATER"]) {
        expect((await authorize(uid)).status, uid).toBe(504);
      }
      expect(await authorize("ALWAYS-1")).toMatchObject({ status: 200, json: { source: "WHITELIST" } });
      emsp.partner.behave();
      await call(world, "PATCH", "/settings", { authorize: null });
    },
  );

  test.runIf(canAsk)("an eMSP that refuses is 502, and the list lets nobody in", async () => {
    emsp.partner.misbehave({ modules: "tokens", status: 2001 });
    expect((await authorize("OFFLINE-1")).status).toBe(502);
    emsp.partner.behave();
  });

  test("nothing was sent that the version forbids", () => {
    expect(violationsOf(emsp)).toEqual([]);
  });
});

test("unknown parties are 404, own tokens are answered from our list", async () => {
  expect((await world.api("POST", "/tokens/XX/YYY/CARD/authorize")).status).toBe(404);
  await call(world, "PUT", "/tokens/NL/TNE/MINE", {
    type: "RFID",
    contract_id: "C",
    issuer: "TNE",
    valid: true,
    whitelist: "ALLOWED",
  });
  expect((await world.api("POST", "/tokens/NL/TNE/MINE/authorize")).json).toMatchObject({
    allowed: "ALLOWED",
    source: "WHITELIST",
  });
});

test("a contract nobody told of is asked of the provider it names", async () => {
  const emsp = await world.connect({ version: "2.3.0", role: "EMSP", party: "DE/8AA" });
  const contract = {
    country_code: "DE",
    party_id: "8AA",
    uid: "DE8AAC123456789",
    type: "EMAID",
    contract_id: "DE8AAC123456789",
    issuer: "8AA",
    valid: true,
    whitelist: "NEVER",
    last_updated: "2026-01-01T00:00:00Z",
  };
  emsp.partner.own.tokens.add(contract);
  const { status, json } = await world.api("POST", `/tokens/NL/ZZZ/${contract.uid}/authorize?type=EMAID`);
  expect({ status, json }).toMatchObject({
    status: 200,
    json: { allowed: "ALLOWED", source: "REALTIME", token: { party_id: "8AA" } },
  });
});
