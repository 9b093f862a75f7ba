import type { JsonObject } from "../../lib/json.ts";
import { CARRIED, IMPLIED } from "../codec.ts";
import { noPostalCode, rules as v22 } from "../v2_2/rules.ts";
import { inheritedLastUpdated } from "../v2_3_0/rules.ts";
import { type DownRun, DROP, type Rules, type UpRun } from "../walker/rules.ts";
import { assumed } from "./assumed.ts";
import { creditInRemark, creditReason, locationOfCdr, locationOfCdrNeeds } from "./cdrs.ts";
import { numberedReservation, untimedResponse } from "./commands.ts";
import { impliedRole, onePartyCredentials } from "./credentials.ts";
import { authId, costBeforeTaxes, locationOfSession, locationOfSessionNeeds, tokenOfAuthId } from "./sessions.ts";
import { dropUntoldElement, oneTariff, plainTariff, tariffNeeds, validityReason } from "./tariffs.ts";

/** Owner of an object that does not carry it. Throws (a bug) when the caller did not say. */
function owner(_: JsonObject, run: UpRun): JsonObject {
  if (run.context.owner === undefined) throw new Error("this version needs the owner of the object");
  const { country_code, party_id } = run.context.owner;
  return { country_code, party_id };
}

const carried = (): string => CARRIED;

/** An unpublished Location must not reach anybody through a version that cannot say so. Spec: 2.2.1 mod_locations, publish. */
function publishedOnly(location: JsonObject, run: DownRun): JsonObject | typeof DROP {
  if (location.publish !== false) return location;
  run.reason = `${run.version} has no unpublished Locations`;
  return DROP;
}

/** Opening hours are a choice between always and weekly: "not always" is said by the weekly hours alone. */
function choiceOfHours(hours: JsonObject, run: DownRun): JsonObject {
  if (run.relay || hours.twentyfourseven !== false) return hours;
  if (!Array.isArray(hours.regular_hours) || hours.regular_hours.length === 0) return hours;
  run.losses.push({ pointer: "/twentyfourseven", reason: IMPLIED });
  return { ...hours, twentyfourseven: undefined };
}

/** How 2.1.1 differs from the model beyond what it lacks. */
export const rules: Rules = {
  classes: {
    Endpoint: { produce: impliedRole, absent: { role: carried } },
    Credentials: { bridges: [onePartyCredentials] },
    Location: {
      rename: { type: "parking_type" },
      produce: owner,
      prepare: publishedOnly,
      fill: { type: () => "UNKNOWN", postal_code: noPostalCode, last_updated: inheritedLastUpdated },
      absent: { country_code: carried, party_id: carried, publish: () => IMPLIED },
    },
    Hours: { prepare: choiceOfHours },
    EnvironmentalImpact: { rename: { source: "category" } },
    EVSE: { fill: { last_updated: inheritedLastUpdated } },
    Connector: {
      ...v22.classes.Connector,
      rename: { voltage: "max_voltage", amperage: "max_amperage" },
      bridges: [oneTariff],
    },
    Tariff: {
      produce: owner,
      prepare: plainTariff,
      fill: { last_updated: inheritedLastUpdated },
      absent: {
        country_code: carried,
        party_id: carried,
        type: (type) => (type === "REGULAR" ? IMPLIED : "said as valid for everybody"),
        start_date_time: validityReason,
        end_date_time: validityReason,
        tax_included: (value, _, run) => (value === "NO" ? IMPLIED : `prices are before tax in ${run.version}`),
      },
    },
    TariffElement: { prepare: dropUntoldElement },
    Token: {
      rename: { auth_id: "contract_id" },
      produce: owner,
      fill: { whitelist: () => "NEVER", last_updated: inheritedLastUpdated },
      absent: { country_code: carried, party_id: carried },
    },
    Session: {
      rename: { start_datetime: "start_date_time", end_datetime: "end_date_time" },
      produce: owner,
      bridges: [authId, locationOfSession, costBeforeTaxes],
      fill: { last_updated: inheritedLastUpdated },
      absent: { country_code: carried, party_id: carried },
      beside: v22.classes.Session?.beside,
    },
    CDR: {
      rename: { stop_date_time: "end_date_time" },
      produce: owner,
      bridges: [authId, locationOfCdr, costBeforeTaxes, creditInRemark],
      fill: {
        ...v22.classes.CDR?.fill,
        stop_date_time: (cdr, run) => v22.classes.CDR?.fill?.end_date_time?.(cdr, run),
      },
      absent: {
        country_code: carried,
        party_id: carried,
        credit: creditReason,
        credit_reference_id: creditReason,
      },
      beside: v22.classes.CDR?.beside,
    },
    ReserveNow: { bridges: [numberedReservation] },
    CommandResponse: untimedResponse,
  },
  enums: {
    ...v22.enums,
    ParkingType: { "*": "OTHER" },
    AuthMethod: { COMMAND: "AUTH_REQUEST" },
    SessionStatus: { RESERVATION: "PENDING" },
    CdrDimensionType: {},
    CommandResponseType: {},
    CommandResultType: { "*": "REJECTED" },
  },
  // Spec: 2.1.1 mod_commands, CommandResponseType; 2.2 mod_commands, CommandResponseType, CommandResultType.
  meanings: {
    CommandResponseType: { TIMEOUT: "REJECTED" },
    CommandResultType: { UNKNOWN_SESSION: "FAILED" },
  },
  coordinateDecimals: { min: 6, max: 6 },
  needs: { ...tariffNeeds, Session: locationOfSessionNeeds, CDR: locationOfCdrNeeds },
  needsUp: { Session: tokenOfAuthId, CDR: tokenOfAuthId },
  assumed,
  // 2.1.1-d1 has the bare text.
  bare: { CommandResponse: "read", CommandResult: "read" },
};
