import type { PartnerHosts } from "../ports/evidence.ts";
import type { WebhookHosts } from "../ports/webhooks.ts";
import type { PartnerObject } from "./durable/partner-object.ts";
import type { WebhookObject } from "./durable/webhook-object.ts";

/** The pumps and pullers of partners behind {@link PartnerHosts}: a Durable Object each, by the partner's id. */
export function partnerHosts(namespace: DurableObjectNamespace<PartnerObject>): PartnerHosts {
  const host = (partner: string) => namespace.getByName(partner);
  return {
    wake: async (partner) => {
      await host(partner).wake(partner);
    },
    reconfigure: async (partner, what) => {
      await host(partner).reconfigure(partner, what);
    },
    announceParties: async (partner) => {
      await host(partner).announceParties(partner);
    },
    startPull: async (partner, pullId, request) => {
      await host(partner).startPull(partner, pullId, request);
    },
    pull: async (partner, pullId) => await host(partner).pull(partner, pullId),
    deliveries: async (partner, query) => await host(partner).deliveries(partner, query),
    retry: async (partner, deliveryId) => await host(partner).retry(partner, deliveryId ?? null),
    health: async (partner) => JSON.parse(await host(partner).health()),
  };
}

/** The deliveries of webhooks behind {@link WebhookHosts}: a Durable Object each, by the webhook's id. */
export function webhookHosts(namespace: DurableObjectNamespace<WebhookObject>): WebhookHosts {
  const host = (id: string) => namespace.getByName(id);
  return {
    wake: async (id) => {
      await host(id).wake(id);
    },
    retry: async (id) => {
      await host(id).retry(id);
    },
    forget: async (id) => {
      await host(id).forget();
    },
    health: async (id) => await host(id).health(),
  };
}
