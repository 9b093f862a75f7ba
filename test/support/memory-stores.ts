import type { Partner, PartnerRole, PartnerStore, Party, PartyStore, TokenKind } from "../../src/ports/partners.ts";
import type { Clock } from "../../src/ports/world.ts";

interface Token {
  hash: string;
  partner: string;
  kind: TokenKind;
  expiresAt: number | null;
  claimedUntil: number;
}

/** What a {@link memoryPartners} store holds, for a test to look at. */
export interface PartnerMemory {
  partners: Map<string, Partner>;
  tokens: Map<string, Token>;
}

const key = (role: PartnerRole) => `${role.role} ${role.country_code}*${role.party_id}`;

/** The partner store in memory: the same contract as the D1 one, which the shared cases hold both to. */
export function memoryPartners(
  clock: Clock,
  parties: () => Party[],
  memory: PartnerMemory = { partners: new Map(), tokens: new Map() },
): PartnerStore {
  const { partners, tokens } = memory;
  const copy = (partner: Partner | undefined) => (partner ? structuredClone(partner) : null);
  const bump = (partner: Partner | undefined) => {
    if (partner) partner.epoch++;
  };
  const isLive = (token: Token) => token.expiresAt === null || token.expiresAt > clock.now();
  const dropTokens = (drop: (token: Token) => boolean) => {
    for (const token of [...tokens.values()]) if (drop(token)) tokens.delete(token.hash);
  };
  const addToken = (partner: string, hash: string, kind: TokenKind, expiresAt: number | null = null) =>
    tokens.set(hash, { hash, partner, kind, expiresAt, claimedUntil: 0 });

  return {
    async byTokenHashes(hashes) {
      for (const hash of hashes) {
        const token = tokens.get(hash);
        const partner = token && isLive(token) ? partners.get(token.partner) : undefined;
        if (!token || !partner) continue;
        if (clock.now() - (partner.last_seen_at ?? 0) > 60_000) partner.last_seen_at = clock.now();
        return { partner: structuredClone(partner), kind: token.kind, hash };
      }
      return null;
    },
    get: async (id) => copy(partners.get(id)),
    async list({ after, limit }) {
      const all = [...partners.values()];
      const start = after === undefined ? 0 : all.findIndex((partner) => partner.id === after) + 1;
      return structuredClone(all.slice(start, start + limit));
    },
    registered: async () =>
      structuredClone([...partners.values()].filter((partner) => partner.status === "REGISTERED")),
    async create(invited, inviteHash, expiresAt) {
      const { versions_url = null, ...rest } = invited;
      const unknown = {
        version: null,
        versions_url,
        roles: [],
        endpoints: [],
        outbound_token: null,
        last_seen_at: null,
      };
      const token_encoding = invited.settings.token_encoding === "raw" ? "raw" : "base64";
      const partner: Partner = {
        ...rest,
        ...unknown,
        token_encoding,
        status: "INVITED",
        epoch: 1,
        created_at: clock.now(),
      };
      partners.set(partner.id, partner);
      if (inviteHash !== null) addToken(partner.id, inviteHash, "INVITE", expiresAt);
      return structuredClone(partner);
    },
    async invite(id, hash, expiresAt) {
      dropTokens((token) => token.partner === id && token.kind === "INVITE");
      addToken(id, hash, "INVITE", expiresAt);
      const partner = partners.get(id);
      bump(partner);
      if (partner?.status === "UNREGISTERED") partner.status = "INVITED";
    },
    async claim(hash, until) {
      const token = tokens.get(hash);
      if (!token || !isLive(token) || token.claimedUntil > clock.now()) return false;
      token.claimedUntil = until;
      return true;
    },
    async release(hash) {
      const token = tokens.get(hash);
      if (token) token.claimedUntil = 0;
    },
    async addToken(partner, hash, kind) {
      addToken(partner, hash, kind);
    },
    async dropToken(hash) {
      bump(partners.get(tokens.get(hash)?.partner ?? ""));
      tokens.delete(hash);
    },
    async register(registration) {
      const partner = partners.get(registration.partner);
      const used = registration.used_hash === undefined ? null : tokens.get(registration.used_hash);
      const claimed = registration.roles.map(key);
      const others = [...partners.values()].filter((other) => other.id !== registration.partner);
      const holder = others.flatMap((other) => other.roles).find((role) => claimed.includes(key(role)));
      const ours = parties()
        .flatMap((party) => party.roles.map((role) => ({ ...party, role })))
        .find((role) => claimed.includes(key(role)));
      if (
        !partner ||
        partner.epoch !== registration.epoch ||
        used === undefined ||
        (used && used.partner !== partner.id)
      ) {
        const taken = holder ?? ours;
        if (!taken) return { ok: false, why: "stale", detail: "the partner changed meanwhile" };
      }
      if (holder)
        return {
          ok: false,
          why: "taken",
          detail: `${holder.country_code}*${holder.party_id} as ${holder.role} belongs to another partner`,
        };
      if (ours)
        return {
          ok: false,
          why: "taken",
          detail: `${ours.country_code}*${ours.party_id} as ${ours.role} belongs to this gateway`,
        };
      if (!partner) return { ok: false, why: "stale", detail: "the partner is gone" };
      const { version, versions_url, side, roles, endpoints, token_encoding, outbound_token } =
        structuredClone(registration);
      const status = partner.status === "SUSPENDED" ? "SUSPENDED" : "REGISTERED";
      Object.assign(partner, {
        status,
        version,
        versions_url,
        side,
        roles,
        endpoints,
        token_encoding,
        outbound_token,
        last_seen_at: clock.now(),
      });
      bump(partner);
      dropTokens((token) => token.partner === partner.id && token.kind === "INVITE");
      for (const token of tokens.values())
        if (token.partner === partner.id) Object.assign(token, { kind: "PREVIOUS", claimedUntil: 0 });
      addToken(partner.id, registration.inbound_hash, "CURRENT");
      return { ok: true };
    },
    async confirmToken(partner, hash) {
      const token = tokens.get(hash);
      if (token?.partner !== partner || token.kind !== "CURRENT") return;
      const before = tokens.size;
      dropTokens((other) => other.partner === partner && other.kind === "PREVIOUS");
      if (tokens.size < before) bump(partners.get(partner));
    },
    async update(id, change) {
      const partner = partners.get(id);
      if (!partner) return null;
      Object.assign(partner, structuredClone(change));
      bump(partner);
      return copy(partner);
    },
    async unregister(id) {
      dropTokens((token) => token.partner === id);
      const partner = partners.get(id);
      if (partner) Object.assign(partner, { status: "UNREGISTERED", outbound_token: null, roles: [], endpoints: [] });
      bump(partner);
    },
    async remove(id) {
      dropTokens((token) => token.partner === id);
      partners.delete(id);
    },
  };
}

/** Own parties in memory. */
export function memoryParties(initial: Party[] = []): PartyStore & { all(): Party[] } {
  const parties = [...initial];
  const at = (countryCode: string, partyId: string) =>
    parties.findIndex((party) => party.country_code === countryCode && party.party_id === partyId);
  return {
    all: () => parties,
    list: async () => structuredClone(parties),
    async put(party) {
      const index = at(party.country_code, party.party_id);
      const before = parties[index];
      if (before && JSON.stringify(before) === JSON.stringify(party)) return "unchanged";
      if (before) parties[index] = party;
      else parties.push(party);
      return before ? "updated" : "created";
    },
    async remove(countryCode, partyId) {
      const index = at(countryCode, partyId);
      if (index < 0) return "absent";
      parties.splice(index, 1);
      return "removed";
    },
  };
}
