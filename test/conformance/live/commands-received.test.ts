import { beforeAll, describe, expect, test } from "vitest";
import type { OcpiObject } from "../../sandbox/types.ts";
import { atLeast } from "../../sandbox/versions.ts";
import { type Connection, useWorld, violationsOf } from "../../support/ocpi.ts";
import { call, ownParties, time } from "../delivery/objects.ts";
import { commandVersions, event, ownLocation, tokenOf } from "./commands/orders.ts";
import { ownSession } from "./sessions/objects.ts";

// Commands that we receive, as CPO.

const world = useWorld();
ownParties(world);
beforeAll(() => ownLocation(world));

for (const [n, version] of commandVersions.entries()) {
  describe(`OCPI ${version}`, () => {
    const isModern = atLeast(version, "2.2");
    let emsp: Connection;
    beforeAll(async () => {
      emsp = await world.connect({ version, role: "EMSP", party: `DE/E0${n}` });
    });
    const start = (more: OcpiObject = {}) => ({ token: tokenOf(version, emsp.party), location_id: "LOC1", ...more });
    const reserve = (id: string) => ({
      ...start({ evse_uid: "E1" }),
      reservation_id: isModern ? id : Number(id),
      expiry_date: time(86_400 * 400),
    });
    const command = (type: string, body: OcpiObject) => emsp.partner.command(type, body);
    const resultOf = (answer: OcpiObject): string => answer.data?.result;
    /** The newest command of this partner the back office was told of. */
    const told = async (type: string): Promise<OcpiObject> => {
      const { json } = await world.api("GET", "/events?after=0&types=command.received&limit=1000");
      const mine = (json.items as OcpiObject[]).filter(
        ({ data }) => data.partner === emsp.id && data.command.type === type,
      );
      return mine.at(-1)?.data.command;
    };
    const finish = (id: string, body: OcpiObject) => world.api("POST", `/commands/${id}/result`, body);

    test("START_SESSION: handed on, answered, and the result in the partner's shape", async () => {
      const answer = await command("START_SESSION", start({ evse_uid: "E1" }));
      expect(answer).toMatchObject({ http: 200, status_code: 1000, data: { result: "ACCEPTED" } });
      if (isModern) expect((answer.data as OcpiObject).timeout).toBeGreaterThan(0);
      const received = await event(world, "command.received", ({ partner }) => partner === emsp.id);
      const { command: asked } = received.data;
      expect(asked).toMatchObject({ type: "START_SESSION", location_id: "LOC1", evse_uid: "E1" });
      expect(asked.token).toMatchObject({ uid: "F00D", country_code: "DE", party_id: emsp.party.party_id });
      expect(asked.response_url).toBeUndefined();
      expect((await world.api("GET", `/commands/${asked.id}`)).json).toMatchObject({
        direction: "in",
        status: "ACCEPTED",
      });
      expect((await finish(asked.id, { result: "PERHAPS" })).json.errors).toMatchObject([{ pointer: "/result" }]);
      const done = await finish(asked.id, { result: "EVSE_OCCUPIED", message: "a car is there" });
      expect([done.status, done.json.status]).toEqual([202, "DONE"]);
      const { body } = await emsp.partner.waitForResult(answer.uid);
      expect(body.result).toBe(isModern ? "EVSE_OCCUPIED" : "REJECTED");
      if (isModern) expect(body.message).toMatchObject([{ language: "en", text: "a car is there" }]);
      expect((await finish(asked.id, { result: "EVSE_OCCUPIED", message: "a car is there" })).status).toBe(202);
      expect((await finish(asked.id, { result: "ACCEPTED" })).status).toBe(409);
      expect(emsp.partner.results.filter(({ uid }) => uid === answer.uid)).toHaveLength(1);
    });

    test("UNLOCK_CONNECTOR", async () => {
      const answer = await command("UNLOCK_CONNECTOR", { location_id: "LOC1", evse_uid: "E1", connector_id: "1" });
      expect(resultOf(answer)).toBe("ACCEPTED");
      await finish((await told("UNLOCK_CONNECTOR")).id, { result: "ACCEPTED" });
      expect((await emsp.partner.waitForResult(answer.uid)).body.result).toBe("ACCEPTED");
    });

    test.each([
      ["Location", { location_id: "NOWHERE" }],
      ["EVSE", { evse_uid: "E9" }],
      ["EVSE that was removed", { evse_uid: "E3" }],
    ])("an unknown %s is 2003 with REJECTED, and nobody is told", async (_, more) => {
      const before = await told("START_SESSION");
      const answer = await command("START_SESSION", start(more));
      expect(answer).toMatchObject({ http: 200, status_code: 2003, data: { result: "REJECTED" } });
      expect(await told("START_SESSION")).toEqual(before);
      const unlock = await command("UNLOCK_CONNECTOR", {
        location_id: "LOC1",
        evse_uid: "E1",
        connector_id: "1",
        ...more,
      });
      expect(unlock.status_code).toBe(2003);
    });

    test("an unknown Connector, and one that must be named", async () => {
      const unlock = await command("UNLOCK_CONNECTOR", { location_id: "LOC1", evse_uid: "E1", connector_id: "9" });
      expect(unlock).toMatchObject({ status_code: 2003, data: { result: "REJECTED" } });
      const unnamed = await command("START_SESSION", start({ evse_uid: "E2" }));
      if (!atLeast(version, "2.2.1")) return expect(unnamed.status_code).toBe(1000);
      expect(unnamed).toMatchObject({ http: 200, status_code: 2001 });
      expect(unnamed.status_message).toContain("/connector_id");
      expect((await command("START_SESSION", start({ evse_uid: "E2", connector_id: "1" }))).status_code).toBe(1000);
      const homeless = await command("START_SESSION", start({ connector_id: "1" }));
      expect(homeless).toMatchObject({ http: 200, status_code: 2001 });
      expect(homeless.status_message).toContain("/evse_uid");
    });

    test("STOP_SESSION of a session of its own: handed on, and the result", async () => {
      await call(world, "PUT", `/sessions/NL/TNM/STOP-${n}`, ownSession(`STOP-${n}`, emsp.party.party_id, 1));
      const answer = await command("STOP_SESSION", { session_id: `STOP-${n}` });
      expect(answer).toMatchObject({ http: 200, status_code: 1000, data: { result: "ACCEPTED" } });
      const asked = await told("STOP_SESSION");
      expect(asked).toMatchObject({ session_id: `STOP-${n}` });
      expect((await finish(asked.id, { result: "ACCEPTED" })).status).toBe(202);
      expect((await emsp.partner.waitForResult(answer.uid)).body.result).toBe("ACCEPTED");
    });

    test("STOP_SESSION of another's session, or of one that is not known: the same, and nobody is told", async () => {
      await call(world, "PUT", `/sessions/NL/TNM/OTHER-${n}`, ownSession(`OTHER-${n}`, "EXX", 1));
      const before = await told("STOP_SESSION");
      for (const session_id of [`OTHER-${n}`, "NO-SUCH"]) {
        const answer = await command("STOP_SESSION", { session_id });
        expect(answer).toMatchObject({ http: 200, status_code: 1000, data: { result: "UNKNOWN_SESSION" } });
      }
      expect(await told("STOP_SESSION")).toEqual(before);
    });

    test("RESERVE_NOW of an unknown place is 2003 with REJECTED, and nobody is told", async () => {
      const nowhere = { ...reserve("99"), evse_uid: "E9" };
      const answer = await command("RESERVE_NOW", nowhere);
      expect(answer).toMatchObject({ http: 200, status_code: 2003, data: { result: "REJECTED" } });
      expect(await told("RESERVE_NOW")).toBeUndefined();
    });

    test("a response_url elsewhere, a body that is wrong, a command nobody knows", async () => {
      for (const response_url of [
        "https://victim.example.org/hook?x=1",
        "ftp://127.0.0.1/x",
        `${world.url}/ocpi/versions`,
      ]) {
        const answer = await command("START_SESSION", start({ response_url }));
        expect(answer).toMatchObject({ http: 200, status_code: 2001 });
        expect(answer.status_message).toContain("/response_url");
      }
      const { location_id: _, ...nowhere } = start();
      const wrong = await command("START_SESSION", nowhere);
      expect([wrong.http, wrong.status_code, wrong.status_message]).toEqual([
        200,
        2001,
        expect.stringContaining("/location_id"),
      ]);
      const url = `${emsp.partner.peer?.endpoints.find(({ identifier, role }) => identifier === "commands" && role !== "SENDER")?.url}`;
      const options = { module: "commands", side: "RECEIVER" } as const;
      const unknown = await emsp.partner.call("POST", `${url}/DANCE`, { ...options, body: {} });
      expect(unknown).toMatchObject({ http: 200, data: { result: "NOT_SUPPORTED" } });
    });

    test("RESERVE_NOW: stands, may be taken back", async () => {
      const answer = await command("RESERVE_NOW", reserve("41"));
      expect(resultOf(answer)).toBe("ACCEPTED");
      const { id, reservation_id } = await told("RESERVE_NOW");
      expect(reservation_id).toBe("41");
      await finish(id, { result: "ACCEPTED" });
      await emsp.partner.waitForResult(answer.uid);
      expect((await finish(id, { result: "CANCELED_RESERVATION" })).status).toBe(202);
      const second = isModern ? "CANCELED_RESERVATION" : "REJECTED";
      await emsp.partner.waitFor(() =>
        emsp.partner.results.some(({ uid, body }) => uid === answer.uid && body.result === second),
      );
    });

    if (isModern) {
      test("CANCEL_RESERVATION: known while it stands", async () => {
        const cancel = () => command("CANCEL_RESERVATION", { reservation_id: "r-77" });
        expect(resultOf(await cancel())).toBe("REJECTED");
        await command("RESERVE_NOW", reserve("R-77"));
        await finish((await told("RESERVE_NOW")).id, { result: "ACCEPTED" });
        const other = await world.connect({ version, role: "EMSP", party: `DE/R0${n}` });
        expect(resultOf(await other.partner.command("CANCEL_RESERVATION", { reservation_id: "R-77" }))).toBe(
          "REJECTED",
        );
        const answer = await cancel();
        expect(resultOf(answer)).toBe("ACCEPTED");
        await finish((await told("CANCEL_RESERVATION")).id, { result: "ACCEPTED" });
        expect((await emsp.partner.waitForResult(answer.uid)).body.result).toBe("ACCEPTED");
        expect(resultOf(await cancel())).toBe("REJECTED");
      });

      test("a token of somebody else", async () => {
        const token = { ...tokenOf(version, emsp.party), party_id: "OTH" };
        const answer = await command("START_SESSION", start({ token }));
        expect(answer).toMatchObject({ http: 200, status_code: 2001 });
        expect(answer.status_message).toContain("/token/party_id");
      });
    }

    test("a back office that stays silent: the gateway reports the timeout, and takes no result after it", async () => {
      await world.api("PATCH", "/settings", { commands: { timeout_s: 1 } });
      const answer = await command("START_SESSION", start());
      await world.api("PATCH", "/settings", { commands: null });
      if (isModern) expect((answer.data as OcpiObject).timeout).toBe(1);
      const { id } = await told("START_SESSION");
      expect((await emsp.partner.waitForResult(answer.uid, 10_000)).body.result).toBe("TIMEOUT");
      expect((await finish(id, { result: "ACCEPTED" })).status).toBe(410);
      expect((await world.api("GET", `/commands/${id}`)).json).toMatchObject({ status: "TIMED_OUT" });
    });

    test("commands that are not taken at all", async () => {
      await world.api("PATCH", "/settings", { commands: { accept: "NEVER" } });
      const before = await told("START_SESSION");
      const answer = await command("START_SESSION", start());
      const unknown = await command("START_SESSION", start({ location_id: "NOWHERE" }));
      await world.api("PATCH", "/settings", { commands: null });
      expect(answer).toMatchObject({ http: 200, status_code: 1000, data: { result: "REJECTED" } });
      expect(unknown.status_code).toBe(2003);
      expect(await told("START_SESSION")).toEqual(before);
    });

    test("all of it stands in the journal, and the partner holds nothing against us", async () => {
      const { json } = await world.api("GET", `/messages?partner=${emsp.id}&module=commands&direction=out`);
      expect(json.items.length).toBeGreaterThan(3);
      expect(violationsOf(emsp)).toEqual([]);
    });
  });
}

test("a result of a command that we sent is not the back office's to give, and an id that was never given out neither", async () => {
  expect((await world.api("POST", "/commands/none/result", { result: "ACCEPTED" })).status).toBe(404);
});
