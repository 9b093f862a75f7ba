import { deepEqual, isUnsafeKey, type JsonObject, type JsonValue } from "../../lib/json.ts";
import { BESIDE } from "../../model/beside.ts";
import { walkDown } from "./down.ts";
import type { ClassNode, Node } from "./plan.ts";
import { type Bridge, type DownRun, DROP, type UpRun } from "./rules.ts";

/** The model value of a checked wire value that is not null. */
export function upNode(node: Node, wire: JsonValue, run: UpRun): JsonValue {
  if (node.kind === "leaf") return node.up === undefined ? wire : node.up(wire);
  if (node.kind === "class") return upClass(node, wire as JsonObject, run);
  const items = wire as JsonValue[];
  const mapped: JsonValue[] = new Array(items.length);
  let changed = false;
  for (let index = 0; index < items.length; index++) {
    const item = items[index] as JsonValue;
    const value = upNode(node.item, item, run);
    if (value !== item) changed = true;
    mapped[index] = value;
  }
  return changed ? mapped : items;
}

/** Whether a wire value that came up differently must be kept beside the model value, to be said again as it was. */
function keeps(node: Node, wire: JsonValue, value: JsonValue): boolean {
  if (node.kind === "leaf") return node.keep?.(wire, value) ?? false;
  if (wire === value || node.kind === "class") return false;
  const items = wire as JsonValue[];
  return items.some((item, index) => keeps(node.item, item, (value as JsonValue[])[index] as JsonValue));
}

/**
 * The model object of a checked wire object. Unknown fields stay in place; one whose name the model uses for something
 * else goes beside, as does wording the model value cannot give back.
 */
export function upClass(node: ClassNode, wire: JsonObject, run: UpRun): JsonObject {
  const object: JsonObject = {};
  for (const step of node.steps) {
    if (step.bridgedUp) continue;
    const raw = wire[step.wire];
    if (raw === undefined) continue;
    if (raw === null || step.plain) {
      object[step.model] = raw;
      continue;
    }
    const value = upNode(step.node, raw, run);
    object[step.model] = value;
    if (keeps(step.node, raw, value)) object[step.beside] = raw;
  }
  for (const bridge of node.bridges) if (bridge.up) upBridge(node, bridge, wire, object, run);
  if (node.rules.produce) Object.assign(object, node.rules.produce(wire, run));
  for (const key of Object.keys(wire)) {
    if (node.byWire.has(key) || isUnsafeKey(key)) continue;
    const taken = node.known.has(key) || key.startsWith(BESIDE);
    object[taken ? BESIDE + key : key] = wire[key];
  }
  return object;
}

/** The model fields of a bridge, and the run in which they would be said again. */
export function bridgeUp(node: ClassNode, bridge: Bridge, wire: JsonObject, run: UpRun): JsonObject {
  return (
    bridge.up?.(wire, run, (field, value) => {
      const step = node.byWire.get(field);
      if (step === undefined) throw new Error(`${node.name} has no field ${field}`);
      return upNode(step.node, value, run);
    }) ?? {}
  );
}

function upBridge(node: ClassNode, bridge: Bridge, wire: JsonObject, object: JsonObject, run: UpRun): void {
  if (bridge.wire.every((field) => wire[field] === undefined)) return;
  Object.assign(object, bridgeUp(node, bridge, wire, run));
  const again: DownRun = {
    kind: null,
    version: "",
    relay: true,
    unknownFields: true,
    context: { ...run.context, origin: "" },
    losses: [],
    parents: [],
    reason: "",
  };
  const said = bridge.down(object, again, walkDown(node, again));
  if (said !== DROP && bridge.wire.every((field) => deepEqual(said[field], wire[field]))) return;
  for (const field of bridge.wire) if (wire[field] !== undefined) object[BESIDE + field] = wire[field];
}
