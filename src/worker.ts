import { version } from "../package.json";
import { compose } from "./cloudflare/compose.ts";
import { pruneCommands } from "./cloudflare/d1/commands.ts";
import { pruneEvents } from "./cloudflare/d1/events.ts";
import { idempotencyStore, pruneIdempotency } from "./cloudflare/d1/idempotency.ts";
import { pruneMessages } from "./cloudflare/d1/journal.ts";
import { deploymentOf } from "./cloudflare/env.ts";
import { consoleLog } from "./cloudflare/log.ts";
import { consumeQueue, wakeAll } from "./cloudflare/queues.ts";
import { operatorApi } from "./operator/router.ts";
import type { Ports } from "./ports.ts";
import { createServer } from "./server/pipeline.ts";

export { CommandObject } from "./cloudflare/durable/command-object.ts";
export { PartnerObject } from "./cloudflare/durable/partner-object.ts";
export { SessionObject } from "./cloudflare/durable/session-object.ts";
export { WebhookObject } from "./cloudflare/durable/webhook-object.ts";

const DAY_MS = 86_400_000;
/** Days the operator's event feed reaches back. */
const EVENT_DAYS = 30;

/** One OCPI server an isolate: it remembers who is behind a token. */
const servers = new WeakMap<Env, ReturnType<typeof createServer>>();

function serverOf(env: Env): ReturnType<typeof createServer> {
  const known = servers.get(env);
  if (known !== undefined) return known;
  const server = createServer({ limiter: async (key) => (await env.WRONG_TOKENS.limit({ key })).success });
  servers.set(env, server);
  return server;
}

/** The Worker: every request, queue batch and cron tick of the gateway enters here. */
export default {
  async fetch(request, env, context) {
    const { pathname } = new URL(request.url);
    const isOcpi = pathname === "/ocpi" || pathname.startsWith("/ocpi/");
    const isOperator = /^\/(api(\/|$)|(healthz|openapi\.json)$)/.test(pathname);
    if (!isOcpi && !isOperator) return asset(env, request);
    let ports: Ports;
    try {
      ports = compose(env, (work) => context.waitUntil(work));
    } catch (error) {
      return misconfigured(error);
    }
    if (isOcpi) return serverOf(env)(ports, request);
    const { operatorToken } = deploymentOf(env);
    const idempotency = idempotencyStore(env.DB, ports.clock);
    return operatorApi(ports, { token: operatorToken, version, idempotency })(request);
  },

  /** Never throws: a throw would deliver the whole batch again, acknowledged messages too. */
  async queue(batch, env, context) {
    await consumeQueue(
      batch,
      compose(env, (work) => context.waitUntil(work)),
    );
  },

  /** The sweep: what a lost notice left undone is found here, and what is past its time is forgotten. */
  async scheduled(_controller, env, context) {
    const ports = compose(env, (work) => context.waitUntil(work));
    const now = ports.clock.now();
    const done = await Promise.allSettled([
      wakeAll(ports),
      ports.settings.get().then(({ journal }) => pruneMessages(env.DB, now - journal.days * DAY_MS)),
      pruneEvents(env.DB, now - EVENT_DAYS * DAY_MS),
      pruneCommands(env.DB, now - EVENT_DAYS * DAY_MS),
      pruneIdempotency(env.DB, now - DAY_MS),
    ]);
    for (const part of done) {
      if (part.status === "rejected")
        ports.log.write("error", "A part of the sweep failed", { error: String(part.reason) });
    }
  },
} satisfies ExportedHandler<Env>;

/** A file of the console; what is none is a problem as the operator API tells it. */
async function asset(env: Env, request: Request): Promise<Response> {
  const found = await env.ASSETS.fetch(request);
  if (found.status !== 404) return found;
  const problem = { type: "about:blank", title: "Not Found", status: 404, detail: "There is nothing at this path" };
  return Response.json(problem, { status: 404, headers: { "Content-Type": "application/problem+json" } });
}

/** Nothing works without its secrets; the answer says which are missing, never what they are. */
function misconfigured(error: unknown): Response {
  const detail = error instanceof Error ? error.message : String(error);
  consoleLog.write("error", detail);
  const problem = { type: "about:blank", title: "The gateway is not configured", status: 503, detail };
  return Response.json(problem, { status: 503, headers: { "Content-Type": "application/problem+json" } });
}
