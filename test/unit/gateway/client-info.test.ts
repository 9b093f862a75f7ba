import { expect, test } from "vitest";
import { connectedParties } from "../../../src/gateway/client-info.ts";
import type { ObjectWrite, StoredObject } from "../../../src/ports/objects.ts";
import type { Partner, PartnerStatus } from "../../../src/ports/partners.ts";
import { standingClock } from "../../support/fake-ports.ts";
import { partnerOf, store } from "./world.ts";

const hub = { country_code: "NL", party_id: "HUB" };
const reader = partnerOf("r", "EMSP DE RDR");

/** A hub with one partner that can be changed, and a look at what is told of it. */
function stage() {
  const clock = standingClock();
  const partner: Partner = { ...partnerOf("p", "CPO DE ABC"), created_at: clock.now() - 1_000_000 };
  const health: { state: string; since: string | null } = { state: "OK", since: null };
  let kept: StoredObject | null = null;
  const writes: ObjectWrite[] = [];
  const ports = {
    clock,
    hosts: { health: async () => health },
    objects: {
      load: async () => ({ ok: true, value: [{ object: kept, own: true }] }),
      commit: async (_: unknown, [write]: ObjectWrite[]) => {
        if (write === undefined) throw new Error("nothing to write");
        if ((write.before?.revision ?? 0) !== (kept?.revision ?? 0)) return "conflict";
        writes.push(write);
        kept = store(kept, write);
        return "committed";
      },
    },
  } as unknown as Parameters<typeof connectedParties>[0];
  const look = async () => {
    const [told] = await connectedParties(ports, hub, [partner, reader], reader);
    clock.advance(1_000);
    return told as { status: string; last_updated: string };
  };
  return { look, partner, health, clock, writes };
}

test("what changed is told later than what was told before, and what did not is told the same", async () => {
  const { look, partner, health, writes } = stage();
  const first = await look();
  expect(await look()).toEqual(first);
  let last = first;
  const changes: [status: PartnerStatus, state: string, told: string][] = [
    ["SUSPENDED", "OK", "SUSPENDED"],
    ["REGISTERED", "OK", "CONNECTED"],
    ["REGISTERED", "UNREACHABLE", "OFFLINE"],
    ["UNREGISTERED", "OK", "SUSPENDED"],
  ];
  for (const [status, state, told] of changes) {
    partner.status = status;
    health.state = state;
    const now = await look();
    expect(now.status).toBe(told);
    expect(Date.parse(now.last_updated)).toBeGreaterThan(Date.parse(last.last_updated));
    expect(await look()).toEqual(now);
    last = now;
  }
  partner.roles = [...partner.roles, { role: "EMSP", country_code: "DE", party_id: "ABC" }];
  expect(Date.parse((await look()).last_updated)).toBeGreaterThan(Date.parse(last.last_updated));
  expect(writes).toHaveLength(6);
});

test("what was never told is told as of now: whoever asks for changes has not seen it", async () => {
  const { look, partner, clock } = stage();
  partner.status = "SUSPENDED";
  const asked = clock.now();
  expect(Date.parse((await look()).last_updated)).toBe(asked);
});

test("a connection that was lost and is lost again since is told as of then", async () => {
  const { look, health, clock } = stage();
  health.state = "UNREACHABLE";
  const first = await look();
  clock.advance(60_000);
  health.since = new Date(clock.now()).toISOString();
  const again = await look();
  expect(Date.parse(again.last_updated)).toBeGreaterThan(Date.parse(first.last_updated));
});
