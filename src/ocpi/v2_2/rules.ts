import { rules as v221 } from "../v2_2_1/rules.ts";
import type { Rules } from "../walker/rules.ts";

/** How 2.2 differs from the model beyond what it lacks. */
export const rules: Rules = {
  ...v221,
  enums: { ...v221.enums, PowerType: { AC_2_PHASE: "AC_1_PHASE", AC_2_PHASE_SPLIT: "AC_1_PHASE" } },
};
