import { beforeEach, describe, expect, test } from "vitest";
import type { NewPartner, PartnerRole, PartnerStore, PartyStore, Registration } from "../../src/ports/partners.ts";
import type { Clock } from "../../src/ports/world.ts";

const settings = { token_encoding: "auto", push: true, retry: true, initial: "none" } as const;

/** What a {@link PartnerStore} must do, whatever it stands on. `open` gives empty stores that go by `clock`. */
export function partnerStoreCases(
  open: (clock: Clock) => Promise<{ partners: PartnerStore; parties: PartyStore }>,
): void {
  let now = Date.parse("2026-05-01T10:00:00Z");
  let store: PartnerStore;
  let parties: PartyStore;
  let count = 0;
  const fresh = (over: Partial<NewPartner> = {}): NewPartner => ({
    id: `p-${++count}`,
    name: "Example",
    side: null,
    allow: {},
    settings: { ...settings },
    ...over,
  });
  const cpo = (party_id: string): PartnerRole => ({ role: "CPO", country_code: "NL", party_id });
  const registration = (partner: string, over: Partial<Registration> = {}): Registration => ({
    partner,
    epoch: 1,
    version: "2.2.1",
    versions_url: "https://example.com/versions",
    side: null,
    roles: [cpo("PPP")],
    endpoints: [{ identifier: "credentials", role: "SENDER", url: "https://example.com/2.2.1/credentials" }],
    token_encoding: "base64",
    outbound_token: "sealed",
    inbound_hash: `new-${partner}`,
    ...over,
  });

  beforeEach(async () => {
    now += 1_000_000;
    ({ partners: store, parties } = await open({ now: () => now }));
  });

  describe("partners", () => {
    test("an invitation is found by any of the candidate hashes until it expires", async () => {
      const { id } = await store.create(fresh(), "a-hash", now + 1000);
      const found = await store.byTokenHashes(["other", "a-hash"]);
      expect(found).toMatchObject({
        kind: "INVITE",
        hash: "a-hash",
        partner: { id, status: "INVITED", epoch: 1, roles: [] },
      });
      now += 2000;
      expect(await store.byTokenHashes(["a-hash"])).toBeNull();
      expect(await store.claim("a-hash", now + 60_000)).toBe(false);
    });

    test("a claim is held by one at a time, ends by itself and by release", async () => {
      await store.create(fresh(), "a-hash", null);
      const claims = await Promise.all([1, 2, 3].map(() => store.claim("a-hash", now + 60_000)));
      expect(claims.filter(Boolean)).toHaveLength(1);
      await store.release("a-hash");
      expect(await store.claim("a-hash", now + 60_000)).toBe(true);
      now += 60_001;
      expect(await store.claim("a-hash", now + 60_000)).toBe(true);
      expect(await store.claim("nobody's", now + 60_000)).toBe(false);
    });

    test("token A registers once, whoever holds it", async () => {
      const { id } = await store.create(fresh(), "a-hash", null);
      const attempts = await Promise.all(
        ["c1", "c2"].map((inbound_hash) => store.register(registration(id, { inbound_hash, used_hash: "a-hash" }))),
      );
      expect(attempts.filter((attempt) => attempt.ok)).toHaveLength(1);
      expect(attempts.find((attempt) => !attempt.ok)).toMatchObject({ why: "stale" });
      expect(await store.byTokenHashes(["a-hash"])).toBeNull();
      const left = await Promise.all(["c1", "c2"].map((hash) => store.byTokenHashes([hash])));
      expect(left.filter((found) => found !== null)).toMatchObject([{ kind: "CURRENT" }]);
      expect(await store.get(id)).toMatchObject({ status: "REGISTERED", version: "2.2.1", epoch: 2 });
    });

    test("a role of a party belongs to one partner, and nothing is half done when it is taken", async () => {
      const first = await store.create(fresh(), "a1", null);
      const second = await store.create(fresh(), "a2", null);
      expect(
        await store.register(registration(first.id, { roles: [cpo("AAA"), cpo("BBB")], used_hash: "a1" })),
      ).toEqual({ ok: true });
      const taken = await store.register(registration(second.id, { roles: [cpo("CCC"), cpo("BBB")], used_hash: "a2" }));
      expect(taken).toMatchObject({ ok: false, why: "taken", detail: "NL*BBB as CPO belongs to another partner" });
      expect(await store.byTokenHashes(["a2"])).toMatchObject({
        kind: "INVITE",
        partner: { status: "INVITED", roles: [], epoch: 1 },
      });
      const other = await store.register(
        registration(second.id, { roles: [{ ...cpo("BBB"), role: "EMSP" }], used_hash: "a2" }),
      );
      expect(other).toEqual({ ok: true });
      expect((await store.registered()).map((partner) => partner.id)).toEqual([first.id, second.id]);
    });

    test("a role of one of our own parties is taken", async () => {
      await parties.put({
        country_code: "NL",
        party_id: "OWN",
        roles: ["CPO", "HUB"],
        business_details: { name: "Us" },
      });
      const { id } = await store.create(fresh(), "a", null);
      expect(await store.register(registration(id, { roles: [cpo("OWN")] }))).toMatchObject({
        why: "taken",
        detail: "NL*OWN as CPO belongs to this gateway",
      });
      expect(await store.register(registration(id, { roles: [{ ...cpo("OWN"), role: "EMSP" }] }))).toEqual({
        ok: true,
      });
    });

    test("rotation keeps the old token until the new one is used", async () => {
      const { id } = await store.create(fresh(), "a", null);
      await store.register(registration(id, { inbound_hash: "c1", used_hash: "a" }));
      expect(await store.register(registration(id, { epoch: 2, inbound_hash: "c2", used_hash: "c1" }))).toEqual({
        ok: true,
      });
      expect(await store.byTokenHashes(["c1"])).toMatchObject({ kind: "PREVIOUS" });
      await store.confirmToken(id, "c1");
      expect(await store.byTokenHashes(["c1"])).toMatchObject({ kind: "PREVIOUS" });
      // Again with the old token: the answer to the first PUT was lost.
      expect(await store.register(registration(id, { epoch: 3, inbound_hash: "c3", used_hash: "c1" }))).toEqual({
        ok: true,
      });
      await store.confirmToken(id, "c3");
      expect(await store.byTokenHashes(["c1"])).toBeNull();
      expect(await store.byTokenHashes(["c2"])).toBeNull();
      expect(await store.byTokenHashes(["c3"])).toMatchObject({ kind: "CURRENT", partner: { epoch: 5 } });
      await store.confirmToken(id, "c3");
      expect((await store.get(id))?.epoch).toBe(5);
    });

    test("a partner that changed since it was read is stale", async () => {
      const { id } = await store.create(fresh(), "a", null);
      expect((await store.update(id, { status: "SUSPENDED" }))?.epoch).toBe(2);
      expect(await store.register(registration(id, { used_hash: "a" }))).toMatchObject({ ok: false, why: "stale" });
      expect(await store.register(registration(id, { epoch: 2, used_hash: "a" }))).toEqual({ ok: true });
      expect((await store.get(id))?.status).toBe("SUSPENDED");
    });

    test("a token added while our POST is open becomes the current one, and can be dropped", async () => {
      const { id } = await store.create(fresh({ versions_url: "https://example.com/v" }), null, null);
      await store.addToken(id, "b", "PENDING");
      expect(await store.byTokenHashes(["b"])).toMatchObject({
        kind: "PENDING",
        partner: { versions_url: "https://example.com/v" },
      });
      await store.dropToken("b");
      expect(await store.byTokenHashes(["b"])).toBeNull();
      expect((await store.get(id))?.epoch).toBe(2);
      await store.addToken(id, "b2", "PENDING");
      await store.addToken(id, "lost", "PENDING");
      expect(await store.register(registration(id, { epoch: 2, inbound_hash: "b2" }))).toEqual({ ok: true });
      expect(await store.byTokenHashes(["b2"])).toMatchObject({ kind: "CURRENT", partner: { status: "REGISTERED" } });
      expect(await store.byTokenHashes(["lost"])).toMatchObject({ kind: "PREVIOUS" });
      // A handshake under way kills nothing: only the token that is in use does.
      await store.addToken(id, "b3", "PENDING");
      await store.confirmToken(id, "b3");
      expect(await store.byTokenHashes(["lost"])).toMatchObject({ kind: "PREVIOUS" });
      await store.confirmToken(id, "b2");
      expect(await store.byTokenHashes(["lost"])).toBeNull();
      expect(await store.byTokenHashes(["b3"])).toMatchObject({ kind: "PENDING" });
    });

    test("unregistering frees the roles, kills the tokens and keeps the row; an invitation revives it", async () => {
      const { id } = await store.create(fresh(), "a", null);
      await store.register(registration(id, { inbound_hash: "c", roles: [cpo("AAA")], used_hash: "a" }));
      await store.unregister(id);
      expect(await store.byTokenHashes(["c"])).toBeNull();
      expect(await store.get(id)).toMatchObject({
        status: "UNREGISTERED",
        outbound_token: null,
        endpoints: [],
        roles: [],
      });
      const next = await store.create(fresh(), "a2", null);
      expect(await store.register(registration(next.id, { roles: [cpo("AAA")], used_hash: "a2" }))).toEqual({
        ok: true,
      });
      await store.invite(id, "a3", now + 1000);
      await store.invite(id, "a4", now + 1000);
      expect(await store.byTokenHashes(["a3"])).toBeNull();
      expect(await store.byTokenHashes(["a4"])).toMatchObject({ kind: "INVITE", partner: { id, status: "INVITED" } });
      await store.remove(id);
      expect(await store.get(id)).toBeNull();
      expect(await store.byTokenHashes(["a4"])).toBeNull();
    });

    test("lists in creation order, page by page", async () => {
      const ids = [];
      for (let i = 0; i < 3; i++) ids.push((await store.create(fresh(), null, null)).id);
      expect((await store.list({ limit: 2 })).map((partner) => partner.id)).toEqual(ids.slice(0, 2));
      expect((await store.list({ after: ids[1]!, limit: 2 })).map((partner) => partner.id)).toEqual(ids.slice(2));
    });

    test("being seen is noted at most once a minute", async () => {
      const { id } = await store.create(fresh(), "a", null);
      await store.byTokenHashes(["a"]);
      const seen = now;
      now += 30_000;
      await store.byTokenHashes(["a"]);
      expect((await store.get(id))?.last_seen_at).toBe(seen);
      now += 60_000;
      await store.byTokenHashes(["a"]);
      expect((await store.get(id))?.last_seen_at).toBe(now);
    });

    test("settings, name and side are changed one by one", async () => {
      const { id } = await store.create(fresh(), null, null);
      await store.update(id, { name: "New" });
      await store.update(id, { settings: { ...settings, push: false }, side: "CPO", token_encoding: "raw" });
      expect(await store.get(id)).toMatchObject({
        name: "New",
        settings: { push: false },
        side: "CPO",
        token_encoding: "raw",
        epoch: 3,
      });
      expect(await store.update("nobody", { name: "x" })).toBeNull();
    });
  });
}
