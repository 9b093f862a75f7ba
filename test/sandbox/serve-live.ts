import { type Context, report } from "./context.ts";
import { routingHeaders } from "./headers.ts";
import { bodyOf, type Call, ok, type Reply, refusal } from "./reply.ts";
import { callPeer } from "./send.ts";
import type { Answer, Decision, OcpiObject, PartyId, ReceivedCommand } from "./types.ts";
import { atLeast } from "./versions.ts";

/** POST authorize: an own token is allowed when it is valid, and then where the peer asks. */
export function authorize(call: Call): Reply {
  const { context, version, entry, params } = call;
  const type = entry.query.type ?? "RFID";
  const token = context
    .ownOf(version)
    .tokens.list()
    .find((own) => own.type === type && own.uid === params.token_uid);
  const references = entry.body;
  const decided = context.settings.onAuthorize?.(token, references);
  if (decided) return ok(decided, "AuthorizationInfo");
  if (!token) return refusal(404, 2004, "unknown Token");
  const info: OcpiObject = { allowed: token.valid ? "ALLOWED" : "BLOCKED" };
  if (references && token.valid) info.location = references;
  if (atLeast(version, "2.2")) info.token = token;
  return ok(info, "AuthorizationInfo");
}

/** PUT charging_preferences of an own session. */
export function prefer(call: Call): Reply {
  const { context, version, entry, params } = call;
  const id = params.session_id ?? "";
  if (!context.ownOf(version).sessions.get(id)) return refusal(404, 2001, "unknown Session");
  return ok(context.settings.onPreferences?.(id, bodyOf(entry)) ?? "ACCEPTED", "ChargingPreferencesResponse");
}

/** Posts a result to where it was asked for, from the party that was asked. */
function postResult(call: Call, url: string, body: unknown, type: string): Promise<Answer> {
  const { context, entry, peer, version, operation } = call;
  const party = (direction: string) => {
    const country_code = entry.headers[`ocpi-${direction}-country-code`];
    const party_id = entry.headers[`ocpi-${direction}-party-id`];
    return country_code && party_id ? ({ country_code, party_id } as PartyId) : undefined;
  };
  return callPeer(context, peer, {
    method: "POST",
    url,
    version,
    module: operation.module,
    side: "SENDER",
    body,
    bodyType: type,
    headers: atLeast(version, "2.2") ? routingHeaders(party("to"), party("from")) : {},
  });
}

function defaultCommand(context: Context, call: Call, kind: string, body: OcpiObject): Decision {
  const own = context.ownOf(call.version);
  if (kind === "STOP_SESSION" && !own.sessions.get(body.session_id)) return { result: "UNKNOWN_SESSION" };
  if (body.location_id !== undefined && !own.locations.get(body.location_id)) {
    return { result: "REJECTED", status_code: 2003, message: "unknown Location" };
  }
  return { result: "ACCEPTED" };
}

/** Logs a command, and answers it once its direct response is known. */
function received(
  call: Call,
  kind: string,
  url: string,
  decision: Decision,
  finish: ReceivedCommand["finish"],
): ReceivedCommand {
  const { context, entry, params } = call;
  const command: ReceivedCommand = {
    kind,
    session_id: params.session_id,
    body: entry.body,
    response_url: url,
    decision,
    finish,
  };
  context.commands.push(command);
  return command;
}

/** The result a decision asks for, posted once the direct answer is out. */
function afterwards(context: Context, command: ReceivedCommand): (() => void) | undefined {
  const { decision } = command;
  const result = decision.finish === undefined ? "ACCEPTED" : decision.finish;
  if (decision.result !== "ACCEPTED" || result === null) return undefined;
  // A peer that cannot be reached gets no second try: the standard has none. The log of sent requests shows it.
  return () => void command.finish(result).catch(() => context.changed());
}

/** POST of a command. */
export function command(call: Call): Reply {
  const { context, entry, version, params } = call;
  const kind = params.command ?? "";
  const body = bodyOf(entry);
  const decision = context.settings.onCommand?.(kind, body) ?? defaultCommand(context, call, kind, body);
  const text = decision.message && [{ language: "en", text: decision.message }];
  const asObject = { result: decision.result };
  if (typeof body.response_url !== "string") return refusal(200, 2001, "response_url is missing");
  const known = received(call, kind, body.response_url, decision, (result, more) => {
    const bare = !atLeast(version, "2.2") && context.settings.bareCommands;
    return postResult(call, body.response_url, bare ? result : { result, ...more }, "CommandResult");
  });
  const data = atLeast(version, "2.2")
    ? { ...asObject, timeout: decision.timeout ?? 30, ...(text && { message: text }) }
    : context.settings.bareCommands
      ? decision.result
      : asObject;
  return {
    ...ok(data, "CommandResponse"),
    status_code: decision.status_code ?? 1000,
    after: afterwards(context, known),
  };
}

/** GET, PUT or DELETE of a charging profile. */
export function profile(call: Call): Reply {
  const { context, entry, version, label, params, operation } = call;
  const id = params.session_id ?? "";
  const url = entry.method === "PUT" ? bodyOf(entry).response_url : entry.query.response_url;
  if (typeof url !== "string" || !URL.canParse(url)) {
    if (entry.method !== "PUT") {
      const message = "no URL in response_url";
      report(context, label, "request", [{ pointer: "query:response_url", rule: "missing", message }]);
    }
    return refusal(200, 2001, "response_url is missing");
  }
  if (entry.method === "GET" && !/^\d+$/.test(entry.query.duration ?? "")) {
    const message = "a number of seconds is required";
    report(context, label, "request", [{ pointer: "query:duration", rule: "missing", message }]);
    return refusal(200, 2001, "duration is missing");
  }
  const unknown = !context.ownOf(version).sessions.get(id);
  const decision: Decision = context.settings.onProfile?.(entry.method, id, entry.body) ?? {
    result: unknown ? "UNKNOWN_SESSION" : "ACCEPTED",
  };
  const brought = entry.method === "GET" && decision.profile ? { profile: decision.profile } : {};
  const known = received(call, entry.method, url, decision, (result, more) =>
    postResult(call, url, { result, ...(result === "ACCEPTED" && brought), ...more }, "ChargingProfileResult"),
  );
  const data = { result: decision.result, timeout: decision.timeout ?? 30 };
  return {
    ...ok(data, operation.answer),
    status_code: decision.status_code ?? 1000,
    after: afterwards(context, known),
  };
}

/** POST to a response_url of ours. */
export function result(call: Call): Reply {
  const { context, entry, label, params } = call;
  const uid = params.uid ?? "";
  const awaited = context.awaited.get(uid);
  const wrong = !awaited ? "a response_url that was never given" : "a result after a refusal";
  if (!awaited || awaited.accepted === false) {
    report(context, label, "request", [{ pointer: "", rule: "url", message: wrong }]);
    return awaited ? refusal(200, 2000, wrong) : refusal(404, 2001, wrong);
  }
  context.results.push({ kind: params.kind ?? "", uid, body: entry.body as OcpiObject, time: entry.time });
  return ok();
}

/** PUT of an active charging profile of a session. */
export function active(call: Call): Reply {
  const { context, entry, params } = call;
  const uid = params.session_id ?? "";
  context.results.push({ kind: "ACTIVE", uid, body: bodyOf(entry), time: entry.time });
  return ok();
}
