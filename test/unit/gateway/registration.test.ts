import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tokenOf } from "../../../src/client/request.ts";
import {
  inviteAgain,
  invitePartner,
  refreshRegistration,
  registerWith,
  unregisterAt,
} from "../../../src/gateway/registration.ts";
import type { NewPartner, Partner, Party } from "../../../src/ports/partners.ts";
import { standingClock } from "../../support/fake-ports.ts";
import { type Fate, type MemoryGateway, memoryGateway, network } from "../../support/memory-gateway.ts";

const numbers = ["2.0", "2.1.1", "2.2", "2.2.1", "2.3.0"];
const party = (role: string, party_id: string): Party => ({
  country_code: "NL",
  party_id,
  roles: [role],
  business_details: { name: `Company ${party_id}` },
});
const settings = { token_encoding: "auto", push: true, retry: true, initial: "none" } as const;

/** Two gateways, a CPO and an eMSP. */
function pair() {
  const clock = standingClock();
  const net = network();
  const cpo = memoryGateway(net, "cpo.example.com", [party("CPO", "AAA")], clock);
  const emsp = memoryGateway(net, "emsp.example.com", [party("EMSP", "BBB")], clock);
  return { clock, net, cpo, emsp };
}

let count = 0;
const invited = (over: Partial<NewPartner> = {}): NewPartner => ({
  id: `partner-${++count}`,
  name: "Other",
  side: null,
  allow: {},
  settings: { ...settings },
  ...over,
});

/** The eMSP invites, the CPO registers. */
async function register(
  { cpo, emsp }: ReturnType<typeof pair>,
  over: { version?: string; invite?: Partial<NewPartner>; own?: Partial<NewPartner> } = {},
) {
  const { token, partner } = await invitePartner(emsp.ports, invited(over.invite));
  const request = { versionsUrl: `${emsp.base}/ocpi/versions`, token, base: cpo.base, version: over.version };
  return { token, atEmsp: partner.id, result: await registerWith(cpo.ports, invited(over.own), request) };
}

const registered = (gateway: MemoryGateway): Partner[] =>
  gateway.partners().filter((partner) => partner.status === "REGISTERED");

/** Whether what `from` presents would be let in by `to`. */
async function isLetIn(from: MemoryGateway, partner: Partner, to: MemoryGateway): Promise<boolean> {
  const token = await tokenOf(from.ports, partner);
  return token !== null && (await to.ports.partners.byTokenHashes([await to.ports.secrets.hash(token)])) !== null;
}

/** Both hold the other for registered in one version, and each lets the other in. */
async function expectConnected({ cpo, emsp }: ReturnType<typeof pair>, version?: string) {
  const [there] = registered(emsp);
  const [here] = registered(cpo);
  expect([registered(emsp).length, registered(cpo).length]).toEqual([1, 1]);
  expect(here!.version).toBe(there!.version);
  if (version) expect(here!.version).toBe(version);
  expect(here!.roles).toMatchObject([{ role: "EMSP", country_code: "NL", party_id: "BBB" }]);
  expect(there!.roles).toMatchObject([{ role: "CPO", country_code: "NL", party_id: "AAA" }]);
  expect(await isLetIn(cpo, here!, emsp)).toBe(true);
  expect(await isLetIn(emsp, there!, cpo)).toBe(true);
}

