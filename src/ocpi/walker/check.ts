import { isObject } from "../../lib/json.ts";
import { moveInto } from "../../lib/pointer.ts";
import type { Fault } from "../codec.ts";
import type { Node } from "./plan.ts";

/** Most faults reported of one body. */
const MAX_FAULTS = 50;

/**
 * What is wrong with a wire value: missing required fields, wrong types, unknown values of closed enums. Unknown fields
 * and lengths are not. Lower-case spellings of enum values pass, as 2.0 peers send them.
 */
export function check(node: Node, wire: unknown): Fault[] {
  const faults: Found[] = [];
  visit(node, wire, faults);
  return faults;
}

interface Found {
  pointer: string;
  readonly message: string;
}

function visit(node: Node, wire: unknown, faults: Found[]): void {
  if (node.kind === "leaf") {
    const message = node.check(wire);
    if (message !== undefined) faults.push({ pointer: "", message });
  } else if (node.kind === "list") {
    if (!Array.isArray(wire)) faults.push({ pointer: "", message: "must be a list" });
    else if (wire.length < node.min) faults.push({ pointer: "", message: "must not be empty" });
    else {
      for (let index = 0; index < wire.length && faults.length < MAX_FAULTS; index++) {
        const mark = faults.length;
        visit(node.item, wire[index], faults);
        if (faults.length > mark) moveInto(faults, mark, index);
      }
    }
  } else if (!isObject(wire)) {
    faults.push({ pointer: "", message: "must be an object" });
  } else {
    for (const step of node.steps) {
      const value = wire[step.wire];
      const mark = faults.length;
      if (value === undefined || value === null) {
        if (step.required) faults.push({ pointer: "", message: "is required" });
      } else visit(step.node, value, faults);
      if (faults.length > mark) moveInto(faults, mark, step.wire);
      if (faults.length >= MAX_FAULTS) return;
    }
  }
}
