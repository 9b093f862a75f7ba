import { deepEqual, isObject, type JsonObject, type JsonValue } from "../../lib/json.ts";
import { escapeToken, moveInto } from "../../lib/pointer.ts";
import { BESIDE } from "../../model/beside.ts";
import { isRealLoss, type Owner, SPELLING } from "../codec.ts";
import type { ClassNode, ListNode, Node, Step } from "./plan.ts";
import { type Bridge, type DownRun, DROP, type Said, type WalkDown } from "./rules.ts";
import { bridgeUp, upNode } from "./up.ts";

/** Why a field that no version knows is lost. */
const unknownIn = (run: DownRun): string => `unknown in ${run.version}`;

/** Puts one loss in the place of all found since `mark`: the value they were in is gone as a whole. */
function dropped(run: DownRun, mark: number, token: string | number): void {
  run.losses.length = mark;
  run.losses.push({ pointer: `/${escapeToken(token)}`, reason: run.reason });
}

/** Says a model value that is neither null nor undefined. */
export function downNode(node: Node, value: JsonValue, run: DownRun): Said {
  if (node.kind === "leaf") return node.down(value, run);
  if (node.kind === "list") return downList(node, value, run);
  if (isObject(value)) return downClass(node, value, run);
  run.reason = "is not an object";
  return DROP;
}

function downList(node: ListNode, value: JsonValue, run: DownRun): Said {
  if (!Array.isArray(value)) {
    run.reason = "is not a list";
    return DROP;
  }
  const items: JsonValue[] = [];
  for (let index = 0; index < value.length; index++) {
    const mark = run.losses.length;
    const item = value[index] as JsonValue;
    run.reason = "is null";
    const said = item === null ? DROP : downNode(node.item, item, run);
    if (said === DROP) dropped(run, mark, index);
    else {
      const narrowed = run.losses.length > mark && node.item.kind === "leaf";
      moveInto(run.losses, mark, index);
      if (!narrowed || !items.includes(said)) items.push(said);
    }
  }
  if (items.length >= node.min) return items;
  if (value.length === 0) run.reason = "is empty";
  return DROP;
}

/** Says one field: its value, undefined when there is nothing to say, DROP when it is required and cannot be said. */
function downStep(step: Step, object: JsonObject, run: DownRun): Said | undefined {
  const value = object[step.model];
  if (value === undefined || value === null)
    return run.relay && !step.required ? (value as null | undefined) : undefined;
  if (run.relay) {
    const kept = object[step.beside];
    if (kept !== undefined && kept !== null && deepEqual(upNode(step.node, kept, { context: {} }), value)) return kept;
  }
  const mark = run.losses.length;
  const said = downNode(step.node, value, run);
  if (said !== DROP) {
    moveInto(run.losses, mark, step.model);
    return said;
  }
  dropped(run, mark, step.model);
  return undefined;
}

/** Says a model object, or DROPs it when something this version requires cannot be said. */
export function downClass(node: ClassNode, original: JsonObject, run: DownRun): JsonObject | typeof DROP {
  const { rules } = node;
  const object = rules.prepare ? rules.prepare(original, run) : original;
  if (object === DROP) return DROP;
  const wire: JsonObject = {};
  run.parents.push(object);
  const mark = run.losses.length;
  const complete = downFields(node, object, wire, run) && (rules.indivisible !== true || isWhole(run, mark));
  if (complete) {
    for (const key of Object.keys(object)) {
      if (!node.mapped.has(key)) downExtra(node, object, key, wire, run);
    }
  }
  run.parents.pop();
  return complete ? wire : DROP;
}

/** Whether nothing but fields that no version knows was lost since `mark`; else why, in the run. */
function isWhole(run: DownRun, mark: number): boolean {
  const lost = run.losses.slice(mark).find((loss) => isRealLoss(loss) && loss.reason !== unknownIn(run));
  if (lost === undefined) return true;
  run.reason = `is not told in part: ${lost.pointer.slice(1)} ${lost.reason}`;
  return false;
}

