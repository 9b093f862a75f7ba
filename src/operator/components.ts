import { toJsonSchema } from "@valibot/to-json-schema";
import type * as v from "valibot";
import { isObject, type JsonObject, type JsonValue } from "../lib/json.ts";
import { CDR } from "../model/cdrs.ts";
import { Connector, EVSE, Location } from "../model/locations.ts";
import { ChargingPreferences, ChargingPreferencesResponse, Session } from "../model/sessions.ts";
import { Tariff } from "../model/tariffs.ts";
import { Token } from "../model/tokens.ts";
import type { Kind } from "../ocpi/codec.ts";
import { codecOf, newest } from "../ocpi/versions.ts";
import type { OwnKind } from "./own-objects.ts";
import { Command } from "./schemas/commands.ts";
import { Health, Problem } from "./schemas/common.ts";
import { Delivery, Event, Message } from "./schemas/evidence.ts";
import {
  Invitation,
  NewPartner,
  Partner,
  PartnerInput,
  PartnerPatch,
  Party,
  PartyInput,
  Pull,
} from "./schemas/partners.ts";
import { GatewaySettings, GatewaySettingsPatch } from "./schemas/settings.ts";
import { NewWebhook, Webhook, WebhookInput, WebhookPatch } from "./schemas/webhooks.ts";
import type { Schema } from "./table.ts";

// Schemas as JSON Schema 2020-12, which is what OpenAPI 3.1 speaks.

/** Schemas that have a name in the document; rows that use them refer to it. */
const named: Record<string, Schema> = {
  Health,
  Problem,
  Party,
  PartyInput,
  Partner,
  NewPartner,
  Invitation,
  PartnerInput,
  PartnerPatch,
  Pull,
  Location,
  EVSE,
  Connector,
  Tariff,
  Token,
  Session,
  CDR,
  ChargingPreferences,
  ChargingPreferencesResponse,
  ActiveChargingProfile: schemaNamed("ActiveChargingProfile"),
  Event,
  Delivery,
  Message,
  Command,
  GatewaySettings,
  GatewaySettingsPatch,
  Webhook,
  NewWebhook,
  WebhookInput,
  WebhookPatch,
};

/** The schema of a kind that the newest version has. */
function schemaNamed(kind: Kind): Schema {
  const codec = codecOf(newest, kind);
  if (codec === undefined) throw new Error(`OCPI ${newest.number} has no ${kind}`);
  return codec.schema;
}

const ownKinds: readonly OwnKind[] = ["Location", "EVSE", "Connector", "Tariff", "Token", "Session"];
/** What the URL says, or the gateway sets: the newest version requires it, the operator's body need not have it. */
const spared: ReadonlySet<string> = new Set(["last_updated", "tax_included", "country_code", "party_id"]);
/** The same where there is no URL that says anything. */
const timesAndTaxes: ReadonlySet<string> = new Set(["last_updated", "tax_included"]);

/** A schema as it stands in the document, with references to {@link named} ones. */
export function schemaOf(schema: Schema): JsonObject {
  return convert(schema);
}

/** All schemas that have a name. */
export function components(): Record<string, JsonObject> {
  const result: Record<string, JsonObject> = {};
  for (const [name, schema] of Object.entries(named)) result[name] = convert(schema, name);
  for (const kind of ownKinds) {
    const input = spare(
      convert(newest.codecs[kind].schema as Schema, `${kind}Input`),
      kind === "Token" ? "uid" : kind === "EVSE" ? "uid" : "id",
    );
    result[`${kind}Input`] = {
      ...input,
      description: `A ${kind} as the newest version has it; what the URL says may be left out.`,
    };
    result[`${kind}Patch`] = { type: "object", description: `A merge patch (RFC 7396) for a ${kind}.` };
  }
  const cdr = spare(convert(newest.codecs.CDR.schema as Schema, "CDRInput"), undefined, timesAndTaxes);
  result.CDRInput = { ...cdr, description: "A CDR as the newest version has it." };
  return result;
}

/** @param self name of the schema itself, which would otherwise become a reference to itself */
function convert(schema: Schema, self?: string): JsonObject {
  const definitions = Object.fromEntries(Object.entries(named).filter(([name]) => name !== self));
  const converted = toJsonSchema(schema as v.GenericSchema, {
    target: "draft-2020-12",
    typeMode: "input",
    errorMode: "ignore",
    definitions,
    overrideRef: ({ referenceId }) => `#/components/schemas/${referenceId}`,
  }) as unknown as JsonObject;
  const { $schema: _, $defs: __, ...rest } = converted;
  return spoken(rest) as JsonObject;
}

/**
 * Says in words of JSON Schema what the leaves of the model carry as metadata. Lengths are told, not asserted: an
 * over-long text of a partner is kept and shown. So are the values of an enum that may grow.
 */
function spoken(value: JsonValue | undefined): JsonValue {
  if (Array.isArray(value)) return value.map(spoken);
  if (!isObject(value)) return value ?? null;
  if (typeof value.leaf !== "string") {
    const { class: name, ...rest } = value;
    const kept = typeof name === "string" ? rest : value;
    return Object.fromEntries(Object.entries(kept).map(([key, part]) => [key, spoken(part)]));
  }
  const { leaf, max, ci: isCi, over: _, pattern: __, values, enum: ___, open: isOpen, integer: isInt, ...rest } = value;
  const told = [
    ...(isCi === true ? ["Printable ASCII, case does not matter"] : []),
    ...(typeof max === "number" ? [`At most ${max} ${leaf === "number" ? "digits" : "characters"}`] : []),
  ];
  return {
    ...rest,
    ...(isInt === true ? { type: "integer" } : {}),
    ...(leaf === "date" ? { format: "date-time" } : {}),
    ...(Array.isArray(values) ? { [isOpen === true ? "examples" : "enum"]: values } : {}),
    ...(told.length > 0 ? { description: told.join(". ") } : {}),
  };
}

/** Drops from `required` what the operator may leave out: the object's own id, and at every depth these names. */
function spare(schema: JsonObject, ownId?: string, names = spared): JsonObject {
  const result: JsonObject = {};
  for (const [name, value] of Object.entries(schema)) {
    if (name === "required" && Array.isArray(value)) {
      const required = value.filter((field) => !names.has(String(field)) && field !== ownId);
      if (required.length > 0) result.required = required;
    } else result[name] = spareWithin(value, names);
  }
  return result;
}

function spareWithin(value: JsonValue | undefined, names: ReadonlySet<string>): JsonValue | undefined {
  if (Array.isArray(value)) return value.map((item) => spareWithin(item, names) ?? null);
  return isObject(value) ? spare(value, undefined, names) : value;
}
