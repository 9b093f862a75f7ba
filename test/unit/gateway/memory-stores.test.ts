import { memoryParties, memoryPartners } from "../../support/memory-stores.ts";
import { partnerStoreCases } from "../../support/partner-store-cases.ts";

// The stores other tests stand on keep the contract of the real ones.
partnerStoreCases(async (clock) => {
  const parties = memoryParties();
  return { partners: memoryPartners(clock, parties.all), parties };
});
