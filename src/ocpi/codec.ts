import type * as v from "valibot";
import type { JsonObject, JsonValue } from "../lib/json.ts";
import type { Result } from "../lib/result.ts";
import type { CDR } from "../model/cdrs.ts";
import type {
  ActiveChargingProfile,
  ActiveChargingProfileResult,
  ChargingProfileResponse,
  ChargingProfileResult,
  ClearProfileResult,
  SetChargingProfile,
} from "../model/charging-profiles.ts";
import type { ClientInfo } from "../model/client-info.ts";
import type {
  CancelReservation,
  CommandResponse,
  CommandResult,
  ReserveNow,
  StartSession,
  StopSession,
  UnlockConnector,
} from "../model/commands.ts";
import type { Credentials, VersionDetails, VersionEntry } from "../model/credentials.ts";
import type { Connector, EVSE, Location } from "../model/locations.ts";
import type { ChargingPreferences, ChargingPreferencesResponse, Session } from "../model/sessions.ts";
import type { Tariff } from "../model/tariffs.ts";
import type { AuthorizationInfo, LocationReferences, Token } from "../model/tokens.ts";

/** Something the model says and the wire does not, or says less exactly. */
export interface Loss {
  /** JSON Pointer (RFC 6901) that resolves in the model object; or into the object around a place it has not: what was made up, what only the version it came in can say. */
  readonly pointer: string;
  /** Why, for an operator to read; or one of {@link CARRIED}, {@link IMPLIED}, {@link FRACTION}, {@link SPELLING}. */
  readonly reason: string;
}

/** Something wrong with a body we were sent. */
export interface Fault {
  /** JSON Pointer (RFC 6901) into the body; of a missing field: where it should be. */
  readonly pointer: string;
  readonly message: string;
}

/** Reason of a loss that is none: the version says it elsewhere (owner in the URL, time of receipt). */
export const CARRIED = "said by the URL";
/** Reason of a loss that is none: the version means just this when it says nothing. */
export const IMPLIED = "implied in this version";
/** Reason of a loss nobody misses: a fraction of a second, which the version does not allow. */
export const FRACTION = "fraction of a second";
/** Reason of a loss nobody misses: the wording of the version an object came in; its meaning is in the field beside it. */
export const SPELLING = "spelling of its own version";

const harmless: ReadonlySet<string> = new Set([CARRIED, IMPLIED, FRACTION, SPELLING]);

/** Whether a loss loses meaning, so that an operator should see it. */
export const isRealLoss = (loss: Loss): boolean => !harmless.has(loss.reason);

/** The party an object belongs to. */
export interface Owner {
  readonly country_code: string;
  readonly party_id: string;
}

/** The model type of every kind of body a version may know. */
export interface Objects {
  Version: VersionEntry;
  VersionDetails: VersionDetails;
  Credentials: Credentials;
  Location: Location;
  EVSE: EVSE;
  Connector: Connector;
  Tariff: Tariff;
  Token: Token;
  LocationReferences: LocationReferences;
  AuthorizationInfo: AuthorizationInfo;
  Session: Session;
  CDR: CDR;
  ChargingPreferences: ChargingPreferences;
  ChargingPreferencesResponse: ChargingPreferencesResponse;
  StartSession: StartSession;
  StopSession: StopSession;
  ReserveNow: ReserveNow;
  CancelReservation: CancelReservation;
  UnlockConnector: UnlockConnector;
  CommandResponse: CommandResponse;
  CommandResult: CommandResult;
  SetChargingProfile: SetChargingProfile;
  ActiveChargingProfile: ActiveChargingProfile;
  ChargingProfileResponse: ChargingProfileResponse;
  ActiveChargingProfileResult: ActiveChargingProfileResult;
  ChargingProfileResult: ChargingProfileResult;
  ClearProfileResult: ClearProfileResult;
  ClientInfo: ClientInfo;
}

/** Name of a kind of body. */
export type Kind = keyof Objects;

/** Kinds that not every version has. */
type LateKind = Exclude<
  Kind,
  | "Version"
  | "VersionDetails"
  | "Credentials"
  | "Location"
  | "EVSE"
  | "Connector"
  | "Tariff"
  | "Token"
  | "Session"
  | "CDR"
>;

