import type { JsonValue } from "../lib/json.ts";
import { formatTime } from "../lib/time.ts";
import type { Partner, PartnerSettings } from "../ports/partners.ts";
import type { Ports } from "../ports.ts";

/** A partner as the operator sees it: no secret, times as text. */
export function partnerView(partner: Partner, health: JsonValue) {
  return {
    id: partner.id,
    name: partner.name,
    status: partner.status,
    role: partner.side,
    version: partner.version,
    versions_url: partner.versions_url,
    roles: partner.roles,
    endpoints: partner.endpoints,
    token_encoding: partner.token_encoding,
    allow: partner.allow,
    settings: partner.settings,
    created_at: formatTime(partner.created_at),
    last_seen_at: partner.last_seen_at === null ? null : formatTime(partner.last_seen_at),
    health,
  };
}

/** Partners with their health, six of their hosts asked at a time; one that cannot be asked has none. */
export async function partnerViews(ports: Pick<Ports, "hosts" | "log">, partners: Partner[]) {
  const views: ReturnType<typeof partnerView>[] = [];
  for (let start = 0; start < partners.length; start += 6) {
    const some = partners.slice(start, start + 6);
    views.push(
      ...(await Promise.all(some.map(async (partner) => partnerView(partner, await healthOf(ports, partner.id))))),
    );
  }
  return views;
}

async function healthOf({ hosts, log }: Pick<Ports, "hosts" | "log">, partner: string): Promise<JsonValue> {
  try {
    return await hosts.health(partner);
  } catch (cause) {
    log.write("warn", "health of a partner is not known", { partner, error: String(cause) });
    return null;
  }
}

type SettingsChange = { [K in keyof PartnerSettings]?: PartnerSettings[K] | null | undefined };

const DEFAULTS: PartnerSettings = { token_encoding: "auto", push: true, retry: true, initial: "none" };

/** Settings with a change merged in; null puts the default back. `share` and lists are replaced whole. */
export function changedSettings(change: SettingsChange, from: PartnerSettings = DEFAULTS): PartnerSettings {
  const settings: Record<string, unknown> = { ...from };
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined) continue;
    if (value === null) delete settings[name];
    else settings[name] = value;
  }
  const { share } = settings as Partial<PartnerSettings>;
  if (share?.parties) settings.share = { ...share, parties: share.parties.map(partyCode) };
  return settings as unknown as PartnerSettings;
}

/** A party as `NL*TNM`, in upper case, however it was written. */
export function partyCode(text: string): string {
  const letters = text.replace("*", "").toUpperCase();
  return `${letters.slice(0, 2)}*${letters.slice(2)}`;
}
