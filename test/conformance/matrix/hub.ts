import { beforeAll } from "vitest";
import { type ExampleKind, examples } from "../../sandbox/fixtures/example.ts";
import type { OcpiObject, PartyId } from "../../sandbox/types.ts";
import { VERSIONS, type Version } from "../../sandbox/versions.ts";
import { type Connection, useWorld, type World } from "../../support/ocpi.ts";

/** A hub between a CPO and an eMSP of every version; everybody's examples have been pushed and passed on. */
export interface Hub {
  world: World;
  CPO: Record<Version, Connection>;
  EMSP: Record<Version, Connection>;
}

/** Short names of the examples, as tests call them, and the ids they have in the fixtures. */
export const NAMES = {
  garage: { kind: "locations", id: "HBR-GARAGE" },
  unpublished: { kind: "locations", id: "DIJK-9" },
  day: { kind: "tariffs", id: "TAR-DAY" },
  plain: { kind: "tariffs", id: "TAR-PLAIN" },
  card: { kind: "tokens", id: "04A1B2C3D4E5F6" },
  app: { kind: "tokens", id: "APP-7731" },
} as const satisfies Record<string, { kind: ExampleKind; id: string }>;

/** Name of an example. */
export type Name = keyof typeof NAMES;

/** The id an example has when a partner of this version owns it: ids differ, for the lists of 2.1.1 name no owner. */
export function idIn(version: Version, name: Name): string {
  const { id } = NAMES[name];
  return `${id.slice(0, 12)}-${VERSIONS.indexOf(version)}`;
}

/** The examples of a version, owned by a party, references among them kept. */
export function examplesOf(version: Version, kind: ExampleKind, owner: PartyId): OcpiObject[] {
  let text = JSON.stringify(examples(version, kind));
  for (const [name, { id }] of Object.entries(NAMES)) {
    text = text.replaceAll(`"${id}"`, `"${idIn(version, name as Name)}"`);
  }
  const list = JSON.parse(text) as OcpiObject[];
  return list.map((object) => (object.country_code === undefined ? object : { ...object, ...own(owner) }));
}

const own = ({ country_code, party_id }: PartyId): PartyId => ({ country_code, party_id });

/** Where an example of a version's partner stands in a sandbox's store. */
export function keyIn(hub: Hub, version: Version, name: Name, type?: string): string {
  const { kind } = NAMES[name];
  const { party } = hub[kind === "tokens" ? "EMSP" : "CPO"][version];
  const key = `${party.country_code}/${party.party_id}/${idIn(version, name)}`;
  return type === undefined || type === "RFID" ? key : `${key}/${type}`;
}

/** Who is sent an example: eMSPs what CPOs have, and the other way about. */
export function readersOf(hub: Hub, name: Name): Record<Version, Connection> {
  return NAMES[name].kind === "tokens" ? hub.CPO : hub.EMSP;
}

/** What a reader was last sent of an example; undefined when nothing, whatever the type of a Token became. */
export function receivedBy(hub: Hub, to: Version, from: Version, name: Name): OcpiObject | undefined {
  const store = readersOf(hub, name)[to].partner.store[NAMES[name].kind];
  for (const type of ["RFID", "OTHER", "APP_USER"]) {
    const found = store.get(keyIn(hub, from, name, type));
    if (found) return found;
  }
  return undefined;
}

/** Whether an example has a form in a version at all. What is shown to some only cannot be said before 2.2. */
export function reaches(name: Name, from: Version, to: Version): boolean {
  const [since, target] = [VERSIONS.indexOf(from), VERSIONS.indexOf(to)];
  return name !== "unpublished" || since < 2 || target >= 2;
}

/** Opens the hub before the tests of a file. */
export function useHub(): Hub {
  const world = useWorld();
  const hub: Hub = { world, CPO: {} as Hub["CPO"], EMSP: {} as Hub["EMSP"] };
  beforeAll(async () => {
    await world.api("PUT", "/parties/NL/GWY", { roles: ["HUB"], business_details: { name: "Hub" } });
    for (const [i, version] of VERSIONS.entries()) {
      hub.CPO[version] = await world.connect({ version, role: "CPO", party: `NL/C${i}X` });
      hub.EMSP[version] = await world.connect({ version, role: "EMSP", party: `DE/E${i}X` });
    }
    for (const version of VERSIONS) {
      const { CPO, EMSP } = { CPO: hub.CPO[version], EMSP: hub.EMSP[version] };
      await pushAll(CPO, "tariffs");
      await pushAll(CPO, "locations");
      await pushAll(EMSP, "tokens");
    }
    await Promise.all(VERSIONS.map((to) => everythingArrived(hub, to)));
  });
  return hub;
}

async function pushAll({ partner, version, party }: Connection, kind: ExampleKind): Promise<void> {
  for (const object of examplesOf(version, kind, party)) {
    const answer = await partner.push(kind, object);
    if (answer.http !== 201) throw new Error(`${version} ${kind}: ${answer.raw}`);
  }
}

async function everythingArrived(hub: Hub, to: Version): Promise<void> {
  for (const name of Object.keys(NAMES) as Name[]) {
    for (const from of VERSIONS) {
      if (!reaches(name, from, to)) continue;
      await readersOf(hub, name)
        [to].partner.waitFor(() => receivedBy(hub, to, from, name), 10_000)
        .catch((error: Error) => {
          throw new Error(`${name} of ${from} never came to ${to}: ${error.message}`);
        });
    }
  }
}
