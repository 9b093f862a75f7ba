import { ownsModule } from "../gateway/entitlement.ts";
import { DEFAULT_TOKEN_TYPE, refOf } from "../gateway/keys.ts";
import { assemble, deleteObject, getObject, partOf, patchObject, putObject } from "../gateway/objects.ts";
import { stampOf } from "../gateway/stamp.ts";
import { isObject, type JsonObject } from "../lib/json.ts";
import { err, ok, type Result } from "../lib/result.ts";
import type { EVSE } from "../model/locations.ts";
import { idFault } from "../ocpi/alias.ts";
import type { Codec, Fault } from "../ocpi/codec.ts";
import { lint } from "../ocpi/lint.ts";
import { patchObject as mergePatch } from "../ocpi/patch.ts";
import type { Reason } from "../ocpi/status.ts";
import { newest } from "../ocpi/versions.ts";
import type { Applied, StoredObject, Target } from "../ports/objects.ts";
import { type Answer, acknowledged, successText } from "./answer.ts";
import { actorOf, type ModuleExchange, type Operate, type Refusal } from "./exchange.ts";
import { answerPart } from "./part.ts";
import { isAsStored } from "./translate.ts";

// The Receiver interface of client owned objects: a partner writes what is its own, and reads it back.
// Spec: 2.2.1 transport_and_format, Client Owned Objects.

/** GET: the object as we hold it. */
export const getClientOwnedObject: Operate = async (ports, exchange) => {
  const found = targetOf(exchange);
  if (!found.ok) return found;
  const target = found.value;
  const { version } = exchange.route;
  if (version === newest && target.evse_uid === undefined) {
    const row = await ports.objects.getText(actorOf(exchange), refOf(target));
    if (!row.ok) return err("stale");
    if (row.value === null || row.value.partner !== exchange.caller.partner.id) return err(unknown(target));
    if (isAsStored(version, row.value)) return ok(successText(row.value.text));
  }
  const held = await getObject(ports, actorOf(exchange), target);
  if (!held.ok) return err("stale");
  const object = held.value;
  if (object === null || object.deleted || object.partner !== exchange.caller.partner.id) return err(unknown(target));
  return answerPart(ports, exchange, target, assemble(object), object.origin);
};

/** PUT: the whole object, new or in the place of what was there. */
export const putClientOwnedObject: Operate = async (ports, exchange) => {
  const found = targetOf(exchange);
  if (!found.ok) return found;
  const target = found.value;
  const { version, row } = exchange.route;
  const unfit = idFault(version, row.kind, target.connector_id ?? target.evse_uid ?? target.id);
  if (unfit !== undefined) return err({ kind: "invalid", faults: [unfit] });
  const codec = version.codecs[row.kind] as Codec;
  const wire = codec.parse(exchange.body);
  if (!wire.ok) return err({ kind: "invalid", faults: wire.error });
  const model = codec.up(wire.value, { owner: ownerOf(target), origin: version.number });
  const done = await putObject(ports, writerOf(exchange), target, model);
  return acknowledge(done, [...lint(version, row.kind, wire.value), ...clockFindings(model, exchange.now)]);
};

/** PATCH: the fields that change, the others stay. */
export const patchClientOwnedObject: Operate = async (ports, exchange) => {
  const found = targetOf(exchange);
  if (!found.ok) return found;
  const target = found.value;
  const { version, row } = exchange.route;
  const { body } = exchange;
  if (!isObject(body)) return err({ kind: "invalid", faults: [{ pointer: "", message: "must be an object" }] });
  const done = await patchObject(ports, writerOf(exchange), target, (stored, whole) => {
    const context = { owner: ownerOf(target), origin: whole.origin, ...evseOf(target, whole) };
    const merged = mergePatch(version, row.kind, stored as never, body, context);
    if (!merged.ok || (body.last_updated ?? null) !== null) return merged;
    // A change that came without a time gets the gateway's.
    const { last_updated: _, ...untimed } = merged.value as JsonObject;
    return ok(untimed);
  });
  // Whether fields contradict each other cannot be told from some of them.
  const findings = lint(version, row.kind, body).filter(({ rule }) => rule !== "consistency");
  return acknowledge(done, findings);
};

/** The EVSE around a Connector, which some versions need to say one. */
function evseOf(target: Target, whole: StoredObject): { evse?: EVSE } {
  const { connector_id, ...evse } = target;
  if (connector_id === undefined) return {};
  const around = partOf(assemble(whole), evse);
  return around === null ? {} : { evse: around as unknown as EVSE };
}

/** DELETE, where the module has it. */
export const deleteClientOwnedObject: Operate = async (ports, exchange) => {
  const found = targetOf(exchange);
  if (!found.ok) return found;
  return acknowledge(await deleteObject(ports, writerOf(exchange), found.value), []);
};

/** How far ahead of ours a partner's clock may be. */
const CLOCK_SKEW_MS = 24 * 3_600_000;

/** An object from the future is kept, but nothing older will be: worth telling. */
export function clockFindings(model: object, now: number): Fault[] {
  const stamp = stampOf((model as JsonObject).last_updated);
  if (stamp === undefined || stamp.ms <= now + CLOCK_SKEW_MS) return [];
  return [{ pointer: "/last_updated", message: "is more than a day ahead of our clock" }];
}

/** Says of a write that it was taken; and of one that came too late, to the journal. */
export function acknowledge(done: Result<Applied, Refusal>, findings: Fault[]): Result<Answer, Refusal> {
  if (!done.ok) return done;
  const { outcome } = done.value;
  const older: Fault[] = [{ pointer: "/last_updated", message: "is older than what is stored: nothing was changed" }];
  return ok(acknowledged(outcome === "created", outcome === "older" ? [...findings, ...older] : findings));
}

/** The caller, as one who writes in the version of the request. */
export function writerOf(exchange: ModuleExchange) {
  return { actor: actorOf(exchange), partner: exchange.caller.partner, origin: exchange.route.version.number };
}

function ownerOf({ country_code, party_id }: Target) {
  return { country_code, party_id };
}

/** The object a request is about; a party that is not the caller's is as unknown as an object that is not there. */
export function targetOf({ route, caller, url }: ModuleExchange): Result<Target, Reason> {
  const { row, version, params } = route;
  const { country_code = "", party_id = "", location_id, evse_uid, connector_id } = params;
  const target: Target = {
    module: row.module,
    country_code: country_code.toUpperCase(),
    party_id: party_id.toUpperCase(),
    id: location_id ?? params.tariff_id ?? params.token_uid ?? params.session_id ?? "",
    ciIds: version.dialect.ciIds,
  };
  if (evse_uid !== undefined) target.evse_uid = evse_uid;
  if (connector_id !== undefined) target.connector_id = connector_id;
  if (row.query.includes("type")) {
    const types = url.searchParams.getAll("type");
    if (types.length > 1) return err({ kind: "invalid", faults: [{ pointer: "type", message: "is given twice" }] });
    target.type = types[0] ?? DEFAULT_TOKEN_TYPE;
  }
  const isOwner = ownsModule(caller.partner, row.module, target.country_code, target.party_id);
  return isOwner ? ok(target) : err(unknown(target));
}

/** What is not there, and what is not the caller's. */
export function unknown({ module, country_code, party_id, id }: Target): Reason {
  return { kind: "unknown_object", message: `Unknown: ${module}/${country_code}/${party_id}/${id}` };
}
