import { err, ok, type Result } from "../lib/result.ts";
import type { Fault } from "./codec.ts";

// Headers of OCPI messages besides Authorization: message ids, and who a message is from and to.

export const REQUEST_ID = "X-Request-ID";
export const CORRELATION_ID = "X-Correlation-ID";
/** Counts the gateways of this make a message went through, so that a ring of them ends. */
export const HOP = "X-Gateway-Hop";
/** More hops than this are a ring. */
export const MAX_HOPS = 3;

/** A party as routing headers name it. Both parts are CiStrings. */
export interface PartyRef {
  country_code: string;
  party_id: string;
}

/** Who a message is to and from; null where the headers are absent. Spec: 2.2.1 transport_and_format, Message Routing Headers. */
export interface Routing {
  to: PartyRef | null;
  from: PartyRef | null;
}

/** Message ids of one exchange. Spec: 2.2.1 transport_and_format, Unique message IDs. */
export interface MessageIds {
  requestId: string;
  correlationId: string;
}

const PRINTABLE = /^[\x21-\x7e]{1,128}$/;

/**
 * The ids of a request, generated where they are absent or not fit to be repeated in an answer: a message is never
 * refused for them.
 */
export function readMessageIds(headers: Headers, uuid: () => string): MessageIds {
  const read = (name: string): string => {
    const value = headers.get(name) ?? "";
    return PRINTABLE.test(value) ? value : uuid();
  };
  return { requestId: read(REQUEST_ID), correlationId: read(CORRELATION_ID) };
}

/** Message ids as headers. */
export function messageIdHeaders(ids: MessageIds): Record<string, string> {
  return { [REQUEST_ID]: ids.requestId, [CORRELATION_ID]: ids.correlationId };
}

/**
 * The routing headers of a request, in upper case. Absent ones are null, which in ≥2.2 means an open routing request or
 * a connection of one party each; empty, half given, or no party id at all is a fault.
 */
export function readRouting(headers: Headers): Result<Routing, Fault[]> {
  const faults: Fault[] = [];
  const to = readParty(headers, "to", faults);
  const from = readParty(headers, "from", faults);
  return faults.length > 0 ? err(faults) : ok({ to, from });
}

function readParty(headers: Headers, direction: "to" | "from", faults: Fault[]): PartyRef | null {
  const countryName = `OCPI-${direction}-country-code`;
  const partyName = `OCPI-${direction}-party-id`;
  const country = headers.get(countryName);
  const party = headers.get(partyName);
  if (country === null && party === null) return null;
  const before = faults.length;
  check(countryName, country, /^[A-Za-z0-9]{2}$/, "is not a country code of 2 characters", faults);
  check(partyName, party, /^[\x21-\x7e]{3}$/, "is not a party id of 3 characters", faults);
  if (faults.length > before || country === null || party === null) return null;
  return { country_code: country.toUpperCase(), party_id: party.toUpperCase() };
}

function check(name: string, value: string | null, shape: RegExp, complaint: string, faults: Fault[]): void {
  // Header faults have no JSON Pointer; the header's name stands in its place.
  if (value === null) faults.push({ pointer: name, message: "is missing beside its other half" });
  else if (value === "") faults.push({ pointer: name, message: "is empty; leave it out for open routing" });
  else if (!shape.test(value)) faults.push({ pointer: name, message: complaint });
}

/**
 * Whether messages of an interface are routed, so that they say who they are from and to: not those of the modules that set up the connection itself.
 * Spec: 2.2.1 transport_and_format, Message routing (configuration modules).
 */
export const isRouted = ({ module, role }: { module: string; role: unknown }): boolean =>
  role !== null && module !== "hubclientinfo";

/** The routing of the answer: the two directions swapped. */
export function swapRouting(routing: Routing): Routing {
  return { to: routing.from, from: routing.to };
}

/** Routing as headers; nothing for what is null. */
export function routingHeaders(routing: Routing): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const direction of ["to", "from"] as const) {
    const party = routing[direction];
    if (party === null) continue;
    headers[`OCPI-${direction}-country-code`] = party.country_code;
    headers[`OCPI-${direction}-party-id`] = party.party_id;
  }
  return headers;
}

/** Whether two parties are the same one. */
export function sameParty(a: PartyRef, b: PartyRef): boolean {
  return (
    a.country_code.toUpperCase() === b.country_code.toUpperCase() &&
    a.party_id.toUpperCase() === b.party_id.toUpperCase()
  );
}
