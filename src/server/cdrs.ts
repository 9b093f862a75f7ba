import { cdrNamed, idOfCdr, nameOfCdr } from "../gateway/cdrs.ts";
import { ownsModule } from "../gateway/entitlement.ts";
import { moduleOf } from "../gateway/keys.ts";
import { assemble, getObject, putObject } from "../gateway/objects.ts";
import { referencedToken } from "../gateway/references.ts";
import type { JsonObject } from "../lib/json.ts";
import { err, ok } from "../lib/result.ts";
import type { Codec, Fault, Owner } from "../ocpi/codec.ts";
import { lint } from "../ocpi/lint.ts";
import { ownEndpointUrl } from "../ocpi/urls.ts";
import { codecOf } from "../ocpi/versions.ts";
import type { Target } from "../ports/objects.ts";
import type { Partner } from "../ports/partners.ts";
import { actorOf, type Operate } from "./exchange.ts";
import { answerPart } from "./part.ts";
import { acknowledge, clockFindings, writerOf } from "./receiver.ts";
import { ownerOf } from "./translate.ts";

// The Receiver interface of CDRs: a partner posts what is to be paid, and can read it at the URL it was answered with.

/**
 * POST. The first CDR of an id holds for good: the same again is answered as before, another one is refused.
 * Spec: 2.2.1 mod_cdrs, POST Method.
 */
export const postCdr: Operate = async (ports, exchange) => {
  const { route, caller, base, body, now } = exchange;
  const { version, row } = route;
  const codec = codecOf(version, "CDR") as Codec<"CDR">;
  const wire = codec.parse(body);
  if (!wire.ok) return err({ kind: "invalid", faults: wire.error });
  const connection = partyOf(caller.partner, row.module);
  const token = await referencedToken(ports, codec.needsUp(wire.value));
  const context = { origin: version.number, ...(connection && { owner: connection }), ...(token && { token }) };
  const model = codec.up(wire.value, context) as JsonObject;
  const owner = ownerOf(model);
  if (!ownsModule(caller.partner, row.module, owner.country_code, owner.party_id)) {
    const message = `${owner.country_code}*${owner.party_id} is not a party you registered to send CDRs of`;
    return err({ kind: "invalid", faults: [{ pointer: "/party_id", message }] });
  }
  const id = idOfCdr(model);
  if (!id.ok) return err({ kind: "invalid", faults: id.error });
  const target: Target = { module: row.module, ...owner, id: id.value, ciIds: version.dialect.ciIds };
  const done = await putObject(ports, writerOf(exchange), target, model);
  const findings: Fault[] = [
    ...lint(version, row.kind, wire.value),
    ...codec.assumed(wire.value, context),
    ...clockFindings(model, now),
  ];
  const answer = acknowledge(done, findings);
  if (!done.ok || !answer.ok) return answer;
  const url = `${ownEndpointUrl(base, version.number, row, null)}/${nameOfCdr(done.value.object)}`;
  return ok({ ...answer.value, headers: { Location: url } });
};

/** GET, by the URL of the answer to a POST; what another partner posted is as unknown as what nobody did. */
export const getCdr: Operate = async (ports, exchange) => {
  const { row, params } = exchange.route;
  const name = params.cdr_id ?? "";
  const unknown = err({ kind: "unknown_object" as const, message: `There is no CDR at ${name}` });
  const said = cdrNamed(name);
  if (said === null) return unknown;
  const { ciIds } = exchange.route.version.dialect;
  const target: Target = { module: row.module, ...said, ciIds };
  const held = await getObject(ports, actorOf(exchange), target);
  if (!held.ok) return err("stale");
  const object = held.value;
  if (object === null || object.deleted || object.partner !== exchange.caller.partner.id) return unknown;
  return answerPart(ports, exchange, target, assemble(object), object.origin);
};

/** Whose the CDRs of a connection are that cannot say it themselves. */
function partyOf({ roles }: Partner, module: string): Owner | undefined {
  const { owners } = moduleOf(module);
  const party = roles.find(({ role }) => owners.includes(role)) ?? roles[0];
  return party && { country_code: party.country_code, party_id: party.party_id };
}
