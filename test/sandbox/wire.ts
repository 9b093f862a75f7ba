import http from "node:http";
import https from "node:https";
import type { Context } from "./context.ts";
import type { Answer, Headers, OcpiObject, OutboundRequest } from "./types.ts";

/** Reads an answer as an OCPI envelope; whatever it is not, it leaves out. */
export function readEnvelope(status: number, headers: Headers, raw: string): Answer {
  const answer: Answer = { http: status, headers, raw };
  let envelope: unknown;
  try {
    envelope = JSON.parse(raw);
  } catch {
    return answer;
  }
  if (typeof envelope !== "object" || envelope === null || Array.isArray(envelope)) return answer;
  const { status_code, status_message, data } = envelope as OcpiObject;
  return { ...answer, status_code, status_message, data };
}

/** Header names in lower case, repeated ones joined. */
export function flatHeaders(headers: http.IncomingHttpHeaders): Headers {
  const entries = Object.entries(headers).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([name, value]) => [name, [value].flat().join(", ")]));
}

/**
 * Sends one request, over a connection of its own, and follows nothing. It stands in the log of sent requests at once,
 * and with its answer or error later; a failure to get an answer rejects.
 */
export function exchange(
  context: Context,
  method: string,
  url: string,
  headers: Headers,
  body: unknown,
): Promise<Answer> {
  const entry: OutboundRequest = { method, url, headers, body, time: new Date() };
  context.sent.push(entry);
  const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  const sized = payload ? { ...headers, "content-length": String(payload.length) } : headers;
  return new Promise<Answer>((resolve, reject) => {
    const give = (error: Error) => {
      entry.error = error.message;
      context.changed();
      reject(new Error(`${method} ${url}: ${error.message}`, { cause: error }));
    };
    const timeout = context.options.timeoutMs ?? 10_000;
    const send = url.startsWith("https:") ? https.request : http.request;
    const request = send(url, { method, headers: sized, agent: false, signal: AbortSignal.timeout(timeout) }, (res) => {
      const chunks: Buffer[] = [];
      res.on("data", (chunk: Buffer) => chunks.push(chunk));
      res.on("error", give);
      res.on("end", () => {
        if (!res.complete) return give(new Error("the answer was cut off"));
        entry.answer = readEnvelope(res.statusCode ?? 0, flatHeaders(res.headers), Buffer.concat(chunks).toString());
        context.changed();
        resolve(entry.answer);
      });
    });
    request.on("error", give);
    request.end(payload);
  });
}
