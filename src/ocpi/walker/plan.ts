import type * as v from "valibot";
import { BESIDE } from "../../model/beside.ts";
import { modelSchemas } from "../../model/kinds.ts";
import type { Dialect } from "../dialect.ts";
import { type ClassShape, classShape, type Shape } from "../shape.ts";
import { type LeafCodec, leafCodec } from "./leaf.ts";
import type { Bridge, ClassRules, Rules } from "./rules.ts";

/** A schema compiled for one version: what checking and translating a value needs. */
export type Node = LeafCodec | ListNode | ClassNode;

export interface ListNode {
  readonly kind: "list";
  readonly item: Node;
  readonly min: number;
}

/** A field of a wire class. */
export interface Step {
  readonly wire: string;
  readonly model: string;
  /** Key of the wire's own wording in the model object. */
  readonly beside: string;
  readonly required: boolean;
  readonly node: Node;
  /** Wire and model value are one and the same: nothing to walk on the way up. */
  readonly plain: boolean;
  /** The bridge that makes this field on the way up and down, if any. */
  readonly bridgedUp: boolean;
  readonly bridgedDown: boolean;
}

export interface ClassNode {
  readonly kind: "class";
  readonly name: string;
  readonly steps: readonly Step[];
  readonly byWire: ReadonlyMap<string, Step>;
  /** Model fields that a step or a bridge takes care of on the way down. */
  readonly mapped: ReadonlySet<string>;
  /** All fields the model's class knows. */
  readonly known: ReadonlySet<string>;
  readonly bridges: readonly Bridge[];
  readonly rules: ClassRules;
}

/** What a version's plans are compiled from. */
export interface Origin {
  readonly number: string;
  readonly rules: Rules;
  readonly dialect: Dialect;
}

const modelFields = new Map<string, ReadonlySet<string>>();

function collect(shape: Shape): void {
  if (shape.kind === "list") collect(shape.item);
  if (shape.kind !== "class" || modelFields.has(shape.name)) return;
  modelFields.set(shape.name, new Set(shape.fields.keys()));
  for (const field of shape.fields.values()) collect(field.shape);
}

/** The fields of a model class by its name. Throws (a bug) when a wire class has no model class. */
function fieldsOf(name: string): ReadonlySet<string> {
  if (modelFields.size === 0) for (const schema of Object.values(modelSchemas)) collect(classShape(schema));
  const fields = modelFields.get(name);
  if (fields === undefined) throw new Error(`the model has no class ${name}`);
  return fields;
}

const isPlain = (node: Node): boolean =>
  node.kind === "leaf" ? node.up === undefined : node.kind === "list" && isPlain(node.item);

/** A compiler of the schemas of one version; classes are compiled once. */
export function compiler(origin: Origin): (schema: v.GenericSchema) => ClassNode {
  const classes = new Map<ClassShape, ClassNode>();
  const style = { rules: origin.rules, dialect: origin.dialect };

  function compile(shape: Shape): Node {
    if (shape.kind === "leaf") return leafCodec(shape.leaf, style);
    if (shape.kind === "list") return { kind: "list", item: compile(shape.item), min: shape.min };
    return compileClass(shape);
  }

  function compileClass(shape: ClassShape): ClassNode {
    const known = classes.get(shape);
    if (known !== undefined) return known;
    const rules = origin.rules.classes[shape.name] ?? {};
    const bridges = rules.bridges ?? [];
    const up = new Set(bridges.filter((bridge) => bridge.up).flatMap((bridge) => bridge.wire));
    const down = new Set(bridges.flatMap((bridge) => bridge.wire));
    const steps: Step[] = [];
    for (const [wire, field] of shape.fields) {
      const node = compile(field.shape);
      steps.push({
        wire,
        model: rules.rename?.[wire] ?? wire,
        beside: BESIDE + wire,
        required: field.required,
        node,
        plain: isPlain(node),
        bridgedUp: up.has(wire),
        bridgedDown: down.has(wire),
      });
    }
    const fields = fieldsOf(shape.name);
    const mapped = new Set([
      ...steps.filter((step) => !step.bridgedDown).map((step) => step.model),
      ...bridges.flatMap((bridge) => bridge.model),
    ]);
    for (const name of mapped) {
      if (!fields.has(name)) throw new Error(`the model's ${shape.name} has no field ${name} (${origin.number})`);
    }
    const byWire = new Map(steps.map((step) => [step.wire, step]));
    const node: ClassNode = { kind: "class", name: shape.name, steps, byWire, mapped, known: fields, bridges, rules };
    classes.set(shape, node);
    return node;
  }

  return (schema) => compileClass(classShape(schema));
}
