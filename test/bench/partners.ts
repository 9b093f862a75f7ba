import type { Gateway } from "../../src/local/gateway.ts";
import { startPartner } from "../sandbox/partner.ts";
import { type BenchPartner, timeOf } from "./cases.ts";
import { operator } from "./import.ts";
import { benchLocation, locationId } from "./location.ts";

/**
 * Registers a partner, CPO and eMSP in one, by a real handshake, and has it send Locations of its own. Nothing is pushed
 * to it: what is measured are requests to the gateway.
 * @param rows Locations it sends
 */
export async function registerPartner(
  gateway: Gateway,
  version: "2.2.1" | "2.3.0",
  partyId: string,
  rows: number,
): Promise<BenchPartner> {
  const party = { country_code: "NL", party_id: partyId };
  const roles = (["CPO", "EMSP"] as const).map((role) => ({ ...party, role, business_details: { name: partyId } }));
  const sandbox = await startPartner({ version, roles });
  try {
    const invited = await operator(gateway, "POST", "/partners", {
      name: `${partyId} ${version}`,
      settings: { push: false },
    });
    const peer = await sandbox.register(invited.versions_url, invited.token);
    for (let n = 0; n < rows; n++) {
      const answer = await sandbox.push("locations", benchLocation(party, locationId(n), timeOf(0)));
      if (answer.http !== 201) throw new Error(`PUT of a Location answers ${answer.http}: ${answer.raw}`);
    }
    const endpoint = (side: "SENDER" | "RECEIVER"): string => {
      const found = peer.endpoints.find(({ identifier, role }) => identifier === "locations" && role === side);
      if (!found) throw new Error(`The gateway lists no locations ${side} in ${version}`);
      return found.url.replace(/\/$/, "");
    };
    return {
      ...party,
      authorization: `Token ${Buffer.from(peer.tokenOut).toString("base64")}`,
      sender: endpoint("SENDER"),
      receiver: endpoint("RECEIVER"),
    };
  } finally {
    await sandbox.close();
  }
}
