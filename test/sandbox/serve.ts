import { type Context, judge, offered, ownUrl, report } from "./context.ts";
import type { Misbehaviour } from "./faults.ts";
import { authenticate, judgeRequestHeaders } from "./headers.ts";
import { findOperation, type Match } from "./operations.ts";
import { type Call, ok, type Reply, refusal } from "./reply.ts";
import { serveCredentials } from "./serve-credentials.ts";
import { active, authorize, command, prefer, profile, result } from "./serve-live.ts";
import { bill, billed, fetch, list, patch, put, read, remove } from "./serve-objects.ts";
import type { InboundRequest, OcpiObject, Peer } from "./types.ts";
import { fieldsOf } from "./validate.ts";
import { atLeast, offers, type Side, type Version } from "./versions.ts";

const HANDLERS: Record<string, (call: Call) => Reply> = {
  list,
  read,
  fetch,
  put,
  patch,
  remove,
  bill,
  billed,
  authorize,
  command,
  result,
  prefer,
  profile,
  active,
};

function versionList(context: Context, fault: Misbehaviour): Reply {
  const own = context.versions.map((version) => ({
    version,
    url: `${context.origin}${context.base}/${version}/details`,
  }));
  return ok(fault.versions ?? own, "Version[]");
}

/** The endpoints of a version, as its details list them. */
export function endpointList(context: Context, version: Version, omit: readonly string[] = []): OcpiObject[] {
  const named = atLeast(version, "2.2");
  const roles = context.roles.map(({ role }) => role);
  const lines = offers(version, roles).filter(({ module, side }) => offered(context, version, module, side));
  return [{ module: "credentials", side: "SENDER" as Side }, ...lines]
    .filter(({ module }) => !omit.includes(module))
    .map(({ module, side }) => ({
      identifier: module,
      ...(named && { role: side }),
      url: ownUrl(context, version, module, side),
    }));
}

/** The side of a module a path stands for: said by the path from 2.2 on, else the only one that is offered. */
function sideOf(context: Context, entry: InboundRequest, version: Version): Side | undefined {
  const sides: Side[] = entry.side ? [entry.side] : ["SENDER", "RECEIVER"];
  return sides.find((side) => offered(context, version, entry.module, side));
}

function bodyRefusal(context: Context, label: string, entry: InboundRequest, match: Match, version: Version) {
  const { body: wanted } = match.operation;
  if (wanted === "-") return undefined;
  if (entry.body === undefined) {
    if (wanted.endsWith("?") && entry.raw === "") return undefined;
    report(context, label, "request", [{ pointer: "", rule: "missing", message: "the body is no JSON" }]);
    return refusal(400, 2001, "the body is no JSON");
  }
  const type = wanted === "Command" ? (match.params.command ?? "") : wanted;
  if (fieldsOf(version, type.replace(/[~?]$/, ""))) judge(context, label, "request", version, type, entry.body);
  // A bare string is what the first edition of 2.1.1 sends as a result: noted above, and taken.
  const isObject = typeof entry.body === "object" && entry.body !== null && !Array.isArray(entry.body);
  return isObject || match.operation.name === "result" ? undefined : refusal(200, 2001, "expected an object");
}

function serveModule(
  context: Context,
  entry: InboundRequest,
  version: Version,
  segments: string[],
  peer: Peer,
  fault: Misbehaviour,
): Reply {
  const side = sideOf(context, entry, version);
  if (!side) return refusal(404, 2000, `no module ${entry.module} here`);
  entry.side = side;
  const label = `${entry.method} ${entry.path}`;
  if (peer.version !== version) {
    const message = `the connection speaks ${peer.version}, this endpoint is one of ${version}`;
    report(context, label, "request", [{ pointer: "", rule: "url", message }]);
  }
  const match = findOperation(version, entry.module, side, entry.method, segments);
  if ("allowed" in match) {
    report(context, label, "request", [{ pointer: "", rule: "url", message: `no such operation in ${version}` }]);
    return match.allowed.length > 0
      ? refusal(405, 2000, "method not allowed", { allow: match.allowed.join(", ") })
      : refusal(404, 2000, "no such path");
  }
  const refused = bodyRefusal(context, label, entry, match, version);
  if (refused) return refused;
  const handler = HANDLERS[match.operation.name];
  if (!handler) throw new Error(`no handler ${match.operation.name}`);
  return handler({ context, entry, label, version, peer, ...match, fault });
}

/** Answers any request: who asks, what is asked, and whether it may be. */
export async function serve(
  context: Context,
  entry: InboundRequest,
  segments: string[],
  fault: Misbehaviour,
): Promise<Reply> {
  const caller = authenticate(context, entry.headers);
  if (!caller) return refusal(401, 2000, "unknown or missing token");
  const { module, version } = entry;
  const label = `${entry.method} ${entry.path}`;
  judgeRequestHeaders(context, label, entry, caller);
  if (module === "unknown") return refusal(404, 2000, "nothing here");
  if (module === "credentials" && version) return serveCredentials(context, entry, version, caller);
  if (module === "versions" || module === "details") {
    if (entry.method !== "GET") return refusal(405, 2000, "method not allowed", { allow: "GET" });
    if (!version) return versionList(context, fault);
    return ok({ version, endpoints: endpointList(context, version, fault.omit) }, "VersionDetails");
  }
  if (!caller.peer || !version) return refusal(401, 2000, "token A opens versions and credentials only");
  return serveModule(context, entry, version, segments, caller.peer, fault);
}
