import type { JsonObject, JsonValue } from "../../lib/json.ts";
import { characters } from "../alias.ts";
import { CARRIED } from "../codec.ts";
import { rules as v211 } from "../v2_1_1/rules.ts";
import { type Bridge, type ClassRules, type DownRun, DROP, type Rules } from "../walker/rules.ts";
import { totalUsage } from "./cdrs.ts";

const carried = (): string => CARRIED;

/** Rules of 2.1.1 for a class, and that last_updated is the time of receipt here. */
const undated = (rules: ClassRules | undefined): ClassRules => ({
  ...rules,
  absent: { ...rules?.absent, last_updated: carried },
});

/** Status of a connector, which later versions know of the whole EVSE only. Spec: 2.0 mod_locations, Connector. */
function statusOfEvse(_: JsonObject, run: DownRun): JsonValue {
  return (run.parents.at(-2)?.status ?? run.context.evse?.status ?? "UNKNOWN") as JsonValue;
}

/** `allow_whitelist` is two of the four values of `whitelist`. Spec: 2.0 mod_tokens, Token. */
const allowWhitelist: Bridge = {
  wire: ["allow_whitelist"],
  model: ["whitelist"],
  up: ({ allow_whitelist: allow }) => ({
    whitelist: typeof allow === "boolean" ? (allow ? "ALLOWED" : "NEVER") : allow,
  }),
  down: ({ whitelist }, run) => {
    if (typeof whitelist !== "string") return run.relay && whitelist === null ? { allow_whitelist: null } : {};
    if (whitelist !== "ALLOWED" && whitelist !== "NEVER") {
      run.losses.push({ pointer: "/whitelist", reason: `${whitelist} is said as allow_whitelist in ${run.version}` });
    }
    return { allow_whitelist: whitelist !== "NEVER" };
  },
};

/** An RFID card is read by its uid: no other name would do, and the charger would never see it. Spec: 2.0 mod_tokens, Token. */
function readableToken(token: JsonObject, run: DownRun): JsonObject | typeof DROP {
  const { uid, type } = token;
  if (run.relay || type !== "RFID" || typeof uid !== "string" || characters(uid) <= 15) return token;
  run.reason = `the uid of an RFID card is longer than the 15 characters of ${run.version}`;
  return DROP;
}

/** How 2.0 differs from the model beyond what it lacks. */
export const rules: Rules = {
  ...v211,
  classes: {
    ...v211.classes,
    Location: undated(v211.classes.Location),
    EVSE: undated(v211.classes.EVSE),
    Connector: {
      ...undated(v211.classes.Connector),
      fill: { status: statusOfEvse },
    },
    Tariff: undated(v211.classes.Tariff),
    // A cost not known yet has to be said as none.
    Session: { ...undated(v211.classes.Session), fill: { total_cost: () => 0 } },
    CDR: {
      ...undated(v211.classes.CDR),
      bridges: [...(v211.classes.CDR?.bridges ?? []), totalUsage],
    },
    Token: {
      ...undated(v211.classes.Token),
      prepare: readableToken,
      bridges: [allowWhitelist],
      fill: { visual_number: ({ contract_id }) => [...String(contract_id)].slice(0, 64).join("") },
    },
  },
};
