import type { Dialect } from "../dialect.ts";
import { dialect as v230 } from "../v2_3_0/dialect.ts";

/** Spec: 2.2.1 transport_and_format, credentials, types. */
export const dialect: Dialect = {
  ...v230,
  roles: ["CPO", "EMSP", "HUB", "NAP", "NSP", "OTHER", "SCSP"],
  hubRole: "role",
  unknownFields: false,
  openEnums: false,
};
