import { checkUrl, type UrlRules, urlRules } from "../client/url-rules.ts";
import type { Config, Fetcher, OutboundOutcome, OutboundRequest } from "../ports/world.ts";

/** Redirects followed by hand: GET only, within one origin. Contract: OCPI side. */
const MAX_REDIRECTS = 3;

/**
 * The one place where the gateway opens a connection to a host it does not control. Nothing is ever thrown: what
 * went wrong is an outcome. The timeout spans redirects and the body.
 */
export function fetcher(config: Pick<Config, "allowPrivateNetwork" | "publicUrl">): Fetcher {
  const rules = urlRules(config);
  return {
    async fetch(request) {
      // Not AbortSignal.timeout: its timer would keep a Durable Object from being put aside long after the answer.
      const abort = new AbortController();
      const timer = setTimeout(() => abort.abort(), request.timeoutMs);
      try {
        return await follow(request, rules, abort.signal);
      } catch (error) {
        if (abort.signal.aborted) return { kind: "timeout", detail: `no answer within ${request.timeoutMs} ms` };
        return { kind: "network", detail: networkDetail(error) };
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

async function follow(request: OutboundRequest, rules: UrlRules, signal: AbortSignal): Promise<OutboundOutcome> {
  let target = request.url;
  for (let hops = 0; ; hops++) {
    const verdict = checkUrl(target, rules);
    if (!verdict.ok) return { kind: "refused", detail: `${hostShown(target)}: ${verdict.message}` };
    if (!request.allowHosts.includes(verdict.url.host)) {
      return { kind: "refused", detail: `${verdict.url.host} is not one of the partner's hosts` };
    }
    const response = await fetch(verdict.url.href, {
      method: request.method,
      headers: request.headers,
      ...(request.body === undefined ? {} : { body: request.body }),
      redirect: "manual",
      signal,
    });
    const location = isRedirect(response.status) ? response.headers.get("location") : null;
    if (location === null) return await answer(response, verdict.url.href, request.maxBytes);
    await response.body?.cancel();
    const next = URL.parse(location, verdict.url.href);
    if (!next || request.method !== "GET" || next.origin !== verdict.url.origin || hops === MAX_REDIRECTS) {
      return { kind: "redirect", detail: `HTTP ${response.status} to ${next?.origin ?? "an unreadable place"}` };
    }
    target = next.href;
  }
}

/** Reads the body up to the limit, counted after decompression, so that no small answer unpacks into a large one. */
async function answer(response: Response, url: string, maxBytes: number): Promise<OutboundOutcome> {
  const decoder = new TextDecoder();
  let body = "";
  let bytes = 0;
  const reader = response.body?.getReader();
  while (reader) {
    const { done, value } = await reader.read();
    if (done) break;
    bytes += value.byteLength;
    if (bytes > maxBytes) {
      await reader.cancel();
      return { kind: "too_large", detail: `HTTP ${response.status} with more than ${maxBytes} bytes` };
    }
    body += decoder.decode(value, { stream: true });
  }
  body += decoder.decode();
  return { kind: "answer", status: response.status, headers: response.headers, body, url };
}

function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}

function hostShown(url: string): string {
  return URL.parse(url)?.host || "not a URL";
}

// workerd's errors carry no code, and some an internal reference of no use to a reader.
function networkDetail(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.startsWith("internal error") ? "the connection could not be made" : message;
}
