import { callPartner, endpointOf } from "../client/request.ts";
import type { JsonObject } from "../lib/json.ts";
import { err, ok, type Result } from "../lib/result.ts";
import type { Codec, Fault, Kind } from "../ocpi/codec.ts";
import type { Endpoint, Operation } from "../ocpi/endpoints.ts";
import { type PartyRef, sameParty } from "../ocpi/headers.ts";
import { hasInterface } from "../ocpi/interfaces.ts";
import { lint } from "../ocpi/lint.ts";
import { classShape } from "../ocpi/shape.ts";
import type { Reason } from "../ocpi/status.ts";
import { findEndpoint, ownEndpointUrl } from "../ocpi/urls.ts";
import { codecOf, newest, type Version, versionByNumber } from "../ocpi/versions.ts";
import type { Command, CommandType, SessionName } from "../ports/commands.ts";
import type { Partner } from "../ports/partners.ts";
import type { Ports } from "../ports.ts";
import { answerEvent } from "./command-answers.ts";
import { COMMANDS, isLookedFor, keysOfCommand } from "./command-types.ts";
import { rolesAs } from "./entitlement.ts";
import { speakerFor } from "./speaker.ts";

// Commands that we send, as eMSP or SCSP.

/** How long a partner may take to answer a command at once, ms. */
const ANSWER_MS = 30_000;
/** When a command whose sending a crash cut off is given up, ms after it began. */
const GIVEN_UP_MS = ANSWER_MS + 15_000;

type SendPorts = Pick<
  Ports,
  "clock" | "ids" | "secrets" | "fetcher" | "journal" | "parties" | "partners" | "commands" | "objects" | "log"
>;

/** A command to be sent. */
export interface Order {
  type: CommandType;
  /** The partner's party. */
  to: PartyRef;
  /** Our party; null: not said, see {@link speakerFor}. */
  from: PartyRef | null;
  /** Model object without response_url: of the type's request, or (GET, DELETE of a charging profile) its parameters. */
  body: JsonObject;
  /** The session it is about, where there is one: its id is in the URL of a charging profile. */
  session?: SessionName;
}

/** The registered partner behind a party. One D1 call. */
export async function partnerBehind(
  ports: Pick<Ports, "partners">,
  to: PartyRef,
  type: CommandType,
): Promise<Result<Partner, Reason>> {
  const name = `${to.country_code}*${to.party_id}`.toUpperCase();
  const partners = await ports.partners.registered();
  const behind = partners.filter(({ roles }) => roles.some((role) => sameParty(role, to)));
  const { module } = COMMANDS[type];
  const fits = behind.find((partner) => hasInterface(rolesAs(partner, to), module, "RECEIVER"));
  if (fits !== undefined) return ok(fits);
  if (behind.length === 0)
    return err({ kind: "unknown_receiver", message: `No registered partner has the party ${name}` });
  return err({ kind: "invalid", faults: [{ pointer: "/to", message: `${name} does not take ${module}` }] });
}

/** How a partner is asked: the row of its version, and its codec for what is said. */
interface Way {
  version: Version;
  row: Endpoint;
}

const OPERATIONS: Readonly<Record<CommandType, Operation>> = {
  START_SESSION: "postCommand",
  STOP_SESSION: "postCommand",
  RESERVE_NOW: "postCommand",
  CANCEL_RESERVATION: "postCommand",
  UNLOCK_CONNECTOR: "postCommand",
  SET_CHARGING_PROFILE: "putChargingProfile",
  GET_CHARGING_PROFILE: "getChargingProfile",
  CLEAR_CHARGING_PROFILE: "deleteChargingProfile",
};

function wayTo(partner: Partner, type: CommandType): Result<Way, Reason> {
  const { module, request, response } = COMMANDS[type];
  const version = versionByNumber(partner.version ?? "");
  const said = version === undefined ? [] : [request ?? response, response].map((kind) => codecOf(version, kind));
  const operation = OPERATIONS[type];
  const row = version && findEndpoint(version.endpoints, { module, role: "RECEIVER", operation });
  if (version === undefined || row === undefined || said.includes(undefined)) {
    const message = `${partner.name} is connected by OCPI ${partner.version}, which has no ${type}`;
    return err({ kind: "not_representable", message });
  }
  if (endpointOf(partner, module, "RECEIVER") === null) {
    return err({ kind: "no_matching_endpoints", message: `${partner.name} offers no ${module}` });
  }
  return ok({ version, row });
}

/**
 * Sends a command to a partner, and returns it as it stands after the partner's answer. Kept before it is sent, so that a result
 * finds it whatever becomes of us. Two Durable Object calls; one D1 call for what sessions are tied to, another when that is refused or not
 * answered, and what {@link speakerFor} costs.
 * @param base where partners reach this gateway
 */
