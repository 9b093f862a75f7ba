import * as v from "valibot";
import { versions } from "../../ocpi/versions.ts";
import { listOf, Time } from "./common.ts";

/** Roles a party can have, in any version. */
const ROLES = ["CPO", "EMSP", "HUB", "NSP", "NAP", "SCSP", "PTP", "OTHER"] as const;
const Role = v.picklist(ROLES);

const CountryCode = v.pipe(v.string(), v.regex(/^[A-Za-z]{2}$/, "is not two letters"));
const PartyId = v.pipe(v.string(), v.regex(/^[A-Za-z0-9]{3}$/, "is not three letters or digits"));
/** The path parameters of a party. */
export const PartyPath = v.object({ country_code: CountryCode, party_id: PartyId });

const WebUrl = v.pipe(
  v.string(),
  v.maxLength(2000),
  v.check((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), "is not an http or https URL"),
  v.metadata({ format: "uri" }),
);

const Logo = v.looseObject({ url: WebUrl, category: v.string(), type: v.string() });
const BusinessDetails = v.looseObject({
  name: v.pipe(v.string(), v.minLength(1, "is empty"), v.maxLength(100, "is longer than 100 characters")),
  website: v.nullish(v.pipe(WebUrl, v.maxLength(255, "is longer than 255 characters"))),
  logo: v.nullish(Logo),
});

/** Body of PUT /parties/{country_code}/{party_id}. */
export const PartyInput = v.strictObject({
  roles: v.pipe(v.array(Role), v.minLength(1, "needs at least one role")),
  business_details: BusinessDetails,
});

/** One of our own parties. */
export const Party = v.object({
  country_code: v.string(),
  party_id: v.string(),
  roles: v.array(Role),
  business_details: v.looseObject({ name: v.string(), website: v.nullish(v.string()) }),
});
export const PartyList = listOf(Party);

const VersionNumber = v.picklist(versions.map(({ number }) => number));
const PartyCode = v.pipe(v.string(), v.regex(/^[A-Za-z]{2}\*?[A-Za-z0-9]{3}$/, "is not a party such as NL*TNM"));
const Module = v.picklist([
  "locations",
  "tariffs",
  "tokens",
  "sessions",
  "cdrs",
  "commands",
  "chargingprofiles",
  "hubclientinfo",
]);
const HostName = v.pipe(
  v.string(),
  v.maxLength(260),
  v.regex(/^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(:\d{1,5})?$/, "is not a host name, with a port where needed"),
);

const TokenEncoding = v.picklist(["auto", "base64", "raw"]);
const Initial = v.picklist(["none", "push"]);
const allowHosts = v.pipe(v.array(HostName), v.maxLength(50));
const rate = v.pipe(v.number(), v.minValue(0.1, "is less than 0.1"), v.maxValue(1000, "is more than 1000"));

/** How a partner is dealt with, as taken: absent members keep their value (PATCH) or get the default (POST). */
export const SettingsInput = v.strictObject({
  token_encoding: v.optional(
    v.pipe(
      TokenEncoding,
      v.description("How tokens are written in Authorization towards the partner. Default `auto`: learned."),
    ),
  ),
  push: v.optional(v.pipe(v.boolean(), v.description("Whether changes are pushed. Default true."))),
  retry: v.optional(
    v.pipe(
      v.boolean(),
      v.description("Whether a failed push is repeated; else the partner re-syncs by GET. Default true."),
    ),
  ),
  initial: v.optional(
    v.pipe(Initial, v.description("What a new partner gets first: nothing, or everything pushed. Default `none`.")),
  ),
  modules: v.nullish(
    v.pipe(v.array(Module), v.description("Modules shared with the partner. Default: all its role implies.")),
  ),
  share: v.nullish(
    v.pipe(
      v.strictObject({ parties: v.optional(v.array(PartyCode)) }),
      v.description("Own parties whose objects the partner sees. Default: all."),
    ),
  ),
  allow_hosts: v.nullish(
    v.pipe(allowHosts, v.description("Hosts beside its own that the gateway may call for the partner.")),
  ),
  rate_per_second: v.nullish(v.pipe(rate, v.description("Most requests to the partner in a second."))),
  quirks: v.nullish(
    v.pipe(
      v.array(v.string()),
      v.description(
        "Deviations of the partner's platform to put up with. `commands_as_text`: it knows commands as the first edition of 2.1.1 had them, responses and results being bare texts.",
      ),
    ),
  ),
});

/** How a partner is dealt with. */
const Settings = v.object({
  token_encoding: TokenEncoding,
  push: v.boolean(),
  retry: v.boolean(),
  initial: Initial,
  modules: v.optional(v.array(v.string())),
  share: v.optional(v.object({ parties: v.optional(v.array(v.string())) })),
  allow_hosts: v.optional(v.array(v.string())),
  rate_per_second: v.optional(v.number()),
  quirks: v.optional(v.array(v.string())),
});

