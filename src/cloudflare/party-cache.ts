import type { Party, PartyStore } from "../ports/partners.ts";
import type { Clock } from "../ports/world.ts";

/** How long another isolate's change of our parties may go unseen. */
const LIFETIME_MS = 2_000;

/**
 * Our own parties, remembered in this isolate: every read of a partner asks for them, and they change a few times a year. A
 * change made through here is seen at once.
 */
export function cachedParties(store: PartyStore, clock: Clock): PartyStore {
  let known: { parties: Party[]; until: number } | null = null;
  let changes = 0;
  const forget = <T>(result: T): T => {
    known = null;
    changes++;
    return result;
  };
  return {
    async list() {
      if (known !== null && clock.now() < known.until) return known.parties;
      const before = changes;
      const parties = await store.list();
      // A change while we were reading: what was read may be older than it.
      if (before === changes) known = { parties, until: clock.now() + LIFETIME_MS };
      return parties;
    },
    put: async (party) => forget(await store.put(party)),
    remove: async (countryCode, partyId) => forget(await store.remove(countryCode, partyId)),
  };
}
