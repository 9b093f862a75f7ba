import type { PartnerHosts } from "../ports.ts";
import type { PartnerObject } from "./durable/partner-object.ts";

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