/** What the way up needs to know besides the body. */
export interface UpContext {
  /** Owner of the object, from URL or connection: needed where objects do not carry it (2.0, 2.1.1), ignored elsewhere. */
  readonly owner?: Owner;
  /** Role of the peer whose body this is, for Credentials and VersionDetails of versions that cannot say it (2.0, 2.1.1). */
  readonly role?: string;
  /** Version number the body came in; a codec knows its own, so this may be left out. */
  readonly origin?: string;
  /** The stored Token that `needsUp` named, where a Session or CDR says less of it than the model: no owner (2.0 to 2.2), or OTHER for its type. */
  readonly token?: Token;
}

/** A Location of an object's owner, and what of it the object speaks of. */
export interface LocationReference {
  readonly location_id: string;
  readonly evse_uid?: string;
  readonly connector_id?: string;
}

/** A Token whose owner is not known: by its contract, and by uid and type where they are known. */
export interface TokenReference {
  readonly contract_id: string;
  readonly uid?: string;
  readonly type?: string;
}

/** What {@link Codec.needs} and {@link Codec.needsUp} ask for: fetch it and hand it to `down` or `up`. */
export interface References {
  /** Ids of tariffs of the object's owner. Empty when none are needed. */
  readonly tariffs: readonly string[];
  /** The Location that a Session or CDR is said with (2.0, 2.1.1). */
  readonly location?: LocationReference;
  /** The Token of a Session or CDR. */
  readonly token?: TokenReference;
}

/** What the way down needs to know besides the object. */
export interface DownContext {
  /** Version number the object came in (own objects: the newest). Equal to the codec's version: a relay, sent as it came. */
  readonly origin: string;
  /** What `needs` named, as far as it is known. */
  readonly references?: {
    readonly tariffs?: ReadonlyMap<string, Tariff>;
    /** The Location of a Session or CDR, whole. */
    readonly location?: Location;
    /**
     * Token of an AuthorizationInfo that came without (2.1.1) and goes where it is required; that of a Session or CDR whose owner
     * is not said (2.0 to 2.2).
     */
    readonly token?: Token;
  };
  /** Epoch ms, to tell which tariff is active; without, none is ruled out by date. */
  readonly now?: number;
  /** last_updated for an object that has none (came in 2.0): when it was received. OCPI DateTime. */
  readonly lastUpdated?: string;
  /** Credentials towards a connection with one role: which of the roles it is about. */
  readonly role?: string;
  /** Credentials towards a connection with one party: which of the parties it is about. */
  readonly owner?: Owner;
  /** The EVSE a Connector on its own belongs to (2.0 wants its status). */
  readonly evse?: EVSE;
}

/** What came of the way down: a wire object with what was lost, or the reason why it cannot be said at all. */
export type Down =
  | { readonly wire: JsonObject; readonly losses: Loss[]; readonly refused?: undefined }
  | { readonly refused: Loss; readonly wire?: undefined; readonly losses?: undefined };

/** Translates one kind of body between one version and the model. Pure. */
export interface Codec<K extends Kind = Kind> {
  readonly kind: K;
  /** Wire schema (valibot, loose): required fields and types, nothing else. Lengths are metadata. */
  readonly schema: v.GenericSchema;
  /** Checks a body: its required fields are there and everything known has its type. A bare text (`"ACCEPTED"`) becomes `{ result }`. */
  parse(wire: unknown): Result<JsonObject, Fault[]>;
  /** The body for a wire object: itself, but for a kind that is a bare text on the wire. */
  body(wire: JsonObject): JsonValue;
  /** Names what `down` should be handed in `references`. */
  needs(object: Objects[K]): References;
  /** Names what `up` should be handed in its context, for a checked body. */
  needsUp(wire: JsonObject): References;
  /**
   * What `up` takes for granted in a body, or a PATCH of one, because it says less than the model: pointers into it, for the journal.
   * Empty where the version says all of it.
   */
  assumed(wire: JsonObject, context: UpContext): Fault[];
  /** A checked body as a model object. Throws (a bug) when the version needs `owner` and it is missing. */
  up(wire: JsonObject, context: UpContext): Objects[K];
  /** A model object as a body of this version. */
  down(object: Objects[K], context: DownContext): Down;
}

/** The codecs of a version. Every version has the kinds of registration and roaming; later ones may be missing. */
export type Codecs = { readonly [K in Exclude<Kind, LateKind>]: Codec<K> } & { readonly [K in LateKind]?: Codec<K> };
