import http from "node:http";
import { type Context, now } from "./context.ts";
import { dress, type Misbehaviour } from "./faults.ts";
import { echoHeaders } from "./headers.ts";
import type { Reply } from "./reply.ts";
import type { InboundRequest } from "./types.ts";
import { atLeast, VERSIONS, type Version } from "./versions.ts";
import { flatHeaders, readEnvelope } from "./wire.ts";

/** Answers a request that was read and logged. */
export type Serve = (entry: InboundRequest, segments: string[], fault: Misbehaviour) => Promise<Reply>;

/** What a path leads to, and the decoded segments after the module's endpoint. */
function locate(
  context: Context,
  path: string,
): Pick<InboundRequest, "module" | "side" | "version"> & { segments: string[] } {
  const nowhere = { module: "unknown", segments: [] };
  if (path === "/ocpi/versions") return { module: "versions", segments: [] };
  if (!path.startsWith(`${context.base}/`)) return nowhere;
  let parts: string[];
  try {
    parts = path
      .slice(context.base.length + 1)
      .replace(/\/$/, "")
      .split("/")
      .map(decodeURIComponent);
  } catch {
    return nowhere;
  }
  const version = parts.shift() as Version;
  if (!VERSIONS.includes(version) || !context.versions.includes(version)) return nowhere;
  if (parts[0] === "details" || parts[0] === "credentials")
    return { module: parts[0], version, segments: parts.slice(1) };
  if (!atLeast(version, "2.2")) return { module: parts[0] ?? "unknown", version, segments: parts.slice(1) };
  const side = parts[0] === "s" ? "SENDER" : parts[0] === "r" ? "RECEIVER" : undefined;
  return side ? { module: parts[1] ?? "unknown", side, version, segments: parts.slice(2) } : nowhere;
}

async function read(
  context: Context,
  request: http.IncomingMessage,
): Promise<{ entry: InboundRequest; segments: string[] }> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const raw = Buffer.concat(chunks).toString();
  const url = new URL(request.url ?? "/", context.origin);
  const { segments, ...place } = locate(context, url.pathname);
  let body: InboundRequest["body"];
  try {
    body = raw === "" ? undefined : JSON.parse(raw);
  } catch {
    body = undefined;
  }
  const entry: InboundRequest = {
    method: request.method ?? "GET",
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: flatHeaders(request.headers),
    body,
    raw,
    time: new Date(),
    ...place,
  };
  return { entry, segments };
}

/** What a misbehaviour answers in place of the partner; undefined lets the partner answer. */
function instead(fault: Misbehaviour): Reply | undefined {
  if (fault.redirect) {
    const headers = { location: fault.redirect };
    return { http: fault.http ?? 302, status_code: 2000, status_message: "elsewhere", headers };
  }
  if (fault.http === undefined && fault.status === undefined) return undefined;
  const http = fault.http ?? 200;
  return {
    http,
    status_code: fault.status ?? (http === 400 ? 2001 : http >= 500 ? 3000 : 2000),
    status_message: "misbehaving",
    headers: fault.retryAfter === undefined ? {} : { "retry-after": String(fault.retryAfter) },
  };
}

/** The bytes of an answer, spoiled as asked. */
function render(
  context: Context,
  entry: InboundRequest,
  reply: Reply,
  fault: Misbehaviour,
): { type: string; text: string } {
  if (fault.html) return { type: "text/html", text: "<!doctype html><title>502</title><h1>Bad gateway</h1>" };
  const version = entry.version ?? context.options.version;
  const data = dress(fault, version, reply.type ?? "", reply.data, context.faults.draw);
  const envelope: Record<string, unknown> = { status_code: reply.status_code, timestamp: now() };
  if (data !== undefined) envelope.data = data;
  if (reply.status_message) envelope.status_message = reply.status_message;
  if (fault.extraFields) envelope.sandbox_extra = true;
  if (fault.pad) envelope.padding = "x".repeat(fault.pad);
  const text = JSON.stringify(envelope);
  return { type: "application/json", text: fault.truncate ? text.slice(0, text.length / 2) : text };
}

async function answer(
  context: Context,
  response: http.ServerResponse,
  entry: InboundRequest,
  reply: Reply,
  fault: Misbehaviour,
): Promise<void> {
  if (fault.lose) {
    response.destroy();
    reply.after?.();
    return;
  }
  if (fault.delay) await new Promise((resolve) => setTimeout(resolve, fault.delay).unref());
  const { type, text } = render(context, entry, reply, fault);
  const headers = { "content-type": type, ...echoHeaders(context, entry), ...reply.headers };
  response.writeHead(reply.http, headers);
  // Logged before the bytes leave: a test that has the answer finds it in the log too.
  entry.answer = readEnvelope(reply.http, headers, text);
  response.end(text, () => {
    reply.after?.();
    context.changed();
  });
}

async function take(context: Context, serve: Serve, request: http.IncomingMessage, response: http.ServerResponse) {
  const { entry, segments } = await read(context, request);
  context.requests.push(entry);
  const fault = context.faults.hit(entry.module, entry.method);
  if (fault.reset) response.destroy();
  else if (!fault.hang) {
    const reply = instead(fault) ?? (await serve(entry, segments, fault));
    await answer(context, response, entry, reply, fault);
  }
  context.changed();
}

/** The HTTP side of a partner, which can fall silent and come back on the same port. */
export function createListener(context: Context, serve: Serve) {
  let server: http.Server | undefined;
  let port = context.options.port ?? 0;
  const host = context.options.host ?? "127.0.0.1";
  return {
    /** Listens; the port stays the same for good after the first time. */
    async start(): Promise<void> {
      const started = http.createServer((request, response) => {
        take(context, serve, request, response).catch((error: unknown) => {
          // A peer that hung up while we read is none of our faults; anything else is one and must be seen.
          if (!request.destroyed || request.complete) console.error("the sandbox failed on", request.url, error);
          if (!response.headersSent) response.writeHead(500);
          response.end();
        });
      });
      await new Promise<void>((resolve, reject) => {
        started.once("error", reject);
        started.listen(port, host, resolve);
      });
      const address = started.address();
      if (typeof address === "object" && address) port = address.port;
      context.origin = `http://${host}:${port}`;
      server = started;
    },
    /** Stops listening and cuts every connection, hanging ones too. */
    async stop(): Promise<void> {
      const stopping = server;
      server = undefined;
      if (!stopping) return;
      await new Promise<void>((resolve) => {
        stopping.close(() => resolve());
        stopping.closeAllConnections();
      });
    },
  };
}
