import type { Context } from "./context.ts";
import type { Misbehaviour } from "./faults.ts";
import type { Operation } from "./operations.ts";
import type { Headers, InboundRequest, OcpiObject, PartyId, Peer } from "./types.ts";
import type { Version } from "./versions.ts";

/** What a handler decided to answer. */
export interface Reply {
  http: number;
  status_code: number;
  status_message?: string;
  data?: unknown;
  /** Type of `data` in the tables, so that a misbehaviour can tell enumerations from texts. */
  type?: string;
  headers?: Headers;
  /** Done once the answer is out, also when it gets lost. */
  after?: () => void;
}

/** A request on its way through the handlers. */
export interface Call {
  context: Context;
  entry: InboundRequest;
  /** How violations name it. */
  label: string;
  version: Version;
  peer: Peer;
  operation: Operation;
  params: Record<string, string>;
  fault: Misbehaviour;
}

/** A good answer, with or without data. */
export function ok(data?: unknown, type?: string): Reply {
  return { http: 200, status_code: 1000, data, type };
}

/** An object was stored: 201 when it is new. */
export function stored(isNew: boolean): Reply {
  return { http: isNew ? 201 : 200, status_code: 1000 };
}

/** An answer that is no success; HTTP 200 for what only OCPI finds wrong. */
export function refusal(http: number, status_code: number, status_message: string, headers?: Headers): Reply {
  return { http, status_code, status_message, headers };
}

/** The owner that the URL of a client owned object names. */
export function ownerOf(params: Record<string, string>): PartyId {
  return { country_code: params.country_code ?? "", party_id: params.party_id ?? "" };
}

/** The parsed body, or an empty object when it is none. */
export function bodyOf(entry: InboundRequest): OcpiObject {
  const { body } = entry;
  return typeof body === "object" && body !== null ? body : {};
}
