import { atLeast, type Side, type Version } from "./versions.ts";

/** One thing a platform can be asked: where it stands, what it takes, what it answers, since when and until when. */
export interface Operation {
  module: string;
  side: Side;
  method: string;
  path: string;
  /** Name of the handler. */
  name: string;
  /** Type of the body: `X`, `X~` for a part of it (PATCH), `X?` when it may be left out, `-` for none. */
  body: string;
  /** Type of `data` in the answer: `X`, `X[]`, or `-` when nothing is promised. */
  answer: string;
  since: Version;
  until: Version;
}

const OWNED = "/{country_code}/{party_id}";

// module, side, method, path, handler, body, answer, since, until. A response_url is our own to shape: /{kind}/{uid}.
const ROWS = `
locations         SENDER    GET     /                                            list       -                            Location[]
locations         SENDER    GET     /{location_id}                               read       -                            Location                     2.1.1
locations         SENDER    GET     /{location_id}/{evse_uid}                    read       -                            EVSE                         2.1.1
locations         SENDER    GET     /{location_id}/{evse_uid}/{connector_id}     read       -                            Connector                    2.1.1
locations         RECEIVER  GET     OWNED/{location_id}                          fetch      -                            Location
locations         RECEIVER  GET     OWNED/{location_id}/{evse_uid}               fetch      -                            EVSE
locations         RECEIVER  GET     OWNED/{location_id}/{evse_uid}/{connector_id} fetch     -                            Connector
locations         RECEIVER  PUT     OWNED/{location_id}                          put        Location                     -
locations         RECEIVER  PUT     OWNED/{location_id}/{evse_uid}               put        EVSE                         -
locations         RECEIVER  PUT     OWNED/{location_id}/{evse_uid}/{connector_id} put       Connector                    -
locations         RECEIVER  PATCH   OWNED/{location_id}                          patch      Location~                    -
locations         RECEIVER  PATCH   OWNED/{location_id}/{evse_uid}               patch      EVSE~                        -
locations         RECEIVER  PATCH   OWNED/{location_id}/{evse_uid}/{connector_id} patch     Connector~                   -
tariffs           SENDER    GET     /                                            list       -                            Tariff[]
tariffs           RECEIVER  GET     OWNED/{tariff_id}                            fetch      -                            Tariff
tariffs           RECEIVER  PUT     OWNED/{tariff_id}                            put        Tariff                       -
tariffs           RECEIVER  PATCH   OWNED/{tariff_id}                            patch      Tariff~                      -                            2.0    2.1.1
tariffs           RECEIVER  DELETE  OWNED/{tariff_id}                            remove     -                            -
tokens            SENDER    GET     /                                            list       -                            Token[]
tokens            SENDER    POST    /{token_uid}/authorize                       authorize  LocationReferences?          AuthorizationInfo            2.1.1
tokens            RECEIVER  GET     OWNED/{token_uid}                            fetch      -                            Token
tokens            RECEIVER  PUT     OWNED/{token_uid}                            put        Token                        -
tokens            RECEIVER  PATCH   OWNED/{token_uid}                            patch      Token~                       -
sessions          SENDER    GET     /                                            list       -                            Session[]
sessions          SENDER    PUT     /{session_id}/charging_preferences           prefer     ChargingPreferences          ChargingPreferencesResponse  2.2
sessions          RECEIVER  GET     OWNED/{session_id}                           fetch      -                            Session
sessions          RECEIVER  PUT     OWNED/{session_id}                           put        Session                      -
sessions          RECEIVER  PATCH   OWNED/{session_id}                           patch      Session~                     -
sessions          RECEIVER  DELETE  OWNED/{session_id}                           remove     -                            -                            2.0    2.0
cdrs              SENDER    GET     /                                            list       -                            CDR[]
cdrs              RECEIVER  POST    /                                            bill       CDR                          -
cdrs              RECEIVER  GET     /{cdr_key}                                   billed     -                            CDR
commands          RECEIVER  POST    /{command}                                   command    Command                      CommandResponse              2.1.1
commands          SENDER    POST    /{kind}/{uid}                                result     CommandResult                -                            2.1.1
chargingprofiles  RECEIVER  GET     /{session_id}                                profile    -                            ChargingProfileResponse      2.2
chargingprofiles  RECEIVER  PUT     /{session_id}                                profile    SetChargingProfile           ChargingProfileResponse      2.2
chargingprofiles  RECEIVER  DELETE  /{session_id}                                profile    -                            ChargingProfileResponse      2.2
chargingprofiles  SENDER    POST    /{kind}/{uid}                                result     ChargingProfileResult        -                            2.2
chargingprofiles  SENDER    PUT     /{session_id}                                active     ActiveChargingProfile        -                            2.2
hubclientinfo     SENDER    GET     /                                            list       -                            ClientInfo[]                 2.2
hubclientinfo     RECEIVER  GET     OWNED                                        fetch      -                            ClientInfo                   2.2
hubclientinfo     RECEIVER  PUT     OWNED                                        put        ClientInfo                   -                            2.2`;

/** Every operation of the modules the sandbox speaks, both sides. */
export const OPERATIONS: readonly Operation[] = ROWS.trim()
  .split("\n")
  .map((row) => {
    const [module, side, method, path, name, body, answer, since = "2.0", until = "2.3.0"] = row.split(/\s+/);
    return { module, side, method, path: path?.replace("OWNED", OWNED), name, body, answer, since, until } as Operation;
  });

/** An operation that fits a path, with the values of the path's parameters. */
export interface Match {
  operation: Operation;
  params: Record<string, string>;
}

function paramsOf(template: string, segments: readonly string[]): Record<string, string> | undefined {
  const parts = template.split("/").filter(Boolean);
  if (parts.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    const segment = segments[index] ?? "";
    if (part.startsWith("{")) params[part.slice(1, -1)] = segment;
    else if (part !== segment) return undefined;
  }
  return params;
}

/**
 * Finds what a request asks.
 *
 * @param segments the path after the module's endpoint URL, split and decoded
 * @returns the match; else the methods the path does know (none: no such path)
 */
export function findOperation(
  version: Version,
  module: string,
  side: Side,
  method: string,
  segments: readonly string[],
): Match | { allowed: string[] } {
  const allowed: string[] = [];
  for (const operation of OPERATIONS) {
    if (operation.module !== module || operation.side !== side) continue;
    if (!atLeast(version, operation.since) || !atLeast(operation.until, version)) continue;
    const params = paramsOf(operation.path, segments);
    if (!params) continue;
    if (operation.method === method) return { operation, params };
    allowed.push(operation.method);
  }
  return { allowed };
}
