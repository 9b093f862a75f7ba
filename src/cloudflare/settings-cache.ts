import type { Settings, SettingsStore } from "../ports/settings.ts";
import type { Clock } from "../ports/world.ts";

/** How long another isolate's change may go unseen. */
const LIFETIME_MS = 2_000;

/** The settings, remembered in this isolate: live paths ask for them on every request. A change made through here is seen at once. */
export function cachedSettings(store: SettingsStore, clock: Clock): SettingsStore {
  let known: { settings: Settings; until: number } | null = null;
  let changes = 0;
  return {
    async get() {
      if (known !== null && clock.now() < known.until) return known.settings;
      const before = changes;
      const settings = await store.get();
      // A change while we were reading: what was read may be older than it.
      if (before === changes) known = { settings, until: clock.now() + LIFETIME_MS };
      return settings;
    },
    async patch(change) {
      const settings = await store.patch(change);
      known = null;
      changes++;
      return settings;
    },
  };
}
