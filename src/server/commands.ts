import { tellProfile } from "../gateway/charging-profiles.ts";
import { takeResult } from "../gateway/command-replies.ts";
import { COMMANDS, commandNamed, spokenTo } from "../gateway/command-types.ts";
import { type Response, receiveCommand } from "../gateway/received-commands.ts";
import type { JsonObject } from "../lib/json.ts";
import { err, ok, type Result } from "../lib/result.ts";
import type { Codec, Fault } from "../ocpi/codec.ts";
import { hasInterface, interfacesOf } from "../ocpi/interfaces.ts";
import { lint } from "../ocpi/lint.ts";
import type { Reason } from "../ocpi/status.ts";
import { codecOf, newest } from "../ocpi/versions.ts";
import type { CommandType } from "../ports/commands.ts";
import type { Ports } from "../ports.ts";
import { type Answer, acknowledged, success, successText } from "./answer.ts";
import type { ModuleExchange, Operate, Refusal } from "./exchange.ts";

// Commands and charging profiles: what partners ask of us as CPO, and their results for what we asked as eMSP.

/** POST of a command. Spec: 2.1.1 and later mod_commands, Receiver interface. */
export const postCommand: Operate = async (ports, exchange) => {
  const { version, params } = exchange.route;
  if (!isFor(exchange, "RECEIVER")) return err(notShared(exchange));
  const type = commandNamed(params.command ?? "");
  // CommandType is an open enum: what nobody here knows is not supported.
  const codec = type && (codecOf(version, COMMANDS[type].request ?? "StartSession") as Codec | undefined);
  if (type === undefined || codec === undefined) {
    return answerResponse(exchange, "START_SESSION", {
      response: { result: "NOT_SUPPORTED", timeout: 0 },
      unknownLocation: false,
      message: null,
    });
  }
  const wire = codec.parse(exchange.body);
  if (!wire.ok) return err({ kind: "invalid", faults: wire.error });
  return receive(
    ports,
    exchange,
    type,
    codec.up(wire.value, { owner: ownerOf(exchange), origin: version.number }) as JsonObject,
    lint(version, codec.kind, wire.value),
  );
};

/** GET, PUT, DELETE of a session's charging profile. Spec: 2.2 and later mod_charging_profiles, Receiver interface. */
export const getChargingProfile: Operate = async (ports, exchange) => {
  const text = exchange.url.searchParams.get("duration") ?? "";
  if (!/^\d{1,9}$/.test(text))
    return err(fault("duration", text === "" ? "is required" : "is not a number of seconds"));
  const body = { duration: Number(text), response_url: exchange.url.searchParams.get("response_url") };
  return receive(ports, exchange, "GET_CHARGING_PROFILE", body, []);
};

export const deleteChargingProfile: Operate = async (ports, exchange) =>
  receive(
    ports,
    exchange,
    "CLEAR_CHARGING_PROFILE",
    { response_url: exchange.url.searchParams.get("response_url") },
    [],
  );

export const putChargingProfile: Operate = async (ports, exchange) => {
  const { version } = exchange.route;
  const codec = codecOf(version, "SetChargingProfile");
  if (codec === undefined) return err(notShared(exchange));
  const wire = codec.parse(exchange.body);
  if (!wire.ok) return err({ kind: "invalid", faults: wire.error });
  const body = codec.up(wire.value, { origin: version.number }) as JsonObject;
  return receive(ports, exchange, "SET_CHARGING_PROFILE", body, lint(version, "SetChargingProfile", wire.value));
};

async function receive(
  ports: Ports,
  exchange: ModuleExchange,
  type: CommandType,
  said: JsonObject,
  findings: Fault[],
): Promise<Result<Answer, Refusal>> {
  if (!isFor(exchange, "RECEIVER")) return err(notShared(exchange));
  const { response_url, ...body } = said;
  const { caller, base, ids, routing, route } = exchange;
  const { session_id } = route.params;
  const received = await receiveCommand(ports, {
    partner: caller.partner,
    version: route.version,
    type,
    body,
    response_url,
    ...(session_id === undefined ? {} : { session_id }),
    routing,
    ids,
    base,
  });
  return received.ok ? answerResponse(exchange, type, received.value, findings) : received;
}

