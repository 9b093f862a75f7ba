import { isObject, type JsonObject } from "../../lib/json.ts";
import { CARRIED, type Fault, type UpContext } from "../codec.ts";
import { rules as v221 } from "../v2_2_1/rules.ts";
import { tokenAsked, typeOfStored } from "../v2_2_1/token.ts";
import { type DownRun, madeUp, type Rules, type UpRun } from "../walker/rules.ts";

const carried = (): string => CARRIED;

/** Owner of a token that this version does not say: as a peer says it all the same, else as it is stored. */
function ownerOfStored(wire: JsonObject, run: UpRun): JsonObject {
  const { country_code, party_id } = wire;
  if (typeof country_code === "string" && typeof party_id === "string") return { country_code, party_id };
  const { token } = run.context;
  return token === undefined ? {} : { country_code: token.country_code, party_id: token.party_id };
}

/** A token whose owner neither the body says nor a stored token. */
function ownerAssumed({ cdr_token: token }: JsonObject, context: UpContext): Fault[] {
  if (!isObject(token) || context.token !== undefined) return [];
  if (typeof token.country_code === "string" && typeof token.party_id === "string") return [];
  return [{ pointer: "/cdr_token", message: "is no token known here: nobody knows whose it is" }];
}

/** A postal code that nobody knows, where readers cannot do without; "-" is one nowhere. */
export function noPostalCode(_: JsonObject, run: DownRun): string {
  madeUp(run, "/postal_code", "-");
  return "-";
}

/** How 2.2 differs from the model beyond what it lacks. */
export const rules: Rules = {
  ...v221,
  classes: {
    ...v221.classes,
    CdrToken: { bridges: [typeOfStored], produce: ownerOfStored, absent: { country_code: carried, party_id: carried } },
    CdrLocation: { fill: { ...v221.classes.CdrLocation?.fill, postal_code: noPostalCode } },
  },
  enums: { ...v221.enums, PowerType: { AC_2_PHASE: "AC_1_PHASE", AC_2_PHASE_SPLIT: "AC_1_PHASE" } },
  needs: {},
  needsUp: { Session: tokenAsked, CDR: tokenAsked },
  assumed: { Session: ownerAssumed, CDR: ownerAssumed },
};
