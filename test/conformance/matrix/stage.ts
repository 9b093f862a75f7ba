import { beforeAll } from "vitest";
import { example } from "../../sandbox/fixtures/example.ts";
import type { CallOptions } from "../../sandbox/send.ts";
import type { Answer, OcpiObject } from "../../sandbox/types.ts";
import { type Side, VERSIONS, type Version } from "../../sandbox/versions.ts";
import { type Connection, type Invitation, useWorld, type World } from "../../support/ocpi.ts";
import type { Endpoint } from "./rows.ts";
import { type Placed, SUBJECTS } from "./subjects.ts";

/** Who is on stage in one version: a CPO and an eMSP that are registered, and one that has a token A only. */
export interface Cast {
  CPO: Connection;
  EMSP: Connection;
  invited: Invitation;
}

/** A gateway that is CPO and eMSP itself, partners of every version, and objects of its own. */
export interface Stage {
  world: World;
  of(version: Version): Cast;
  /** Partners of no version in particular whose objects nobody else may touch. */
  rivals: { CPO: Connection; EMSP: Connection };
  /** The partner that asks for a row: who pushes to our Receiver, and who reads what we send. */
  asker(version: Version, row: Endpoint): Connection;
  /** An id nobody had yet, short enough for 2.0. */
  freshId(): string;
  /** A party nobody has yet, `XX/A01`. */
  freshParty(): string;
}

/** Our own objects, one of each kind, as the operator stored them; ids short enough for 2.0. */
export const OWN: Record<"locations" | "tariffs" | "tokens", OcpiObject> = {
  locations: example("2.3.0", "locations", { country_code: "NL", party_id: "GWY", id: "OWN LOC/1" }),
  tariffs: example("2.3.0", "tariffs", { country_code: "NL", party_id: "GWY", id: "OWN-TAR" }),
  tokens: example("2.3.0", "tokens", { country_code: "NL", party_id: "GWY", uid: "OWN-TOK" }),
};

/** Sets the stage before the tests of a file. */
export function useStage(): Stage {
  const world = useWorld();
  const casts = new Map<Version, Cast>();
  let serial = 0;
  const letters = () => (++serial).toString(36).toUpperCase().padStart(2, "0");
  const stage: Stage = {
    world,
    rivals: {} as Stage["rivals"],
    of(version) {
      const cast = casts.get(version);
      if (!cast) throw new Error(`nobody speaks ${version} here`);
      return cast;
    },
    asker(version, { module, role }) {
      const receives = role === "RECEIVER" ? "CPO" : "EMSP";
      const isTurned = ["tokens", "commands", "chargingprofiles"].includes(module);
      return stage.of(version)[isTurned === (receives === "CPO") ? "EMSP" : "CPO"];
    },
    freshId: () => `X${letters()}`,
    freshParty: () => `XX/Z${letters()}`,
  };
  beforeAll(async () => {
    await world.api("PUT", "/parties/NL/GWY", { roles: ["CPO", "EMSP"], business_details: { name: "Gateway" } });
    for (const [module, object] of Object.entries(OWN)) {
      const { country_code, party_id, id = object.uid } = object;
      await world.api("PUT", `/${module}/${country_code}/${party_id}/${encodeURIComponent(id)}`, object);
    }
    for (const [i, version] of VERSIONS.entries()) {
      const settings = { push: false };
      casts.set(version, {
        CPO: await world.connect({ version, role: "CPO", party: `NL/C${i}X`, settings }),
        EMSP: await world.connect({ version, role: "EMSP", party: `DE/E${i}X`, settings }),
        invited: await world.invite({ version, role: "CPO", party: `NL/I${i}X` }),
      });
    }
    const rival = { version: "2.2.1" as const, settings: { push: false } };
    stage.rivals.CPO = await world.connect({ ...rival, role: "CPO", party: "NL/RIV" });
    stage.rivals.EMSP = await world.connect({ ...rival, role: "EMSP", party: "DE/RIV" });
  });
  return stage;
}

/** A request about a client owned object of a connection's own party (or of `owner`), judged by the sandbox. */
export function askOwned(
  connection: Connection,
  row: Pick<Endpoint, "module" | "role">,
  method: string,
  { ids }: Pick<Placed, "ids">,
  options: CallOptions & { owner?: { country_code: string; party_id: string } } = {},
): Promise<Answer> {
  const { owner = connection.party, ...rest } = options;
  const path = [owner.country_code, owner.party_id, ...ids];
  return connection.partner.request(row.module, row.role as Side, method, path, rest);
}

/** The object as the operator reads it; undefined when the gateway has none. */
export async function readByOperator(
  stage: Stage,
  { party, version }: Connection,
  kind: string,
  ids: readonly string[],
): Promise<OcpiObject | undefined> {
  const { module } = SUBJECTS[kind] ?? {};
  const path = [party.country_code, party.party_id, ...ids].map(encodeURIComponent).join("/");
  const { status, json } = await stage.world.api("GET", `/${module}/${path}`);
  if (status === 404) return undefined;
  if (status !== 200) throw new Error(`the operator cannot read ${path} of ${version}: ${status}`);
  return json;
}
