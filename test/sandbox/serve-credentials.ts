import { type Context, credentials, judge, report } from "./context.ts";
import { discover, partiesOf } from "./handshake.ts";
import { type Caller, freshToken } from "./headers.ts";
import { bodyOf, ok, type Reply, refusal } from "./reply.ts";
import type { InboundRequest, Peer } from "./types.ts";
import type { Version } from "./versions.ts";

/** Takes the credentials of a POST or PUT: calls back at the sender, then names the new token. */
async function agree(context: Context, entry: InboundRequest, version: Version, caller: Caller): Promise<Reply> {
  const label = `${entry.method} ${entry.path}`;
  const body = bodyOf(entry);
  if (!judge(context, label, "request", version, "Credentials", entry.body)) {
    if (typeof body.token !== "string" || typeof body.url !== "string") {
      return refusal(200, 2001, "credentials need a token and a url");
    }
  }
  if (body.token === caller.token || body.token === caller.peer?.tokenOut) {
    const message = "the token is not a new one";
    report(context, label, "request", [{ pointer: "/token", rule: "rule", message }]);
  }
  const fresh: Peer = {
    version,
    versionsUrl: body.url,
    tokenOut: body.token,
    tokensIn: [],
    ...partiesOf(version, body),
    endpoints: [],
    registered: true,
  };
  const refused = await discover(context, fresh, version).then(
    ({ endpoints }) => {
      fresh.endpoints = endpoints;
      const missing = (context.options.expects ?? []).find((id) => endpoints.every((e) => e.identifier !== id));
      return missing ? refusal(200, 3003, `your details lack ${missing}`) : undefined;
    },
    (error: Error & { step?: string }) =>
      error.step === "no-version"
        ? refusal(200, 3002, `your versions lack ${version}`)
        : refusal(200, 3001, `cannot use your API: ${error.message}`),
  );
  if (refused) return refused;
  const token = freshToken();
  const known = caller.peer;
  if (known) {
    // The token the peer used stays good until it first uses the new one: this answer may get lost.
    Object.assign(known, { ...fresh, tokensIn: [token, caller.token] });
  } else {
    context.invites.delete(caller.invite ?? "");
    context.peers.push({ ...fresh, tokensIn: [token] });
  }
  return ok(credentials(context, version, token), "Credentials");
}

/** The credentials endpoint. */
export async function serveCredentials(
  context: Context,
  entry: InboundRequest,
  version: Version,
  caller: Caller,
): Promise<Reply> {
  const { peer } = caller;
  const registered = peer?.registered === true;
  switch (entry.method) {
    case "GET":
      return ok(credentials(context, version, caller.token), "Credentials");
    case "POST":
      if (registered) return refusal(405, 2000, "already registered", { allow: "GET, PUT, DELETE" });
      return agree(context, entry, version, caller);
    case "PUT":
      if (!registered) return refusal(405, 2000, "not registered", { allow: "GET, POST" });
      return agree(context, entry, version, caller);
    case "DELETE":
      if (!peer || !registered) return refusal(405, 2000, "not registered", { allow: "GET, POST" });
      peer.registered = false;
      peer.tokensIn.length = 0;
      return ok(version === "2.0" ? null : undefined);
    default:
      return refusal(405, 2000, "method not allowed", { allow: "GET, POST, PUT, DELETE" });
  }
}