/** A response in the caller's version; with 2003 and HTTP 200 where the Location is unknown. Spec: 2.2.1 mod_commands, flows. */
function answerResponse(
  { route, caller }: ModuleExchange,
  type: CommandType,
  { response, unknownLocation, message }: Response,
  findings: Fault[] = [],
): Result<Answer, Refusal> {
  const codec = codecOf(route.version, COMMANDS[type].response) as Codec | undefined;
  const down = codec?.down(response as never, { origin: newest.number });
  if (codec === undefined || down === undefined || down.refused) {
    return err({ kind: "not_representable", message: `OCPI ${route.version.number} has no ${type}` });
  }
  const { losses } = down;
  const data = JSON.stringify(spokenTo(caller.partner, route.version, codec.body(down.wire)));
  if (!unknownLocation) return ok(successText(data, { losses, findings }));
  return ok({ http: 200, head: { code: 2003, message: message ?? "Unknown Location" }, data, losses, findings });
}

/**
 * POST of the result of a command, or of a charging profile's request: by the partner it was asked of, at the URL that was given for it. A
 * second result changes nothing. Spec: 2.1.1 and later mod_commands, 2.2 and later mod_charging_profiles, Sender interface.
 */
export const postCommandResult: Operate = async (ports, exchange) => {
  const { route, caller, body } = exchange;
  const { version, params, row } = route;
  const { command: type = "", command_id: id = "" } = params;
  const kind = (COMMANDS as Record<string, (typeof COMMANDS)[CommandType] | undefined>)[type];
  const unknown: Reason = { kind: "unknown_object", message: `There is no command ${type}/${id}` };
  if (kind === undefined || kind.module !== row.module || !/^[A-Za-z0-9_-]{22}$/.test(id)) return err(unknown);
  const codec = codecOf(version, kind.result) as Codec | undefined;
  if (codec === undefined) return err(unknown);
  // Nothing below asks whether the partner is still who it was.
  const current = await ports.partners.get(caller.partner.id);
  if (current?.epoch !== caller.partner.epoch) return err("stale");
  const wire = codec.parse(body);
  if (!wire.ok) return err({ kind: "invalid", faults: wire.error });
  const result = codec.up(wire.value, { origin: version.number }) as JsonObject;
  const done = await takeResult(ports, id, { partner: caller.partner.id, type: type as CommandType }, result);
  if (done === null) return err(unknown);
  const repeated: Fault[] = [{ pointer: "", message: "is not the first result: nothing was changed" }];
  return ok(success(undefined, { findings: done.outcome === "unchanged" ? repeated : [] }));
};

/** PUT of the profile a session of the partner is under now. Spec: 2.2 and later mod_charging_profiles, Sender interface, PUT. */
export const putActiveChargingProfile: Operate = async (ports, exchange) => {
  const { route, caller, body } = exchange;
  const { version, params } = route;
  const codec = codecOf(version, "ActiveChargingProfile");
  if (codec === undefined) return err(notShared(exchange));
  const wire = codec.parse(body);
  if (!wire.ok) return err({ kind: "invalid", faults: wire.error });
  const profile = codec.up(wire.value, { origin: version.number }) as JsonObject;
  const told = await tellProfile(ports, caller.partner, params.session_id ?? "", profile, version.dialect.ciIds);
  if (!told.ok) return told;
  return ok(acknowledged(false, lint(version, "ActiveChargingProfile", wire.value)));
};

/** Whether the caller plays the other part of this interface, and the module is shared with it. */
function isFor({ caller: { partner }, route: { row } }: ModuleExchange, ours: "SENDER" | "RECEIVER"): boolean {
  if (partner.settings.modules?.includes(row.module) === false) return false;
  const roles = [...partner.roles.map(({ role }) => role), ...(partner.side === null ? [] : [partner.side])];
  return hasInterface(roles, row.module, ours === "SENDER" ? "RECEIVER" : "SENDER");
}

function notShared({ route }: ModuleExchange): Reason {
  return { kind: "unknown_path", message: `The module ${route.row.module} is not shared with this connection` };
}

const fault = (pointer: string, message: string): Reason => ({ kind: "invalid", faults: [{ pointer, message }] });

/** The party a token without an owner belongs to: that of the connection. */
function ownerOf({ caller: { partner } }: ModuleExchange) {
  const party = partner.roles.find(({ role }) => interfacesOf(role, "tokens").includes("SENDER")) ?? partner.roles[0];
  return { country_code: party?.country_code ?? "", party_id: party?.party_id ?? "" };
}