describe("registration", () => {
  test.each(numbers)("in %s, with the token of each side good at the other", async (version) => {
    const world = pair();
    const { result, token } = await register(world, { version });
    expect(result).toMatchObject({ ok: true, value: { status: "REGISTERED", version } });
    await expectConnected(world, version);
    expect(await world.emsp.ports.partners.byTokenHashes([`hash(${token})`])).toBeNull();
    expect(world.emsp.events.map((event) => event.type)).toEqual(["partner.registered"]);
    expect(world.cpo.events.map((event) => event.type)).toEqual(["partner.registered"]);
    expect(world.cpo.told).toEqual([`registered ${registered(world.cpo)[0]!.id}`]);
  });

  test("in the newest version both have", async () => {
    const world = pair();
    await register(world);
    await expectConnected(world, "2.3.0");
    const limited = pair();
    await register(limited, { invite: { allow: { versions: ["2.1.1", "2.2"] } } });
    await expectConnected(limited, "2.2");
    const none = pair();
    const { result } = await register(none, {
      invite: { allow: { versions: ["2.1.1"] } },
      own: { allow: { versions: ["2.3.0"] } },
    });
    expect(result).toMatchObject({ ok: false, error: { step: "versions" } });
    expect(none.cpo.partners()).toEqual([]);
  });

  test("only parties that the invitation is for; the registration leaves nothing behind", async () => {
    const world = pair();
    const { result, token } = await register(world, { invite: { allow: { parties: ["NL*XXX"] } } });
    expect(result).toMatchObject({ ok: false, error: { step: "credentials", code: 2001, http: 200 } });
    expect(world.cpo.partners()).toEqual([]);
    expect(world.cpo.memory.tokens.size).toBe(0);
    expect(await world.emsp.ports.partners.byTokenHashes([`hash(${token})`])).toMatchObject({
      kind: "INVITE",
      partner: { status: "INVITED" },
    });
  });

  test("a party whose role another partner has is refused, and we withdraw when the other side said yes", async () => {
    const world = pair();
    await register(world);
    const again = memoryGateway(world.net, "impostor.example.com", [party("EMSP", "BBB")], world.clock);
    const { token } = await invitePartner(again.ports, invited());
    const result = await registerWith(world.cpo.ports, invited(), {
      versionsUrl: `${again.base}/ocpi/versions`,
      token,
      base: world.cpo.base,
    });
    expect(result).toMatchObject({ ok: false, error: { step: "local" } });
    expect(again.partners()).toMatchObject([{ status: "UNREGISTERED" }]);
    await expectConnected(world);
    expect(world.cpo.partners()).toHaveLength(1);
  });

  test("token A used by two at once registers one of them", async () => {
    const world = pair();
    const { token } = await invitePartner(world.emsp.ports, invited());
    const twin = memoryGateway(world.net, "twin.example.com", [party("CPO", "CCC")], world.clock);
    const results = await Promise.all(
      [world.cpo, twin].map((gateway) =>
        registerWith(gateway.ports, invited(), {
          versionsUrl: `${world.emsp.base}/ocpi/versions`,
          token,
          base: gateway.base,
        }),
      ),
    );
    expect(results.filter((result) => result.ok)).toHaveLength(1);
    expect(results.find((result) => !result.ok)).toMatchObject({ error: { step: "credentials", http: 405 } });
    expect(registered(world.emsp)).toHaveLength(1);
    expect(registered(world.emsp)[0]!.roles).toHaveLength(1);
    expect([...world.cpo.partners(), ...twin.partners()]).toHaveLength(1);
  });

  test("version up and down by PUT, tokens new both ways, the old one good until the new one is used", async () => {
    const world = pair();
    await register(world, { version: "2.1.1" });
    const before = registered(world.cpo)[0]!;
    for (const version of ["2.2.1", "2.3.0", "2.0", "2.3.0"]) {
      const current = registered(world.cpo)[0]!;
      const result = await refreshRegistration(world.cpo.ports, current, { version, base: world.cpo.base });
      expect(result).toMatchObject({ ok: true, value: { version } });
      await expectConnected(world, version);
    }
    expect(registered(world.cpo)[0]!.outbound_token).not.toBe(before.outbound_token);
    expect(world.emsp.events.map((event) => event.type)).toEqual([
      "partner.registered",
      ...Array(4).fill("partner.updated"),
    ]);
    const result = await refreshRegistration(world.emsp.ports, registered(world.emsp)[0]!, { base: world.emsp.base });
    expect(result).toMatchObject({ ok: true, value: { version: "2.3.0" } });
    await expectConnected(world, "2.3.0");
  });

  test("unregistering ends it on both sides", async () => {
    const world = pair();
    await register(world);
    await unregisterAt(world.cpo.ports, registered(world.cpo)[0]!);
    expect(world.cpo.partners()).toMatchObject([{ status: "UNREGISTERED" }]);
    expect(world.emsp.partners()).toMatchObject([{ status: "UNREGISTERED" }]);
    expect(world.emsp.memory.tokens.size).toBe(0);
    expect(world.emsp.events.at(-1)?.type).toBe("partner.unregistered");
    expect(world.emsp.told.at(-1)).toMatch(/^stopped /);
  });
});

