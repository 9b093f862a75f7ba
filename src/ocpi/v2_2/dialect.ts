import { dialect as v221 } from "../v2_2_1/dialect.ts";

/** As 2.2.1; tokens are Base64 since 2.2-d2. Spec: 2.2 transport_and_format, Authorization header. */
export const dialect = v221;