/** Says all fields this version knows; false when a required one cannot be said. */
function downFields(node: ClassNode, object: JsonObject, wire: JsonObject, run: DownRun): boolean {
  const { rules } = node;
  for (const step of node.steps) {
    if (step.bridgedDown) continue;
    run.reason = "";
    const said = downStep(step, object, run);
    if (said !== undefined && said !== DROP) wire[step.wire] = said;
    else if (step.required && !fill(step, node, object, wire, run)) return false;
  }
  for (const bridge of node.bridges) {
    const said = downBridge(node, bridge, object, wire, run);
    if (said === DROP) return false;
    Object.assign(wire, said);
  }
  if (rules.bridges === undefined) return true;
  run.reason = "";
  return node.steps.every(
    (step) =>
      !step.bridgedDown ||
      !step.required ||
      (wire[step.wire] !== undefined && wire[step.wire] !== null) ||
      fill(step, node, object, wire, run),
  );
}

/** Fills a required field the object does not say; false when nothing can be made up, with the reason in the run. */
function fill(step: Step, node: ClassNode, object: JsonObject, wire: JsonObject, run: DownRun): boolean {
  const made = node.rules.fill?.[step.wire]?.(object, run);
  if (made !== undefined) {
    const mark = run.losses.length;
    const said = downNode(step.node, made, run);
    run.losses.length = mark;
    if (said !== DROP) {
      wire[step.wire] = said;
      return true;
    }
  }
  run.reason = run.reason === "" ? `${run.version} requires ${node.name}.${step.wire}` : `${step.wire}: ${run.reason}`;
  return false;
}

/** Says a field the version does not know, or lists it as a loss. Null and empty lists say nothing. */
function downExtra(node: ClassNode, object: JsonObject, key: string, wire: JsonObject, run: DownRun): void {
  const value = object[key];
  if (value === undefined) return;
  const lose = (reason: string): void => {
    run.losses.push({ pointer: `/${escapeToken(key)}`, reason });
  };
  if (node.known.has(key)) {
    if (value === null || (Array.isArray(value) && value.length === 0)) return;
    lose(node.rules.absent?.[key]?.(value, object, run) ?? `${run.version} has no ${node.name}.${key}`);
  } else if (key.startsWith(BESIDE)) {
    const name = key.slice(BESIDE.length);
    if (!run.relay) {
      lose(node.known.has(name) && object[name] == null ? unknownIn(run) : SPELLING);
      const reason = value === null ? undefined : node.rules.beside?.[name]?.(value, wire, run);
      if (reason !== undefined) run.losses.push({ pointer: `/${escapeToken(name)}`, reason });
    } else if (!node.byWire.has(name)) wire[name] = value;
  } else if ((run.relay || run.unknownFields) && !node.byWire.has(key)) wire[key] = value;
  else if (value !== null) lose(unknownIn(run));
}

/** How a bridge says the value of one of its wire fields. */
export function walkDown(node: ClassNode, run: DownRun): WalkDown {
  return (field, value, pointer) => {
    const step = node.byWire.get(field);
    if (step === undefined) throw new Error(`${node.name} has no field ${field}`);
    const target = step.node.kind === "list" && !Array.isArray(value) ? step.node.item : step.node;
    const mark = run.losses.length;
    const said = downNode(target, value, run);
    if (said === DROP) {
      run.losses.length = mark;
      run.losses.push({ pointer, reason: run.reason });
      return undefined;
    }
    for (const loss of run.losses.slice(mark)) loss.pointer = pointer + loss.pointer;
    return said;
  };
}

/** Owner of an object that says it. */
function ownerOf({ country_code, party_id }: JsonObject): Owner | undefined {
  return typeof country_code === "string" && typeof party_id === "string" ? { country_code, party_id } : undefined;
}

function downBridge(
  node: ClassNode,
  bridge: Bridge,
  object: JsonObject,
  wire: JsonObject,
  run: DownRun,
): JsonObject | typeof DROP {
  if (run.relay && bridge.up) {
    const kept: JsonObject = {};
    for (const field of bridge.wire) {
      const value = object[BESIDE + field];
      if (value !== undefined) kept[field] = value;
    }
    if (Object.keys(kept).length > 0) {
      const meant = bridgeUp(
        node,
        bridge,
        { ...wire, ...kept },
        { context: { owner: ownerOf(object), ...run.context } },
      );
      if (bridge.model.every((field) => deepEqual(meant[field], object[field]))) return kept;
    }
  }
  return bridge.down(object, run, walkDown(node, run));
}
