import { atLeast, type Version } from "./versions.ts";

/** A rule between fields that was broken; `pointer` is relative to the object. */
export interface BrokenRule {
  pointer: string;
  message: string;
}

type Given = Record<string, unknown>;
type Check = (given: Given, version: Version) => string | undefined;

function set(value: unknown): boolean {
  return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
}

function list(value: unknown): Given[] {
  return Array.isArray(value) ? (value as Given[]) : [];
}

function repeated(values: unknown[]): unknown {
  return values.find((value, index) => values.indexOf(value) !== index);
}

/** What the field tables cannot say, by object; each check answers what is wrong, or undefined. */
const RULES: Record<string, Record<string, Check>> = {
  Location: {
    "/evses": ({ evses }) => {
      const twice = repeated(list(evses).map(({ uid }) => uid));
      return twice === undefined ? undefined : `two EVSEs share the uid ${String(twice)}`;
    },
    "/parking_places": ({ parking_places, evses }, version) => {
      if (version !== "2.3.0") return undefined;
      const known = list(parking_places).map(({ id }) => id);
      const lost = list(evses)
        .flatMap(({ parking }) => list(parking))
        .find(({ parking_id }) => !known.includes(parking_id));
      return lost && `an EVSE names the parking place ${String(lost.parking_id)}, which is not in the Location`;
    },
  },
  EVSE: {
    "/connectors": ({ connectors }) => {
      const twice = repeated(list(connectors).map(({ id }) => id));
      return twice === undefined ? undefined : `two Connectors share the id ${String(twice)}`;
    },
  },
  Hours: {
    "/regular_hours": ({ twentyfourseven, regular_hours }, version) => {
      if (twentyfourseven === true && set(regular_hours)) return "regular hours contradict twentyfourseven";
      if (twentyfourseven === true || set(regular_hours)) return undefined;
      return atLeast(version, "2.2") || twentyfourseven === undefined
        ? "needs regular_hours or twentyfourseven true"
        : undefined;
    },
  },
  RegularHours: {
    "/period_end": ({ period_begin, period_end }) =>
      typeof period_begin === "string" && typeof period_end === "string" && period_end <= period_begin
        ? "ends before it begins"
        : undefined,
  },
  PublishTokenType: {
    "": ({ uid, visual_number, group_id, type, issuer }) => {
      if (!set(uid) && !set(visual_number) && !set(group_id)) return "needs uid, visual_number or group_id";
      if (set(uid) && !set(type)) return "uid needs type";
      return set(visual_number) && !set(issuer) ? "visual_number needs issuer" : undefined;
    },
  },
  CDR: {
    "/credit_reference_id": ({ credit, credit_reference_id }) =>
      credit === true && !set(credit_reference_id) ? "a credit CDR names the CDR it takes back" : undefined,
    "/id": ({ id, credit }) =>
      credit !== true && typeof id === "string" && id.length > 36
        ? "only the id of a credit CDR may pass 36"
        : undefined,
  },
  START_SESSION: {
    "/connector_id": ({ connector_id, evse_uid }) =>
      set(connector_id) && !set(evse_uid) ? "connector_id needs evse_uid" : undefined,
  },
  Credentials: {
    "/token": ({ token }) =>
      typeof token === "string" && !/^[\x21-\x7e]+$/.test(token)
        ? "a token is printable ASCII without spaces"
        : undefined,
    "/roles": ({ roles }) => {
      const names = list(roles).map((r) => `${String(r.role)} ${String(r.country_code)} ${String(r.party_id)}`);
      const twice = repeated(names.map((name) => name.toUpperCase()));
      return twice === undefined ? undefined : `the role ${String(twice)} is named twice`;
    },
  },
  VersionDetails: {
    "/endpoints": ({ endpoints }, version) => {
      const names = list(endpoints).map(({ identifier, role }) =>
        atLeast(version, "2.2") && identifier !== "credentials" ? `${String(identifier)} ${String(role)}` : identifier,
      );
      const twice = repeated(names);
      if (twice !== undefined) return `${String(twice)} is listed twice`;
      return names.includes("credentials") ? undefined : "credentials are not listed";
    },
  },
};

/**
 * Judges what depends on more than one field.
 *
 * @param partial true for a PATCH body, of which only presence in the outermost object is unknown
 */
export function violationsOfRules(version: Version, type: string, given: Given, partial: boolean): BrokenRule[] {
  if (partial) return [];
  return Object.entries(RULES[type] ?? {}).flatMap(([pointer, check]) => {
    const message = check(given, version);
    return message ? [{ pointer, message }] : [];
  });
}
