import { isObject, type JsonObject, type JsonValue } from "../../lib/json.ts";
import { escapeToken } from "../../lib/pointer.ts";
import { CARRIED } from "../codec.ts";
import type { Bridge, UpRun } from "../walker/rules.ts";

/** Modules a CPO owns the objects of. Spec: 2.1.1 version_information_endpoint; 2.2 terminology, typical roles. */
const cpoModules = new Set(["locations", "sessions", "cdrs", "tariffs"]);

/**
 * Interface role of an endpoint in a version that does not say it: it follows from the role of the platform whose
 * version details list it. Undefined when that role is not known. Spec: 2.2.1 version_information_endpoint, InterfaceRole.
 */
export function impliedRole(endpoint: JsonObject, run: UpRun): JsonObject {
  const { role } = run.context;
  if (role === undefined || typeof endpoint.identifier !== "string") return {};
  const module = endpoint.identifier.toLowerCase();
  if (module === "credentials") return { role: "SENDER" };
  return { role: cpoModules.has(module) === (role === "CPO") ? "SENDER" : "RECEIVER" };
}

/** Index of the role a connection with one party is about: party and role as asked, else role, else the first. */
function pick(roles: readonly JsonValue[], role?: string, owner?: { country_code: string; party_id: string }): number {
  const isOwner = (item: JsonValue): boolean =>
    isObject(item) && item.country_code === owner?.country_code && item.party_id === owner?.party_id;
  const hasRole = (item: JsonValue): boolean => isObject(item) && item.role === role;
  const exact = roles.findIndex((item) => isOwner(item) && hasRole(item));
  if (exact >= 0) return exact;
  const byOwner = roles.findIndex(isOwner);
  if (byOwner >= 0) return byOwner;
  return Math.max(0, roles.findIndex(hasRole));
}

/** One party with its business_details, and `roles` with one role that the context knows. Spec: 2.1.1 credentials, Credentials. */
export const onePartyCredentials: Bridge = {
  wire: ["business_details", "party_id", "country_code"],
  model: ["roles"],
  up: (wire, run, walk) => ({
    roles: [
      {
        ...(run.context.role !== undefined && { role: run.context.role }),
        business_details: walk("business_details", wire.business_details as JsonValue),
        party_id: wire.party_id,
        country_code: wire.country_code,
      },
    ],
  }),
  down: (object, run, walk) => {
    const roles = Array.isArray(object.roles) ? object.roles : [];
    const index = pick(roles, run.context.role, run.context.owner);
    for (const other of roles.keys()) {
      if (other !== index) {
        run.losses.push({ pointer: `/roles/${other}`, reason: `${run.version} has one party in a connection` });
      }
    }
    const role = roles[index];
    if (!isObject(role)) return {};
    const wire: JsonObject = {};
    for (const field of Object.keys(role)) {
      const value = role[field];
      const pointer = `/roles/${index}/${escapeToken(field)}`;
      if (value === undefined || value === null) continue;
      if (field === "business_details" || field === "party_id" || field === "country_code") {
        wire[field] = walk(field, value, pointer);
      } else {
        run.losses.push({ pointer, reason: field === "role" ? CARRIED : `unknown in ${run.version}` });
      }
    }
    return wire;
  },
};
