import { takePreferences } from "../gateway/charging-preferences.ts";
import { visibility } from "../gateway/entitlement.ts";
import { assemble } from "../gateway/objects.ts";
import { referencedToken } from "../gateway/references.ts";
import { changeSession, getSession } from "../gateway/sessions.ts";
import { isObject, type JsonObject } from "../lib/json.ts";
import { err, ok } from "../lib/result.ts";
import type { ChargingPreferences } from "../model/sessions.ts";
import { idFault } from "../ocpi/alias.ts";
import type { Codec } from "../ocpi/codec.ts";
import { lint } from "../ocpi/lint.ts";
import { codecOf } from "../ocpi/versions.ts";
import type { Target } from "../ports/objects.ts";
import type { SessionChange } from "../ports/sessions.ts";
import { success } from "./answer.ts";
import { actorOf, type Operate } from "./exchange.ts";
import { answerPart } from "./part.ts";
import { acknowledge, clockFindings, targetOf, unknown, writerOf } from "./receiver.ts";

// Sessions: what partners that are CPOs tell us of theirs, and what partners that are eMSPs wish of ours.

/** GET: the session as we hold it, whatever of it is in the database yet. */
export const getOwnSession: Operate = async (ports, exchange) => {
  const found = targetOf(exchange);
  if (!found.ok) return found;
  const held = await getSession(ports, actorOf(exchange), found.value);
  if (!held.ok) return err("stale");
  const object = held.value;
  if (object === null || object.deleted || object.partner !== exchange.caller.partner.id)
    return err(unknown(found.value));
  return answerPart(ports, exchange, found.value, assemble(object), object.origin);
};

/** PUT: the whole session, its periods in the place of those before. Spec: 2.2.1 mod_sessions, PUT. */
export const putSession: Operate = async (ports, exchange) => {
  const found = targetOf(exchange);
  if (!found.ok) return found;
  const { version, row } = exchange.route;
  const unfit = idFault(version, row.kind, found.value.id);
  if (unfit !== undefined) return err({ kind: "invalid", faults: [unfit] });
  const codec = codecOf(version, "Session") as Codec<"Session">;
  const wire = codec.parse(exchange.body);
  if (!wire.ok) return err({ kind: "invalid", faults: wire.error });
  const token = await referencedToken(ports, codec.needsUp(wire.value));
  const context = { owner: ownerOf(found.value), origin: version.number, ...(token && { token }) };
  const model = codec.up(wire.value, context) as JsonObject;
  const done = await changeSession(ports, writerOf(exchange), found.value, { kind: "put", model });
  return acknowledge(done, [
    ...lint(version, row.kind, wire.value),
    ...codec.assumed(wire.value, context),
    ...clockFindings(model, exchange.now),
  ]);
};

/** PATCH: fields that change, and from 2.2 on further periods. Spec: 2.2.1 mod_sessions, PATCH. */
export const patchSession: Operate = async (ports, exchange) => {
  const found = targetOf(exchange);
  if (!found.ok) return found;
  const { version, row } = exchange.route;
  const { body } = exchange;
  if (!isObject(body)) return err({ kind: "invalid", faults: [{ pointer: "", message: "must be an object" }] });
  const codec = codecOf(version, "Session") as Codec<"Session">;
  const token = await referencedToken(ports, codec.needsUp(body));
  const context = { owner: ownerOf(found.value), origin: version.number, ...(token && { token }) };
  const change: SessionChange = { kind: "patch", version: version.number, body, context };
  const done = await changeSession(ports, writerOf(exchange), found.value, change);
  return acknowledge(done, [
    ...lint(version, row.kind, body).filter(({ rule }) => rule !== "consistency"),
    ...codec.assumed(body, context),
  ]);
};

/** DELETE, which only 2.0 has. */
export const deleteSession: Operate = async (ports, exchange) => {
  const found = targetOf(exchange);
  if (!found.ok) return found;
  return acknowledge(await changeSession(ports, writerOf(exchange), found.value, { kind: "delete" }), []);
};

/**
 * PUT of what a driver wishes of a session of ours; answered at once, by what the EVSE can do, and told to the back office.
 * Spec: 2.2.1 mod_sessions, Sender interface, PUT.
 */
export const putChargingPreferences: Operate = async (ports, exchange) => {
  const { row, version, params } = exchange.route;
  const { partner } = exchange.caller;
  const seen = visibility(partner, row.module, await ports.parties.list());
  const id = params.session_id ?? "";
  if (seen === null) return err({ kind: "unknown_object", message: `There is no Session ${id}` });
  const codec = codecOf(version, "ChargingPreferences") as Codec<"ChargingPreferences">;
  const wire = codec.parse(exchange.body);
  if (!wire.ok) return err({ kind: "invalid", faults: wire.error });
  const preferences = codec.up(wire.value, { origin: version.number }) as ChargingPreferences;
  // Those of another partner are not ours to promise anything of.
  const found = await ports.objects.find(actorOf(exchange), row.module, id, { ...seen, relayed: false });
  if (!found.ok) return err("stale");
  if (found.value === null) return err({ kind: "unknown_object", message: `There is no Session ${id}` });
  const taken = await takePreferences(ports, partner, found.value, preferences);
  return taken.ok ? ok(success(taken.value)) : taken;
};

const ownerOf = ({ country_code, party_id }: Target) => ({ country_code, party_id });
