import { beforeAll, describe, expect, test } from "vitest";
import { atLeast } from "../../sandbox/versions.ts";
import { type Connection, useWorld } from "../../support/ocpi.ts";
import { ownParties, time, token } from "../delivery/objects.ts";
import { commandVersions, ownToken } from "./commands/orders.ts";
import { wireSession } from "./sessions/objects.ts";

// The session that comes of a START_SESSION of ours.

const world = useWorld();
ownParties(world);
beforeAll(async () => {
  for (const uid of ["TOK1", "TOK2"]) await world.api("PUT", `/tokens/NL/TNE/${uid}`, token(uid, 0));
});

/** The Location a session of 2.1.1 contains, at another place. */
function placed({ location_id, evse_uid }: { location_id: string; evse_uid: string }) {
  const { location } = wireSession("2.1.1", "S", {}, 1);
  const [evse] = location.evses;
  return { ...location, id: location_id, evses: [{ ...evse, uid: evse_uid }] };
}

describe.each(commandVersions)("OCPI %s", (version) => {
  const isModern = atLeast(version, "2.2");
  const party = { country_code: "BE", party_id: `S0${commandVersions.indexOf(version)}` };
  let cpo: Connection;
  beforeAll(async () => {
    cpo = await world.connect({ version, role: "CPO", party: `BE/${party.party_id}` });
    cpo.partner.settings.onCommand = () => ({ result: "ACCEPTED", finish: null, timeout: 60 });
  });
  const start = async (more = {}): Promise<string> => {
    const known = { ...ownToken("TOK1"), contract_id: "NL-TNE-TOK1" };
    const body = { to: party, token: known, location_id: "THEIRS", evse_uid: "E9", ...more };
    const { status, json } = await world.api("POST", "/commands/START_SESSION", body);
    expect(status).toBe(202);
    return json.id;
  };
  const push = async (id: string, change = {}) =>
    expect(
      await cpo.partner.push("sessions", wireSession(version, id, party, 1, change), { owner: party }),
    ).toMatchObject({
      status_code: 1000,
    });
  const sessionOf = async (id: string) => (await world.api("GET", `/commands/${id}`)).json.session?.id;

  test("is tied to it, by reference or by token, Location and EVSE", async () => {
    const elsewhere = await start({ evse_uid: "E8" });
    const first = await start();
    const second = await start();
    if (isModern) {
      // Two at once for one EVSE: the references tell which is which.
      const [one, two] = [first, second].map((id) =>
        cpo.partner.commands.find(({ response_url }) => response_url.endsWith(id)),
      );
      await push("B", { authorization_reference: two?.body?.authorization_reference });
      await push("A", { authorization_reference: one?.body?.authorization_reference.toUpperCase() });
      await expect.poll(() => sessionOf(first)).toBe("A");
      await expect.poll(() => sessionOf(second)).toBe("B");
      await push("C", { authorization_reference: "of nobody here" });
      await push("D", { location_id: "ELSEWHERE" });
    } else {
      await push("A");
      await push("B");
      await expect.poll(async () => [await sessionOf(first), await sessionOf(second)]).toEqual(["B", "A"]);
    }
    expect(await sessionOf(elsewhere)).toBeUndefined();
    if (!isModern) return;
    await push("E", { evse_uid: "#NA", connector_id: "#NA" });
    await expect.poll(() => sessionOf(elsewhere)).toBe("E");
  });

  test("is not tied to a command that was refused, to one it is older than, or to another token's", async () => {
    const at = { location_id: "R-LOC", evse_uid: "E5" };
    const change = { ...at, ...(isModern ? {} : { location: placed(at) }) };
    const taken = await start(at);
    cpo.partner.settings.onCommand = () => ({ result: "REJECTED" });
    const refused = await start(at);
    cpo.partner.settings.onCommand = () => ({ result: "ACCEPTED", finish: null, timeout: 60 });
    await push("OLD", { ...change, status: "COMPLETED" });
    if (isModern) {
      const card = { uid: "OTHER", type: "RFID", contract_id: "NL-TNE-TOK1" };
      await push("CARD", {
        ...change,
        cdr_token: version === "2.2" ? card : { country_code: "NL", party_id: "TNE", ...card },
      });
    }
    await push("R", change);
    await expect.poll(() => sessionOf(taken)).toBe("R");
    expect(await sessionOf(refused)).toBeUndefined();
    if (!isModern) return;
    const later = await start({ evse_uid: "E6" });
    const asked = cpo.partner.commands.find(({ response_url }) => response_url.endsWith(later))?.body;
    await push("REF", { evse_uid: "E4", status: "PENDING" });
    const body = { authorization_reference: asked?.authorization_reference, last_updated: time(5) };
    expect(await cpo.partner.patch("sessions", "REF", body, { owner: party })).toMatchObject({ status_code: 1000 });
    await expect.poll(() => sessionOf(later)).toBe("REF");
  });

  test.runIf(isModern)("is tied by a reference that comes later, whatever was likely before", async () => {
    const at = { location_id: "G-LOC", evse_uid: "E3" };
    const [one, two] = [await start(at), await start(at)];
    const referenceOf = (id: string) =>
      cpo.partner.commands.find(({ response_url }) => response_url.endsWith(id))?.body?.authorization_reference;
    const say = async (id: string, command: string) => {
      const part = { authorization_reference: referenceOf(command), last_updated: time(5) };
      expect(await cpo.partner.patch("sessions", id, part, { owner: party })).toMatchObject({ status_code: 1000 });
    };
    await push("G1", at);
    await expect.poll(() => sessionOf(two)).toBe("G1");
    await push("G2", at);
    await expect.poll(() => sessionOf(one)).toBe("G2");
    await say("G1", one);
    await say("G2", two);
    await expect.poll(async () => [await sessionOf(one), await sessionOf(two)]).toEqual(["G1", "G2"]);
  });

  test.runIf(isModern)("comes after the timeout, or not at all: the status stays", async () => {
    cpo.partner.settings.onCommand = () => ({ result: "ACCEPTED", finish: null, timeout: 1 });
    const late = await start();
    const never = await start({ evse_uid: "E7" });
    expect((await world.api("GET", `/commands/${late}?wait=10`)).json.status).toBe("TIMED_OUT");
    const reference = cpo.partner.commands.find(({ response_url }) => response_url.endsWith(late))?.body;
    await push("LATE", { authorization_reference: reference?.authorization_reference, last_updated: time(9) });
    await expect.poll(() => sessionOf(late)).toBe("LATE");
    expect((await world.api("GET", `/commands/${late}`)).json).toMatchObject({ status: "TIMED_OUT", result: null });
    const { json } = await world.api("GET", `/commands/${never}`);
    expect(json.session).toBeUndefined();
  });
});
