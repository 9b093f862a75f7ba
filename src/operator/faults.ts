import type * as v from "valibot";
import { joinPointer } from "../lib/pointer.ts";
import type { Fault } from "../ocpi/codec.ts";

/** Issues of a schema as faults: a JSON Pointer to each and what is wrong there. */
export function faultsOf(issues: readonly v.BaseIssue<unknown>[]): Fault[] {
  const faults: Fault[] = [];
  for (const issue of issues) {
    const pointer = joinPointer(...(issue.path ?? []).map(({ key }) => String(key)));
    // Each arm of a union tells its own story; the nearest miss is the one with the longest path.
    const nested = issue.issues && issue.issues.length > 0 ? [...issue.issues] : null;
    const deepest = nested?.reduce((best, next) => ((next.path?.length ?? 0) > (best.path?.length ?? 0) ? next : best));
    if (deepest?.path && deepest.path.length > (issue.path?.length ?? 0)) {
      const [fault] = faultsOf([deepest]);
      if (fault) faults.push(fault);
      continue;
    }
    faults.push({ pointer, message: messageOf(issue) });
  }
  return faults;
}

function messageOf(issue: v.BaseIssue<unknown>): string {
  if (issue.input === undefined) return "is required";
  if (issue.expected === "never") return "is not a field of this object";
  return issue.message.replace(/^Invalid [^:]*: E/, "e");
}
