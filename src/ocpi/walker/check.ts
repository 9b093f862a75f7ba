import { isObject } from "../../lib/json.ts";
import { escapeToken } from "../../lib/pointer.ts";
import type { Fault } from "../codec.ts";
import type { Node } from "./plan.ts";

/** Most faults reported of one body. */
const MAX_FAULTS = 50;

/**
 * What is wrong with a wire value: missing required fields, wrong types, unknown values of closed enums. Unknown fields
 * and lengths are not. Lower-case spellings of enum values pass, as 2.0 peers send them.
 */
export function check(node: Node, wire: unknown): Fault[] {
  const faults: Fault[] = [];
  visit(node, wire, "", faults);
  return faults;
}

function visit(node: Node, wire: unknown, pointer: string, faults: Fault[]): void {
  if (faults.length >= MAX_FAULTS) return;
  if (node.kind === "leaf") {
    const message = node.check(wire);
    if (message !== undefined) faults.push({ pointer, message });
  } else if (node.kind === "list") {
    if (!Array.isArray(wire)) faults.push({ pointer, message: "must be a list" });
    else if (wire.length < node.min) faults.push({ pointer, message: "must not be empty" });
    else for (let index = 0; index < wire.length; index++) visit(node.item, wire[index], `${pointer}/${index}`, faults);
  } else if (!isObject(wire)) {
    faults.push({ pointer, message: "must be an object" });
  } else {
    for (const step of node.steps) {
      const value = Object.hasOwn(wire, step.wire) ? wire[step.wire] : undefined;
      if (value === undefined || value === null) {
        if (step.required) faults.push({ pointer: `${pointer}/${escapeToken(step.wire)}`, message: "is required" });
      } else visit(step.node, value, `${pointer}/${escapeToken(step.wire)}`, faults);
    }
  }
}
