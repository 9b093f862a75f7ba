import { postSigned, webhookSecret } from "../client/signed-post.ts";
import { checkUrl, urlRules } from "../client/url-rules.ts";
import { err, ok, type Result } from "../lib/result.ts";
import type { Reason } from "../ocpi/status.ts";
import type { Webhook, WebhookChange } from "../ports/webhooks.ts";
import type { OutboundOutcome } from "../ports/world.ts";
import type { Ports } from "../ports.ts";

/** How long the receiver of a webhook may take, ms. */
export const WEBHOOK_TIMEOUT_MS = 15_000;

/** What managing webhooks asks of the world. */
export type WebhookPorts = Pick<
  Ports,
  "webhooks" | "webhookHosts" | "secrets" | "ids" | "config" | "clock" | "fetcher" | "log"
>;

/**
 * A new webhook, enabled, for the events raised from now on.
 * @param base where this gateway stands: it does not call itself
 * @returns the webhook with its secret in clear, for the owner to see this once
 */
export async function createWebhook(
  ports: WebhookPorts,
  given: { url: string; types: string[]; description: string | null },
  base: string,
): Promise<Result<{ webhook: Webhook; secret: string }, Reason>> {
  const refused = urlFault(ports, given.url, base);
  if (refused !== null) return err(refused);
  const id = ports.ids.uuid();
  const secret = webhookSecret(ports.ids.token());
  const webhook = await ports.webhooks.create({ id, ...given, secret: await ports.secrets.seal(secret, id) });
  await tellHost(ports, id, "wake");
  return ok({ webhook, secret });
}

/** Changes a webhook; what waits for another attempt is tried at once, for the change may have mended it. */
export async function changeWebhook(
  ports: WebhookPorts,
  id: string,
  change: WebhookChange,
  base: string,
): Promise<Result<Webhook, Reason>> {
  const refused = change.url === undefined ? null : urlFault(ports, change.url, base);
  if (refused !== null) return err(refused);
  const webhook = await ports.webhooks.update(id, change);
  if (webhook === null) return err(unknownWebhook(id));
  await tellHost(ports, id, "retry");
  return ok(webhook);
}

/** Removes a webhook; an event on its way to it may still arrive. */
export async function removeWebhook(ports: WebhookPorts, id: string): Promise<Result<null, Reason>> {
  if (!(await ports.webhooks.remove(id))) return err(unknownWebhook(id));
  await tellHost(ports, id, "forget");
  return ok(null);
}

/** Sends a `webhook.test` event now, once, whatever else waits. */
export async function testWebhook(ports: WebhookPorts, id: string): Promise<Result<OutboundOutcome, Reason>> {
  const webhook = await ports.webhooks.get(id);
  if (webhook === null) return err(unknownWebhook(id));
  const message = {
    id: `test_${ports.ids.uuid()}`,
    type: "webhook.test",
    time: ports.clock.now(),
    data: { webhook: { id, description: webhook.description } },
  };
  const secret = await ports.secrets.open(webhook.secret, id);
  return ok(await postSigned(ports, { url: webhook.url, secret, message, timeoutMs: WEBHOOK_TIMEOUT_MS }));
}

/** The refusal for a webhook nobody knows. */
export const unknownWebhook = (id: string): Reason => ({
  kind: "unknown_object",
  message: `There is no webhook ${id}`,
});

function urlFault({ config }: Pick<Ports, "config">, url: string, base: string): Reason | null {
  const verdict = checkUrl(url, urlRules(config, base));
  if (verdict.ok) return null;
  return { kind: "invalid", faults: [{ pointer: "/url", message: `may not be called: ${verdict.message}` }] };
}

/** What the store says stands whether or not the host can be told: it looks for itself now and then. */
async function tellHost(
  ports: Pick<Ports, "webhookHosts" | "log">,
  id: string,
  what: "wake" | "retry" | "forget",
): Promise<void> {
  await ports.webhookHosts[what](id).catch((error: unknown) => {
    ports.log.write("error", "The webhook's host could not be told", { webhook: id, what, error: String(error) });
  });
}
