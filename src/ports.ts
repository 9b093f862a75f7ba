import type { Commands } from "./ports/commands.ts";
import type { EventStore, Journal, PartnerHosts } from "./ports/evidence.ts";
import type { ObjectReader, ObjectWriter } from "./ports/objects.ts";
import type { PartnerStore, PartyStore } from "./ports/partners.ts";
import type { Sessions } from "./ports/sessions.ts";
import type { SettingsStore } from "./ports/settings.ts";
import type { WebhookHosts, WebhookStore } from "./ports/webhooks.ts";
import type { Background, Clock, Config, FeedNotice, Fetcher, Ids, Log, Secrets } from "./ports/world.ts";

// The ports of the core, by what they are about; each kind in a file of `ports/`. Everything below `src/cloudflare/` reaches storage,
// network, clock and chance only through them, so that use cases run unchanged in workerd, in tests, and on another platform.

/** Everything, as the composition root builds it. Use cases ask for the few they need by `Pick<Ports, ...>`. */
export interface Ports {
  config: Config;
  clock: Clock;
  ids: Ids;
  secrets: Secrets;
  fetcher: Fetcher;
  parties: PartyStore;
  partners: PartnerStore;
  settings: SettingsStore;
  commands: Commands;
  objects: ObjectReader & ObjectWriter;
  sessions: Sessions;
  events: EventStore;
  journal: Journal;
  hosts: PartnerHosts;
  webhooks: WebhookStore;
  webhookHosts: WebhookHosts;
  feed: FeedNotice;
  background: Background;
  log: Log;
}
