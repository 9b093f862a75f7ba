import { allowedHosts } from "../client/request.ts";
import { checkUrl, urlRules } from "../client/url-rules.ts";
import { isObject, type JsonObject } from "../lib/json.ts";
import { err, ok, type Result } from "../lib/result.ts";
import type { Fault } from "../ocpi/codec.ts";
import { hasInterface } from "../ocpi/interfaces.ts";
import type { Reason } from "../ocpi/status.ts";
import type { Actor, StoredObject, Visibility } from "../ports/objects.ts";
import type { Partner, Party } from "../ports/partners.ts";
import type { Ports } from "../ports.ts";
import { rolesAs, visibility } from "./entitlement.ts";
import { partyKey } from "./keys.ts";
import { assemble, partOf } from "./objects.ts";

// What the standard lets a CPO check of a command before it is handed on. Whether the token may charge is not among it.
// Spec: 2.2.1 mod_commands, StartSession, "SHALL NOT check the validity of a Token".

/** Why a command is refused: by a fault of the request, or by a response (REJECTED, UNKNOWN_SESSION) and what to tell a person. */
export type Refused =
  | { kind: "reason"; reason: Reason | "stale" }
  | { kind: "response"; result: "REJECTED" | "UNKNOWN_SESSION"; message: string; unknownLocation: boolean };

const faulty = (pointer: string, message: string): Refused => {
  const faults: Fault[] = [{ pointer, message }];
  return { kind: "reason", reason: { kind: "invalid", faults } };
};

const nowhere = (message: string): Refused => ({
  kind: "response",
  result: "REJECTED",
  message,
  unknownLocation: true,
});

/** Refused by a response. */
export const rejected = (message: string): Refused => ({
  kind: "response",
  result: "REJECTED",
  message,
  unknownLocation: false,
});

/** A response_url must be one we may call for this partner. Spec: contract, OCPI side; 2.2.1 mod_commands, `response_url`. */
export function checkResponseUrl(
  { config }: Pick<Ports, "config">,
  partner: Partner,
  url: unknown,
  base: string,
): Refused | null {
  if (typeof url !== "string" || url === "") return faulty("/response_url", "is required");
  const verdict = checkUrl(url, urlRules(config, base));
  if (!verdict.ok) return faulty("/response_url", `cannot be called: ${verdict.message}`);
  if (!allowedHosts(partner).includes(verdict.url.host)) {
    return faulty("/response_url", `${verdict.url.host} is none of the hosts of this connection`);
  }
  return null;
}

/** The token must be one of the calling party. Spec: 2.2.1 mod_commands, StartSession, `token`. */
export function checkToken(partner: Partner, token: unknown): Refused | null {
  if (!isObject(token)) return null;
  const { country_code, party_id } = token;
  const owner = { country_code: String(country_code ?? ""), party_id: String(party_id ?? "") };
  const isHub = partner.roles.some(({ role }) => role === "HUB");
  const isTheirs = isHub || hasInterface(rolesAs(partner, owner), "commands", "SENDER");
  return isTheirs
    ? null
    : faulty("/token/party_id", `${owner.country_code}*${owner.party_id} is not a party of this connection`);
}

/** What a command says of a place, as far as it says it. */
export interface Place {
  location_id: string;
  evse_uid?: string | undefined;
  connector_id?: string | undefined;
  /** The party that was addressed; null: any of ours. */
  party: { country_code: string; party_id: string } | null;
  /** The version can say which connector, so that one may be required. */
  canNameConnector: boolean;
}

/** Whether Location, EVSE and Connector are ours and shown to the partner. One D1 call. */
export async function checkPlace(
  ports: Pick<Ports, "objects" | "parties">,
  partner: Partner,
  place: Place,
): Promise<Refused | null> {
  const { location_id, evse_uid, connector_id, party, canNameConnector } = place;
  if (connector_id !== undefined && evse_uid === undefined) return faulty("/evse_uid", "is required with connector_id");
  const seen = ownOnly(partner, "locations", await ports.parties.list(), party);
  if (seen === null) return nowhere(`Location ${location_id} is not known`);
  const found = await ports.objects.find(actorOf(partner), "locations", location_id, seen);
  if (!found.ok) return { kind: "reason", reason: "stale" };
  if (found.value === null) return nowhere(`Location ${location_id} is not known`);
  if (evse_uid === undefined) return null;
  const { module, country_code, party_id } = found.value;
  const target = { module, country_code, party_id, id: location_id, evse_uid, ciIds: true };
  const location = assemble(found.value);
  const evse = partOf(location, target);
  if (evse === null || evse.status === "REMOVED") return nowhere(`EVSE ${evse_uid} is not known`);
  if (connector_id !== undefined) {
    return partOf(location, { ...target, connector_id }) === null
      ? nowhere(`Connector ${connector_id} is not known`)
      : null;
  }
  const { capabilities } = evse as { capabilities?: unknown };
  const wantsConnector = Array.isArray(capabilities) && capabilities.includes("START_SESSION_CONNECTOR_REQUIRED");
  return wantsConnector && canNameConnector ? faulty("/connector_id", "is required for this EVSE") : null;
}

/**
 * A session of ours that the partner may do something about. One of somebody else is as unknown as one that is not there. One D1 call.
 * Spec: 2.2.1 mod_commands, StopSession; mod_charging_profiles, UNKNOWN_SESSION.
 */
export async function findSession(
  ports: Pick<Ports, "objects" | "parties">,
  partner: Partner,
  id: string,
  party: Place["party"],
): Promise<Result<StoredObject, Refused>> {
  const seen = ownOnly(partner, "sessions", await ports.parties.list(), party);
  if (seen !== null) {
    const found = await ports.objects.find(actorOf(partner), "sessions", id, seen);
    if (!found.ok) return err({ kind: "reason", reason: "stale" });
    if (found.value !== null) return ok(found.value);
  }
  const message = `Session ${id} is not known`;
  return err({ kind: "response", result: "UNKNOWN_SESSION", message, unknownLocation: false });
}

/** Whether a reservation of the partner stands. Two D1 calls: nothing else asks whether the partner is still who it was. */
export async function checkReservation(
  ports: Pick<Ports, "commands" | "partners">,
  partner: Partner,
  key: string,
): Promise<Refused | null> {
  const [current, reservation] = await Promise.all([
    ports.partners.get(partner.id),
    ports.commands.reservation(partner.id, "in", key),
  ]);
  if (current?.epoch !== partner.epoch) return { kind: "reason", reason: "stale" };
  return reservation === null ? rejected("The reservation is not known") : null;
}

/** What the partner sees of our own objects, whatever modules it is sent. */
export function ownOnly(
  partner: Partner,
  module: string,
  parties: readonly Party[],
  party: Place["party"],
): Visibility | null {
  const { modules: _, ...settings } = partner.settings;
  const seen = visibility({ ...partner, settings }, module, parties);
  if (seen === null) return null;
  const addressed = party === null ? null : partyKey(party.country_code, party.party_id);
  if (addressed === null || (seen.own !== null && !seen.own.includes(addressed))) return { ...seen, relayed: false };
  return { ...seen, own: [addressed], relayed: false };
}

export const actorOf = ({ id, epoch }: Partner): Actor => ({ kind: "partner", id, epoch });

/** A text field of a model object that may be absent or null. */
export const textIn = (object: JsonObject, name: string): string | undefined =>
  typeof object[name] === "string" && object[name] !== "" ? object[name] : undefined;