describe("a registration cut off half-way", () => {
  /** The answer to the POST is lost: GET versions, GET details, POST, and inside it two call-backs. */
  async function cutOff() {
    const world = pair();
    world.net.fates = ["ok", "ok", "answer lost"];
    const { result, atEmsp } = await register(world);
    expect(result).toMatchObject({ ok: false, error: { step: "credentials", http: null } });
    expect(registered(world.emsp)).toHaveLength(1);
    expect(registered(world.cpo)).toHaveLength(0);
    return { ...world, atEmsp };
  }

  test("is completed by a PUT of the side that thinks it stands", async () => {
    const world = await cutOff();
    const result = await refreshRegistration(world.emsp.ports, registered(world.emsp)[0]!, { base: world.emsp.base });
    expect(result.ok).toBe(true);
    await expectConnected(world);
    expect(world.cpo.events.map((event) => event.type)).toEqual(["partner.registered"]);
  });

  test("is mended by a fresh token A for the same partner, and leaves one row on each side", async () => {
    const world = await cutOff();
    const { token } = await inviteAgain(world.emsp.ports, world.atEmsp);
    const request = { versionsUrl: `${world.emsp.base}/ocpi/versions`, token, base: world.cpo.base };
    expect(await registerWith(world.cpo.ports, invited(), request)).toMatchObject({ ok: true });
    await expectConnected(world);
    expect([world.cpo.partners().length, world.emsp.partners().length]).toEqual([1, 1]);
  });

  test("a partner that registers anew with a fresh token A, though both hold it for registered, keeps its row", async () => {
    const world = pair();
    const { atEmsp } = await register(world);
    const before = registered(world.cpo)[0]!.id;
    const { token } = await inviteAgain(world.emsp.ports, atEmsp);
    const request = { versionsUrl: `${world.emsp.base}/ocpi/versions`, token, base: world.cpo.base };
    expect(await registerWith(world.cpo.ports, invited(), request)).toMatchObject({ ok: true, value: { id: before } });
    await expectConnected(world);
    expect([world.cpo.partners().length, world.emsp.partners().length]).toEqual([1, 1]);
  });

  test.each([
    [["request lost"], "versions"],
    [["ok", "answer lost"], "version_details"],
    [["ok", "ok", "ok", "request lost"], "credentials"],
    [["ok", "ok", "ok", "ok", "answer lost"], "credentials"],
  ] as [Fate[], string][])("with %j it names the step %s, and token A is as good as before", async (fates, step) => {
    const world = pair();
    world.net.fates = fates;
    const { result, token } = await register(world);
    expect(result).toMatchObject({ ok: false, error: { step } });
    expect(world.cpo.partners()).toEqual([]);
    const request = { versionsUrl: `${world.emsp.base}/ocpi/versions`, token, base: world.cpo.base };
    expect(await registerWith(world.cpo.ports, invited(), request)).toMatchObject({ ok: true });
    await expectConnected(world);
  });
});

describe("whatever is lost on the way", () => {
  const fates = fc.array(fc.constantFrom<Fate>("ok", "ok", "ok", "request lost", "answer lost"), { maxLength: 7 });
  const side = fc.constantFrom("cpo" as const, "emsp" as const);
  const version = fc.option(fc.constantFrom(...numbers), { nil: undefined });
  const step = fc.oneof(
    fc.record({ does: fc.constant("register" as const), fates, version }),
    fc.record({ does: fc.constant("refresh" as const), side, fates, version }),
    fc.record({ does: fc.constant("unregister" as const), side, fates }),
  );

  test("those who hold each other for registered let each other in, and a fresh token A mends all else", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
        const world = pair();
        for (const act of steps) {
          world.net.fates = [...act.fates];
          if (act.does === "register") await meet(world, act.version);
          else {
            const [gateway] = [world[act.side]];
            const [partner] = registered(gateway);
            if (partner && act.does === "refresh")
              await refreshRegistration(gateway.ports, partner, { version: act.version, base: gateway.base });
            if (partner && act.does === "unregister") await unregisterAt(gateway.ports, partner);
          }
          world.net.fates = [];
          world.clock.advance(120_000);
          await expectSound(world);
        }
        await meet(world, undefined);
        await expectConnected(world);
      }),
      { numRuns: 150 },
    );
  });

  /** The eMSP gives a token A for the one partner it has, or a new one; the CPO registers with it. */
  async function meet(world: ReturnType<typeof pair>, number: string | undefined) {
    const [known] = world.emsp.partners();
    const { token } = known
      ? await inviteAgain(world.emsp.ports, known.id)
      : await invitePartner(world.emsp.ports, invited());
    const request = { versionsUrl: `${world.emsp.base}/ocpi/versions`, token, base: world.cpo.base, version: number };
    return registerWith(world.cpo.ports, invited(), request);
  }

  async function expectSound({ cpo, emsp }: ReturnType<typeof pair>) {
    expect([registered(cpo).length, registered(emsp).length].every((n) => n <= 1)).toBe(true);
    const [here] = registered(cpo);
    const [there] = registered(emsp);
    // A row that waits for the PUT of a cut-off registration means that the older one may be a thing of the past.
    const isCutOff = cpo.partners().some(({ status }) => status === "INVITED");
    if (here && there && !isCutOff)
      expect([await isLetIn(cpo, here, emsp), await isLetIn(emsp, there, cpo)]).toEqual([true, true]);
  }
});
