/** An OCPI version number as it stands in a versions list. */
export type Version = "2.0" | "2.1.1" | "2.2" | "2.2.1" | "2.3.0";

/** The side of a module an endpoint serves: SENDER owns the data, RECEIVER is pushed to (2.0/2.1.1 do not name it). */
export type Side = "SENDER" | "RECEIVER";

/** What a party does. HUB is said as a role up to 2.2.1 and as `hub_party_id` in 2.3.0. */
export type RoleName = "CPO" | "EMSP" | "HUB" | "NAP" | "NSP" | "OTHER" | "SCSP";

/** Every version, oldest first; the order is what "since" means in the tables. */
export const VERSIONS: readonly Version[] = ["2.0", "2.1.1", "2.2", "2.2.1", "2.3.0"];

/** Says whether `version` is `since` or newer. */
export function atLeast(version: Version, since: Version): boolean {
  return VERSIONS.indexOf(version) >= VERSIONS.indexOf(since);
}

/** The newest version both lists name; undefined when they share none. */
export function newestCommon(ours: readonly string[], theirs: readonly string[]): Version | undefined {
  return [...VERSIONS].reverse().find((version) => ours.includes(version) && theirs.includes(version));
}

/** The side of every module by role: S sender, R receiver, B both. Sources: the roles tables of 2.2 and later. */
const SIDES: Record<RoleName, Record<string, "S" | "R" | "B">> = {
  CPO: {
    locations: "S",
    sessions: "S",
    cdrs: "S",
    tariffs: "S",
    tokens: "R",
    commands: "R",
    chargingprofiles: "R",
    hubclientinfo: "R",
  },
  EMSP: {
    locations: "R",
    sessions: "R",
    cdrs: "R",
    tariffs: "R",
    tokens: "S",
    commands: "S",
    chargingprofiles: "S",
    hubclientinfo: "R",
  },
  HUB: {
    locations: "B",
    sessions: "B",
    cdrs: "B",
    tariffs: "B",
    tokens: "B",
    commands: "B",
    chargingprofiles: "B",
    hubclientinfo: "S",
  },
  NSP: { locations: "R", tariffs: "R", hubclientinfo: "R" },
  NAP: { locations: "B", tariffs: "B", hubclientinfo: "R" },
  SCSP: { chargingprofiles: "S", sessions: "R", hubclientinfo: "R" },
  OTHER: { locations: "R", tariffs: "R", hubclientinfo: "R" },
};

/** Modules that are never routed: no OCPI-to/from headers belong on them. */
export const CONFIGURATION_MODULES: readonly string[] = ["versions", "details", "credentials", "hubclientinfo"];

function exists(version: Version, module: string): boolean {
  if (module === "commands") return atLeast(version, "2.1.1");
  if (module === "chargingprofiles" || module === "hubclientinfo") return atLeast(version, "2.2");
  return true;
}

/** Whether a platform with these roles serves this side of this module in this version. */
export function serves(version: Version, roles: readonly RoleName[], module: string, side: Side): boolean {
  if (!exists(version, module)) return false;
  // 2.0 and 2.1.1 know two kinds of platform only; everybody but a CPO stands where the eMSP stands.
  const effective = atLeast(version, "2.2") ? roles : [roles[0] === "CPO" ? ("CPO" as const) : ("EMSP" as const)];
  return effective.some((role) => {
    // A peer may name a role this table does not know; it then serves nothing here.
    const what = SIDES[role]?.[module];
    return what === "B" || what === side[0];
  });
}

/** Module ids of the functional modules and hubclientinfo, in the order version details list them. */
export const MODULES: readonly string[] = [
  "locations",
  "tariffs",
  "tokens",
  "sessions",
  "cdrs",
  "commands",
  "chargingprofiles",
  "hubclientinfo",
];

/** The sides of every module a platform offers: one line of version details each (`credentials` not included). */
export function offers(version: Version, roles: readonly RoleName[]): { module: string; side: Side }[] {
  const sides: Side[] = ["SENDER", "RECEIVER"];
  return MODULES.flatMap((module) =>
    sides.filter((side) => serves(version, roles, module, side)).map((side) => ({ module, side })),
  );
}
