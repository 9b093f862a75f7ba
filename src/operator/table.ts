import type * as v from "valibot";
import type { Result } from "../lib/result.ts";
import type { Ports } from "../ports.ts";
import type { IdempotencyStore } from "./idempotency.ts";
import type { Refusal } from "./problem.ts";

/** What the operator API must be told beside the ports. */
export interface OperatorConfig {
  /** OPERATOR_TOKEN: the bearer token of the owner's systems. */
  token: string;
  /** Version of the package. */
  version: string;
  idempotency: IdempotencyStore;
}

type Params<P extends string> = P extends `${string}{${infer Name}}${infer Rest}` ? Name | Params<Rest> : never;

/** One request, read and checked: what an operation works on. */
export interface Call<P extends string = string, Q = unknown, B = unknown> {
  ports: Ports;
  config: OperatorConfig;
  request: Request;
  /** Base URL partners reach the gateway at, no slash at the end. */
  base: string;
  /** Path parameters, decoded once. */
  params: Record<P, string>;
  query: Q;
  /** The body after its schema; undefined when the row takes none, or reads it itself (`body.stream`). */
  body: B;
}

/** What an operation answers: `json` is serialised, `body` goes out as it stands. */
export interface Answer {
  status: number;
  json?: unknown;
  body?: string | ReadableStream<Uint8Array>;
  /** Goes out as it is, in the place of all else: a connection that was upgraded. */
  response?: Response;
  /** Media type of `body`. */
  type?: string;
  headers?: Record<string, string>;
}

/** A valibot schema of anything. */
export type Schema<T = unknown> = v.GenericSchema<unknown, T>;
/** Query parameters: an object schema, each entry text, a number or a choice, all optional. */
export type QuerySchema<T = unknown> = v.GenericSchema<unknown, T> & {
  readonly entries: Record<string, v.GenericSchema>;
};

/** How a row's body is read. */
export interface BodySpec<T = unknown> {
  schema: Schema<T>;
  /** Bytes: `small` for settings, `objects` for roaming objects. */
  limit: "small" | "objects";
  required: boolean;
  /** JSON, unless named: then the operation reads the stream itself and the schema describes one line of it. */
  stream?: "application/x-ndjson";
  /** Media types taken beside `application/json`. */
  also?: string[];
  /** Component of the document that describes it, where the operation itself checks more than a schema can. */
  documented?: string;
  example?: unknown;
}

/** One kind of answer, for the document; its schema is what tests hold the answers to. */
export interface AnswerSpec {
  description: string;
  /** By media type; none: no content. */
  content?: Record<string, Schema>;
}

/** A row of the table: everything that is known about one operation. Router and OpenAPI document derive from it. */
export interface Row {
  /** operationId, unique. */
  id: string;
  method: "GET" | "PUT" | "POST" | "PATCH" | "DELETE";
  /** Under `/api/v1`. */
  path: string;
  tag: string;
  summary: string;
  description?: string;
  /** No operator token is needed. */
  open?: boolean;
  query?: QuerySchema;
  body?: BodySpec;
  answers: Record<number, AnswerSpec>;
  /** Kinds of refusal worth naming in the document, beside those any row may have. */
  refusals: Refusal["kind"][];
  operate(call: Call<string, unknown, unknown>): Promise<Result<Answer, Refusal>>;
}

interface Typed<P extends string, Q, B> extends Omit<Row, "path" | "query" | "body" | "operate" | "refusals"> {
  path: P;
  query?: QuerySchema<Q>;
  body?: BodySpec<B>;
  refusals?: Refusal["kind"][];
  operate(call: Call<Params<P>, Q, B>): Promise<Result<Answer, Refusal>>;
}

/** A row whose operation is compiled against its own path parameters, query and body. */
export function row<const P extends string, Q = undefined, B = undefined>(typed: Typed<P, Q, B>): Row {
  return { refusals: [], ...typed } as unknown as Row;
}