const name = v.pipe(
  v.string(),
  v.trim(),
  v.minLength(1, "is empty"),
  v.maxLength(200, "is longer than 200 characters"),
);
const token = v.pipe(
  v.string(),
  v.minLength(1, "is empty"),
  v.maxLength(255, "is longer than 255 characters"),
  v.regex(/^[\x21-\x7e]*$/, "has characters that cannot stand in a header"),
);
const Allow = v.strictObject({
  versions: v.optional(v.pipe(v.array(VersionNumber), v.minLength(1, "needs at least one version"))),
  parties: v.optional(v.pipe(v.array(PartyCode), v.minLength(1, "needs at least one party"))),
});

/** Body of POST /partners: an invitation, or with `versions_url` and `token` a registration now. */
export const PartnerInput = v.pipe(
  v.strictObject({
    name,
    role: v.optional(
      v.pipe(
        Role,
        v.description("The partner's role; needed only when it may speak 2.0 or 2.1.1 and we host both CPO and EMSP."),
      ),
    ),
    allow: v.optional(
      v.pipe(Allow, v.description("What the partner may register: versions, and the parties it may claim.")),
    ),
    settings: v.optional(SettingsInput),
    versions_url: v.optional(v.pipe(WebUrl, v.description("The partner's versions URL: register with it now."))),
    token: v.optional(v.pipe(token, v.description("Credentials token A the partner gave us."))),
    version: v.optional(
      v.pipe(VersionNumber, v.description("Version to register in. Default: the newest common one.")),
    ),
  }),
  v.forward(
    v.check((it) => it.token !== undefined || it.versions_url === undefined, "is needed to register with the partner"),
    ["token"],
  ),
  v.forward(
    v.check((it) => it.versions_url !== undefined || it.token === undefined, "is needed to register with the partner"),
    ["versions_url"],
  ),
  v.forward(
    v.check(
      (it) => it.versions_url !== undefined || it.version === undefined,
      "goes with versions_url and token; an invitation takes allow.versions",
    ),
    ["version"],
  ),
);

/** Body of PATCH /partners/{id}. */
export const PartnerPatch = v.strictObject({
  name: v.optional(name),
  settings: v.optional(SettingsInput),
  status: v.optional(v.picklist(["SUSPENDED", "REGISTERED"])),
});

export const RegisterInput = v.strictObject({ version: v.optional(VersionNumber) });

/** Body of POST /partners/{id}/pull. */
export const PullInput = v.strictObject({
  modules: v.optional(
    v.pipe(
      v.array(v.picklist(["locations", "tariffs", "tokens", "sessions", "cdrs"])),
      v.minLength(1, "needs at least one module"),
    ),
  ),
  mode: v.optional(
    v.pipe(v.picklist(["delta", "full"]), v.description("`delta`: what changed since the last pull.")),
    "delta",
  ),
});

const partnerEntries = {
  id: v.string(),
  name: v.string(),
  status: v.picklist(["INVITED", "REGISTERED", "SUSPENDED", "UNREGISTERED"]),
  role: v.pipe(
    v.nullable(v.string()),
    v.description("The partner's role on a connection of 2.0 or 2.1.1, which cannot say it."),
  ),
  version: v.nullable(v.string()),
  versions_url: v.pipe(
    v.nullable(v.string()),
    v.description("The partner's versions URL; in the answer to an invitation ours, for the partner to use."),
  ),
  roles: v.array(
    v.object({
      role: v.string(),
      country_code: v.string(),
      party_id: v.string(),
      business_details: v.nullish(v.looseObject({})),
    }),
  ),
  endpoints: v.array(v.object({ identifier: v.string(), role: v.nullish(v.string()), url: v.string() })),
  token_encoding: v.picklist(["raw", "base64"]),
  allow: v.object({ versions: v.optional(v.array(v.string())), parties: v.optional(v.array(v.string())) }),
  settings: Settings,
  created_at: Time,
  last_seen_at: v.nullable(Time),
  health: v.pipe(
    v.nullable(v.looseObject({})),
    v.description("How deliveries to the partner fare; null when it cannot be told now."),
  ),
};

/** A platform we hold, or are about to hold, credentials with. */
export const Partner = v.object(partnerEntries);
export const PartnerList = listOf(Partner);

/** The one answer that shows a secret: credentials token A, for the partner. */
export const Invitation = v.object({
  ...partnerEntries,
  token: v.pipe(v.string(), v.description("Credentials token A. Shown only here.")),
  versions_url: v.pipe(v.string(), v.description("Our versions URL, for the partner to register at.")),
});

/** Answer to POST /partners: `token` only after an invitation. */
export const NewPartner = v.object({ ...partnerEntries, token: v.optional(Invitation.entries.token) });

export const Accepted = v.object({ id: v.string() });

const counts = {
  pages: v.number(),
  received: v.number(),
  stored: v.number(),
  unchanged: v.number(),
  rejected: v.number(),
};

/** A pull of a partner's objects. */
export const Pull = v.object({
  id: v.string(),
  partner: v.string(),
  status: v.picklist(["RUNNING", "DONE", "FAILED"]),
  modules: v.record(v.string(), v.object(counts)),
  started_at: Time,
  finished_at: v.nullable(Time),
  error: v.optional(v.string()),
});
