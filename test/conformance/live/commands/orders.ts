import { expect } from "vitest";
import type { OcpiObject } from "../../../sandbox/types.ts";
import type { Version } from "../../../sandbox/versions.ts";
import type { World } from "../../../support/ocpi.ts";
import { evse, location, time } from "../../delivery/objects.ts";

/** Versions that have commands, and those that have charging profiles. */
export const commandVersions: readonly Version[] = ["2.1.1", "2.2", "2.2.1", "2.3.0"];
export const profileVersions: readonly Version[] = ["2.2", "2.2.1", "2.3.0"];

/** A token of our own eMSP party. */
export const ownToken = (uid = "04A1B2C3"): OcpiObject => ({
  country_code: "NL",
  party_id: "TNE",
  uid,
  type: "RFID",
  contract_id: `NL-TNE-C${uid}`,
  issuer: "TNE",
  valid: true,
  whitelist: "ALLOWED",
});

/** A token of a partner as its version says it. */
export function tokenOf(version: Version, party: { country_code: string; party_id: string }): OcpiObject {
  const base = { uid: "F00D", type: "RFID", issuer: "them", valid: true, whitelist: "ALLOWED", last_updated: time(1) };
  if (version === "2.1.1") return { ...base, auth_id: "DE-EMS-C1" };
  return { ...base, country_code: party.country_code, party_id: party.party_id, contract_id: "DE-EMS-C1" };
}

/** Location LOC1 of NL*TNM with EVSE E1 and Connector 1; EVSE E2 wants its Connector named; EVSE E3 is gone. */
export async function ownLocation(world: World): Promise<void> {
  const evses = [
    evse("E1", "AVAILABLE", 0),
    { ...evse("E2", "AVAILABLE", 0), capabilities: ["START_SESSION_CONNECTOR_REQUIRED"] },
    evse("E3", "REMOVED", 0),
  ];
  const { status } = await world.api("PUT", "/locations/NL/TNM/LOC1", location("LOC1", 1, evses));
  expect([200, 201]).toContain(status);
}

/** The first event of a type behind a cursor that satisfies. */
export async function event(
  world: World,
  types: string,
  fits: (data: OcpiObject) => boolean = () => true,
  after = "0",
): Promise<OcpiObject> {
  const deadline = Date.now() + 15_000;
  let cursor = after;
  while (Date.now() < deadline) {
    const { json } = await world.api("GET", `/events?after=${cursor}&wait=5&types=${types}`);
    const found = (json.items as OcpiObject[]).find(({ data }) => fits(data));
    if (found) return found;
    cursor = json.next_cursor;
  }
  throw new Error(`no event ${types}`);
}
