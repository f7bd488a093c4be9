import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EngineError } from '@hemline/core';
import type { NativeBinding, OpAttribute } from './native-binding.ts';
import type { Trace, TracedConstant, TracedNode } from './trace.ts';

/** Setters and adders of a generated message of google-protobuf, by name. */
type Message = Readonly<Record<string, (value: unknown) => unknown>>;
type MessageClass = new () => Message;

/** Those of TensorFlow's messages that are used; tfjs-node brings them along to read SavedModels. */
interface Messages {
  readonly SavedModel: MessageClass;
  readonly MetaGraphDef: MessageClass & { readonly MetaInfoDef: MessageClass };
  readonly GraphDef: MessageClass;
  readonly NodeDef: MessageClass;
  readonly AttrValue: MessageClass;
  readonly Tensor: MessageClass;
  readonly TensorShape: MessageClass & { readonly Dim: MessageClass };
  readonly VersionDef: MessageClass;
}

/** Any version of the graph format that knows the operations in use; TensorFlow 2.9 and later read it. */
const PRODUCER = 1087;
const TAG = 'serve';

/**
 * Loads a trace as a session of TensorFlow, which optimises it as a whole (constant folding, fusion) and runs it without
 * coming back to JavaScript for every operation. The C API of tfjs-node takes whole graphs as SavedModel only: one is written
 * to a temporary folder and removed at once.
 * @param binding of tfjs-node
 * @param trace what to run
 * @returns number of the session
 * @throws EngineError when TensorFlow refuses the graph
 */
export function loadGraph(binding: NativeBinding, trace: Trace): number {
  const folder = mkdtempSync(join(tmpdir(), 'hemline-graph-'));
  try {
    writeFileSync(join(folder, 'saved_model.pb'), new GraphWriter(binding).savedModel(trace));
    return binding.loadSavedModel(folder, TAG);
  } catch (cause) {
    if (cause instanceof EngineError) throw cause;
    throw new EngineError('TensorFlow cannot load a compiled function', {
      found: (cause as Error).message,
      cause,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Writes a trace as TensorFlow's SavedModel (tensorflow/core/protobuf/saved_model.proto). */
class GraphWriter {
  readonly #binding: NativeBinding;
  readonly #messages = createRequire(import.meta.url)('@tensorflow/tfjs-node/dist/proto/api_pb') as Messages;

  constructor(binding: NativeBinding) {
    this.#binding = binding;
  }

  savedModel({ nodes }: Trace): Uint8Array {
    const { SavedModel, MetaGraphDef, GraphDef, VersionDef } = this.#messages;
    const graph = build(GraphDef, {
      setVersions: build(VersionDef, { setProducer: PRODUCER }),
      setNodeList: nodes.map((node) => this.#node(node)),
    });
    const meta = build(MetaGraphDef, {
      setMetaInfoDef: build(MetaGraphDef.MetaInfoDef, { setTagsList: [TAG] }),
      setGraphDef: graph,
    });
    const model = build(SavedModel, { setSavedModelSchemaVersion: 1, setMetaGraphsList: [meta] });
    return (model as unknown as { serializeBinary(): Uint8Array }).serializeBinary();
  }

  #node({ name, op, inputs, attributes, dtype, constant }: TracedNode): Message {
    const { NodeDef, AttrValue } = this.#messages;
    const message = build(NodeDef, {
      setName: name,
      setOp: op,
      setInputList: inputs.map(({ node, index }) => `${node.name}:${index}`),
    });
    const values = (message as unknown as { getAttrMap(): Map<string, Message> }).getAttrMap();
    for (const attribute of attributes)
      values.set(attribute.name, build(AttrValue, this.#attribute(op, attribute)));
    if (dtype !== undefined) values.set('dtype', build(AttrValue, { setType: dtype }));
    if (constant !== undefined) {
      values.set('dtype', build(AttrValue, { setType: constant.dtype }));
      values.set('value', build(AttrValue, { setTensor: this.#tensor(constant) }));
    }
    return message;
  }

  #tensor({ shape, dtype, values }: TracedConstant): Message {
    const { Tensor, TensorShape } = this.#messages;
    const dimensions = shape.map((size) => build(TensorShape.Dim, { setSize: size }));
    return build(Tensor, {
      setDtype: dtype,
      setTensorShape: build(TensorShape, { setDimList: dimensions }),
      setTensorContent: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    });
  }

  #attribute(op: string, { name, type, value }: OpAttribute): Record<string, unknown> {
    const binding = this.#binding;
    switch (type) {
      case binding.TF_ATTR_TYPE:
        return { setType: value };
      case binding.TF_ATTR_INT:
        return { setI: value };
      case binding.TF_ATTR_FLOAT:
        return { setF: value };
      case binding.TF_ATTR_BOOL:
        return { setB: value };
      case binding.TF_ATTR_STRING:
        return { setS: Buffer.from(String(value)).toString('base64') };
      default:
        throw new EngineError('a compiled function uses an operation that is not supported', {
          found: `attribute ${name} of ${op}`,
        });
    }
  }
}

function build(type: MessageClass, fields: Readonly<Record<string, unknown>>): Message {
  const message = new type();
  for (const [setter, value] of Object.entries(fields)) message[setter]!(value);
  return message;
}
