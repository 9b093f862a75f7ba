import { COMMANDS } from "../gateway/command-types.ts";
import { isObject, type JsonObject } from "../lib/json.ts";
import { err, ok, type Result } from "../lib/result.ts";
import { formatTime } from "../lib/time.ts";
import { withoutBeside } from "../model/beside.ts";
import type { Codec, Fault } from "../ocpi/codec.ts";
import { type PartyRef, sameParty } from "../ocpi/headers.ts";
import { codecOf, newest } from "../ocpi/versions.ts";
import type { CommandType } from "../ports/commands.ts";
import type { Party } from "../ports/partners.ts";
import { isReserved } from "./model-view.ts";

/** Stands in for the URL the gateway sets, while the rest is checked. */
const SOME_URL = "https://gateway.invalid/";

/** What the back office orders, checked: the body as the model says it, and the party it is from. */
export interface ReadOrder {
  body: JsonObject;
  from: PartyRef | null;
}

/**
 * Reads the body of a command as the newest version has it, without response_url. A token is one of our own parties, which the
 * command is then from.
 * @param speaker whom it is from where there is no token; null: not said
 */
export function readOrder(
  type: CommandType,
  input: JsonObject,
  parties: readonly Party[],
  now: number,
  speaker: PartyRef | null = null,
): Result<ReadOrder, Fault[]> {
  const { request } = COMMANDS[type];
  const codec = request === null ? undefined : (codecOf(newest, request) as Codec | undefined);
  if (codec === undefined) throw new Error(`${type} has no body`);
  const body: JsonObject = { ...input, response_url: SOME_URL };
  if (isObject(input.token)) body.token = { last_updated: formatTime(now), ...input.token };
  const parsed = codec.parse(body);
  const faults: Fault[] = parsed.ok ? [] : [...parsed.error];
  for (const name of Object.keys(input)) {
    if (isReserved(name)) faults.push({ pointer: `/${name}`, message: "is a reserved name" });
  }
  if (input.connector_id !== undefined && input.connector_id !== null && (input.evse_uid ?? null) === null) {
    faults.push({ pointer: "/evse_uid", message: "is required with connector_id" });
  }
  const owner = isObject(input.token) ? partyOf(input.token) : null;
  const from = owner ?? speaker;
  if (owner !== null && speaker !== null && !sameParty(owner, speaker)) {
    faults.push({ pointer: "/from", message: "is not the party of the token" });
  }
  if (from !== null && !parties.some((party) => sameParty(party, from))) {
    const pointer = owner === null ? "/from" : "/token/party_id";
    faults.push({ pointer, message: "is not one of our parties" });
  }
  if (!parsed.ok || faults.length > 0) return err(faults);
  // As the model has it, however it was spelt.
  const { response_url: _, ...model } = withoutBeside(codec.up(parsed.value, {}) as JsonObject);
  return ok({ body: model, from });
}

function partyOf({ country_code, party_id }: JsonObject): PartyRef | null {
  if (typeof country_code !== "string" || typeof party_id !== "string") return null;
  return { country_code: country_code.toUpperCase(), party_id: party_id.toUpperCase() };
}

/** The back office's result of a command, as the model says it. */
export function readResult(type: CommandType, input: JsonObject): Result<JsonObject, Fault[]> {
  const codec = codecOf(newest, COMMANDS[type].result) as Codec | undefined;
  if (codec === undefined) throw new Error(`${type} has no result`);
  const parsed = codec.parse(input);
  if (!parsed.ok) return parsed;
  const result = withoutBeside(codec.up(parsed.value, {}) as JsonObject);
  // Spec: 2.2.1 mod_charging_profiles, ActiveChargingProfileResult, `profile`.
  const lacks = type === "GET_CHARGING_PROFILE" && result.result === "ACCEPTED" && !isObject(result.profile);
  return lacks ? err([{ pointer: "/profile", message: "is required with ACCEPTED" }]) : ok(result);
}
