import { isObject, type JsonObject } from "../../lib/json.ts";
import type { Fault, Kind, UpContext } from "../codec.ts";
import type { Rules } from "../walker/rules.ts";
import { firstOf } from "./sessions.ts";

// What the way up takes for granted in Sessions and CDRs: later versions want to know more than is said here.

const countOf = (list: unknown): number => (Array.isArray(list) ? list.filter(isObject).length : 0);

/** The token of an `auth_id` that no stored one has. */
function ofToken({ auth_id }: JsonObject, { token }: UpContext): Fault[] {
  if (typeof auth_id !== "string" || token !== undefined) return [];
  return [{ pointer: "/auth_id", message: "names no token known here: taken for uid and contract, of type OTHER" }];
}

/** Which EVSE and connector of the contained Location were used. A body that is a PATCH may have none, or be of any form. */
function ofPlace({ location }: JsonObject, kind: Kind): Fault[] {
  if (!isObject(location)) return [];
  const evse = firstOf(location.evses);
  if (evse === undefined) return [{ pointer: "/location/evses", message: "names no EVSE: taken for #NA" }];
  const faults: Fault[] = [];
  const connectors = "/location/evses/0/connectors";
  if (countOf(location.evses) > 1)
    faults.push({ pointer: "/location/evses", message: "are several: the first is taken for the one used" });
  if (kind === "CDR" && typeof evse.evse_id !== "string")
    faults.push({ pointer: "/location/evses/0/evse_id", message: "is not said: taken for #NA" });
  const count = countOf(evse.connectors);
  if (count === 0) faults.push({ pointer: connectors, message: "names no connector: taken for #NA" });
  if (count > 1) faults.push({ pointer: connectors, message: "are several: the first is taken for the one used" });
  return faults;
}

const assumedOf =
  (kind: Kind) =>
  (wire: JsonObject, context: UpContext): Fault[] => [...ofToken(wire, context), ...ofPlace(wire, kind)];

/** What is assumed of bodies that name a token by its `auth_id` and contain their Location. Spec: 2.1.1 mod_sessions, mod_cdrs. */
export const assumed: Rules["assumed"] = { Session: assumedOf("Session"), CDR: assumedOf("CDR") };
