import type { Gateway } from "../../src/local/gateway.ts";
import { startPartner } from "../sandbox/partner.ts";
import type { OcpiObject } from "../sandbox/types.ts";
import { type BenchPartner, sessionId, timeOf } from "./cases.ts";
import { operator } from "./import.ts";
import { benchLocation, locationId } from "./location.ts";
import { benchSession } from "./session.ts";

/**
 * Registers a partner, CPO and eMSP in one, by a real handshake, and has it send Locations of its own. Nothing is pushed
 * to it: what is measured are requests to the gateway.
 * @param sent how many Locations and sessions it sends
 * @returns beside what its requests need, the port it has left: its endpoints stand there
 */
export async function registerPartner(
  gateway: Gateway,
  version: "2.2.1" | "2.3.0",
  partyId: string,
  sent: { rows: number; sessions: number },
): Promise<BenchPartner & { port: number }> {
  const party = { country_code: "NL", party_id: partyId };
  const roles = (["CPO", "EMSP"] as const).map((role) => ({ ...party, role, business_details: { name: partyId } }));
  const sandbox = await startPartner({ version, roles });
  try {
    const invited = await operator(gateway, "POST", "/partners", {
      name: `${partyId} ${version}`,
      settings: { push: false },
    });
    const peer = await sandbox.register(invited.versions_url, invited.token);
    const put = async (module: "locations" | "sessions", object: OcpiObject): Promise<void> => {
      const answer = await sandbox.push(module, object);
      if (answer.http !== 201) throw new Error(`PUT to ${module} answers ${answer.http}: ${answer.raw}`);
    };
    for (let n = 0; n < sent.rows; n++) await put("locations", benchLocation(party, locationId(n), timeOf(0)));
    for (let n = 0; n < sent.sessions; n++) await put("sessions", benchSession(party, sessionId(n), timeOf(0)));
    const endpoint = (module: string, side: "SENDER" | "RECEIVER"): string => {
      const found = peer.endpoints.find(({ identifier, role }) => identifier === module && role === side);
      if (!found) throw new Error(`The gateway lists no ${module} ${side} in ${version}`);
      return found.url.replace(/\/$/, "");
    };
    return {
      ...party,
      authorization: `Token ${Buffer.from(peer.tokenOut).toString("base64")}`,
      sender: endpoint("locations", "SENDER"),
      receiver: endpoint("locations", "RECEIVER"),
      sessions: endpoint("sessions", "RECEIVER"),
      port: Number(new URL(sandbox.versionsUrl).port),
    };
  } finally {
    await sandbox.close();
  }
}
