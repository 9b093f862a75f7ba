import { formatTime } from "../lib/time.ts";
import type { WebhookMessage } from "../ports/webhooks.ts";
import type { OutboundOutcome } from "../ports/world.ts";
import type { Ports } from "../ports.ts";
import { hostOf } from "./url-rules.ts";

// Messages to the back office, in the form of Standard Webhooks 1.0 (standardwebhooks.com): its libraries verify them in any language.

/** Most bytes of an answer that are read. */
const MAX_ANSWER_BYTES = 100_000;
const SECRET_PREFIX = "whsec_";

/** A secret as the receiver's library takes it. @param token 32 random bytes as base64url ({@link Ids.token}) */
export function webhookSecret(token: string): string {
  const text = token.replaceAll("-", "+").replaceAll("_", "/");
  return SECRET_PREFIX + text.padEnd(Math.ceil(text.length / 4) * 4, "=");
}

/**
 * `v1,<signature>` of a message: HMAC-SHA-256 of id, time and body.
 * @param seconds `webhook-timestamp`: when it is sent, epoch seconds
 */
export async function signature(secret: string, id: string, seconds: number, body: string): Promise<string> {
  const bytes = Uint8Array.from(atob(secret.slice(SECRET_PREFIX.length)), (char) => char.charCodeAt(0));
  const key = await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const mac = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(`${id}.${seconds}.${body}`));
  return `v1,${btoa(String.fromCharCode(...new Uint8Array(mac)))}`;
}

/** Where and how a message goes. */
export interface Post {
  url: string;
  /** In clear: `whsec_...`. */
  secret: string;
  message: WebhookMessage;
  timeoutMs: number;
}

/** Sends a signed message once. Never throws. */
export async function postSigned(ports: Pick<Ports, "clock" | "fetcher">, post: Post): Promise<OutboundOutcome> {
  const { id, type, time, data } = post.message;
  const body = JSON.stringify({ type, timestamp: formatTime(time), data });
  const seconds = Math.floor(ports.clock.now() / 1000);
  return ports.fetcher.fetch({
    method: "POST",
    url: post.url,
    headers: {
      "Content-Type": "application/json",
      Accept: "application/json",
      "webhook-id": id,
      "webhook-timestamp": String(seconds),
      "webhook-signature": await signature(post.secret, id, seconds, body),
    },
    body,
    timeoutMs: post.timeoutMs,
    maxBytes: MAX_ANSWER_BYTES,
    allowHosts: [hostOf(post.url) ?? ""],
  });
}
