import type { InterfaceRole } from "./endpoints.ts";

const sender: readonly InterfaceRole[] = ["SENDER"];
const receiver: readonly InterfaceRole[] = ["RECEIVER"];
const both: readonly InterfaceRole[] = ["SENDER", "RECEIVER"];
const none: readonly InterfaceRole[] = [];

/**
 * Which interfaces of a module a role typically has. Roles of the table's last rows only read; OTHER is what a hub of
 * 2.3.0 that reaches nobody calls itself, and what a party nobody thought of is: it may read what everyone may.
 * Spec: 2.2.1 terminology, "typical" table; 2.3.0 payments (PTP).
 */
const matrix: Readonly<Record<string, Readonly<Record<string, readonly InterfaceRole[]>>>> = {
  locations: {
    CPO: sender,
    EMSP: receiver,
    HUB: both,
    NSP: receiver,
    NAP: both,
    PTP: receiver,
    OTHER: receiver,
  },
  tariffs: {
    CPO: sender,
    EMSP: receiver,
    HUB: both,
    NSP: receiver,
    NAP: both,
    PTP: receiver,
    OTHER: receiver,
  },
  tokens: { CPO: receiver, EMSP: sender, HUB: both },
  sessions: { CPO: sender, EMSP: receiver, HUB: both, SCSP: receiver, PTP: receiver },
  cdrs: { CPO: sender, EMSP: receiver, HUB: both, PTP: receiver },
  commands: { CPO: receiver, EMSP: sender, HUB: both, PTP: sender },
  chargingprofiles: { CPO: receiver, EMSP: sender, HUB: both, SCSP: sender },
  hubclientinfo: {
    CPO: receiver,
    EMSP: receiver,
    HUB: sender,
    NSP: receiver,
    NAP: receiver,
    SCSP: receiver,
    PTP: receiver,
    OTHER: receiver,
  },
};

/** The interfaces a platform with this role has of a module; empty when the module is not for it. */
export function interfacesOf(role: string, module: string): readonly InterfaceRole[] {
  return matrix[module]?.[role] ?? none;
}

/** Whether a platform with any of these roles has an interface of a module. */
export function hasInterface(roles: readonly string[], module: string, wanted: InterfaceRole): boolean {
  return roles.some((role) => interfacesOf(role, module).includes(wanted));
}