export async function sendCommand(
  ports: SendPorts,
  partner: Partner,
  order: Order,
  base: string,
): Promise<Result<Command, Reason>> {
  const way = wayTo(partner, order.type);
  if (!way.ok) return way;
  const { version, row } = way.value;
  const from = order.from ?? (await speakerFor(ports, partner, order));
  const command = newCommand(ports, partner, { ...order, from }, version);
  const { module, request } = COMMANDS[order.type];
  const sender = ownEndpointUrl(base, version.number, { module, role: "SENDER" }, null);
  const responseUrl = `${sender}/${order.type}/${command.id}`;
  const { body } = command;
  // What cannot be said to this partner is told before anything is kept.
  const said = request === null ? null : codecOf(version, request);
  const down = (said as Codec | null | undefined)?.down({ ...body, response_url: responseUrl } as never, {
    origin: newest.number,
  });
  if (down?.refused) {
    return err({ kind: "not_representable", message: `${down.refused.pointer || "/"} ${down.refused.reason}` });
  }
  const faults = request === null ? [] : nameFaults(version, request, body, down?.wire);
  if (faults.length > 0) return err({ kind: "invalid", faults });

  await Promise.all([
    ports.commands.open(command, []),
    isLookedFor(command) ? ports.commands.remember(keysOfCommand(command)) : null,
  ]);
  const call = await callPartner(ports, partner, {
    row,
    params: { command: order.type, session_id: order.session?.id ?? "" },
    ...(down === undefined ? { query: queryOf(body, responseUrl) } : { wire: down.wire, losses: down.losses }),
    to: order.to,
    ...(from === null ? {} : { from }),
    correlationId: command.correlation_id,
    timeoutMs: ANSWER_MS,
  });
  const event = answerEvent(version, COMMANDS[order.type], call);
  const stepped = await ports.commands.step(command.id, { direction: "out" }, event);
  const answered = stepped?.command ?? command;
  if (isLookedFor(command)) await noteFailure(ports, answered);
  return ok(answered);
}

/** What failed is not, or less, looked for. It was sent all the same: that this cannot be noted is no reason to have it sent again. */
async function noteFailure({ commands, log }: Pick<Ports, "commands" | "log">, { id, status }: Command): Promise<void> {
  try {
    if (status === "REJECTED") await commands.forget(id);
    if (status === "FAILED") await commands.doubt(id);
  } catch (error) {
    log.write("warn", "a session may be tied to a command that failed", { id, status, error: String(error) });
  }
}

/** Fields that name what is the partner's. */
const NAMES = ["location_id", "evse_uid", "connector_id", "session_id"];

/** What is the partner's goes by the name the partner has given it: one that its version cannot say is a mistake. */
function nameFaults(version: Version, kind: Kind, body: JsonObject, wire: JsonObject | undefined): Fault[] {
  const long = lint(version, kind, wire).filter(({ rule }) => rule === "length");
  return NAMES.filter((name) => typeof body[name] === "string" && typeof wire?.[name] === "string").flatMap((name) => {
    const isSaid = wire?.[name] === body[name] && !long.some(({ pointer }) => pointer === `/${name}`);
    return isSaid ? [] : [{ pointer: `/${name}`, message: `is longer than OCPI ${version.number} allows` }];
  });
}

/** GET and DELETE of a charging profile say all in the query. Spec: 2.2.1 mod_charging_profiles, Receiver interface. */
function queryOf(body: JsonObject, responseUrl: string): Record<string, string> {
  return { ...(body.duration === undefined ? {} : { duration: String(body.duration) }), response_url: responseUrl };
}

function newCommand(ports: Pick<Ports, "clock" | "ids">, partner: Partner, order: Order, version: Version): Command {
  const { type, session } = order;
  const now = ports.clock.now();
  const id = commandId(ports);
  return {
    id,
    type,
    direction: "out",
    partner: partner.id,
    body: referenced(order, version, id),
    response_url: null,
    from: order.from,
    to: order.to,
    correlation_id: ports.ids.uuid(),
    status: "SENDING",
    response: null,
    result: null,
    late: false,
    later: [],
    error: null,
    session: session ?? null,
    created_at: now,
    expires_at: now + GIVEN_UP_MS,
  };
}

/** A name nobody can guess: 22 characters, more than 128 bits. */
export const commandId = ({ ids }: Pick<Ports, "ids">): string => ids.token().slice(-22);

/**
 * A start that the back office gave no reference gets one, where the version can say it: of two commands for one EVSE at once it
 * alone tells whose session comes. Spec: 2.2 mod_commands, StartSession, `authorization_reference`.
 */
function referenced({ type, body }: Order, version: Version, id: string): JsonObject {
  const { request } = COMMANDS[type];
  const codec = request === null ? undefined : codecOf(version, request);
  if (codec === undefined || (body.authorization_reference ?? null) !== null) return body;
  const { fields } = classShape(codec.schema);
  return fields.has("authorization_reference") ? { ...body, authorization_reference: id } : body;
}
