import { createHmac } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";
import { postSigned, signature, webhookSecret } from "../../../src/client/signed-post.ts";
import type { OutboundRequest } from "../../../src/ports/world.ts";

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

test("the signature is the one of the standard's own example", async () => {
  // Spec: Standard Webhooks 1.0, reference implementations' test vector.
  const id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
  expect(await signature(secret, id, 1614265330, '{"test": 2432232314}')).toBe(
    "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  );
});

test("a secret is 32 bytes in Base64, from the bytes of a token", () => {
  const bytes = Uint8Array.from({ length: 32 }, (_, n) => 255 - n * 8);
  const made = webhookSecret(Buffer.from(bytes).toString("base64url"));
  expect(made).toBe(`whsec_${Buffer.from(bytes).toString("base64")}`);
});

test("a message is one POST, signed over the bytes that are sent, to its own host only", async () => {
  const sent: OutboundRequest[] = [];
  const fetch = async (request: OutboundRequest) => {
    sent.push(request);
    return { kind: "timeout", detail: "" } as const;
  };
  const now = Math.floor(Date.now() / 1000) * 1000 + 999;
  const message = { id: "evt_7", type: "cdr.received", time: Date.UTC(2026, 0, 31), data: { cdr: { id: "é" } } };
  const url = "https://office.example:8443/hook?a=1";
  await postSigned({ clock: { now: () => now }, fetcher: { fetch } }, { url, secret, message, timeoutMs: 1000 });
  const [request] = sent;
  expect(request).toMatchObject({ method: "POST", url, allowHosts: ["office.example:8443"], timeoutMs: 1000 });
  const { headers = {}, body = "" } = request ?? {};
  expect(new Webhook(secret).verify(body, headers)).toEqual({
    type: "cdr.received",
    timestamp: "2026-01-31T00:00:00Z",
    data: { cdr: { id: "é" } },
  });
  const seconds = Math.floor(now / 1000);
  expect(headers["webhook-timestamp"]).toBe(String(seconds));
  const key = Buffer.from(secret.slice(6), "base64");
  const mac = createHmac("sha256", key).update(`evt_7.${seconds}.${body}`).digest("base64");
  expect(headers["webhook-signature"]).toBe(`v1,${mac}`);
});
