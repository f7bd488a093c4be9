import {
  ArtifactError,
  defineModel,
  memberOf,
  schemaOf,
  throwIfAborted,
  type ArtifactReader,
  type Batch,
  type Members,
  type ModelDefinition,
} from '@hemline/core';
import { PriceResponse, QUANTILES, RESPONSE_INPUTS } from '@hemline/features';
import { BlendedDemand } from './blended-demand.ts';
import { fitBlend } from './fit-blend.ts';
import { BLEND_CURVES } from './forecast/blend-table.ts';
import type { AskedPart } from './forecast/join-parts.ts';
import { BLEND_PRESETS, blendHyperparameters } from './hyperparameters.ts';
import { Intervals } from './intervals.ts';
import { joinedInputs } from './joined-inputs.ts';
import type { BlendPart } from './part.ts';
import { MOST_MEMBERS } from './weights/simplex.ts';

/** Columns of the weekly table that the weeks held out are compared by. */
const SCORED = ['article', 'market', 'week', 'demand', 'discount', 'blackPrice', 'uncensored'];

/** What a blend is, besides what all blends are. */
export interface BlendOptions {
  readonly name: string;
  readonly description: string;
  /** From cheap to dear; the first is the baseline, which nothing replaces and which is never left out. */
  readonly parts: readonly BlendPart[];
  /** Those of all members. */
  readonly engines: ModelDefinition['engines'];
  /**
   * What all members read. The fit also reads {@link SCORED} of the weekly table, and all that is planned, to learn weights from; what
   * the response to the price is estimated from comes of itself.
   */
  readonly inputs: ModelDefinition['inputs'];
  /** Least of the members' horizons. */
  readonly maximumHorizon: number | null;
}

/** What a blend writes besides its members. */
interface SavedBlend {
  readonly parts: readonly { readonly name: string; readonly member: string }[];
  readonly weights: readonly (readonly number[])[];
  readonly intervals: unknown;
  readonly metrics: Readonly<Record<string, number>>;
  readonly insights: readonly string[];
  readonly hasResponse: boolean;
}

/**
 * Declares a model of demand that is made of others: a weighted sum of them, with weights learnt on weeks that none of them has learnt
 * from, and quantiles calibrated on these weeks. Members that move with the discount have to give curves, and to be
 * monotone in it.
 * @param options name, parts, what they need
 * @returns the definition: the default export of the blend's package, which names the members' packages as dependencies
 * @throws TypeError when the parts contradict each other
 */
export function defineBlend(options: BlendOptions): ModelDefinition<typeof blendHyperparameters> {
  const { name, parts, inputs } = options;
  const names = parts.map((part) => part.name);
  if (parts.length === 0 || parts.length > MOST_MEMBERS || new Set(names).size < names.length)
    throw new TypeError(
      `${name} needs 1 to ${MOST_MEMBERS} parts of different names, not ${names.join(', ')}`,
    );
  const { required = [], optional = [], covariates = false } = inputs.fit.weekly ?? {};
  const unread = SCORED.filter((column) => !required.includes(column) && !optional.includes(column));
  if (unread.length > 0 || !covariates)
    throw new TypeError(
      `${name} learns weights from ${SCORED.join(', ')} and covariates of the weekly table: declare them in inputs.fit`,
    );
  const odd = names.find((part) => !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(part));
  if (odd !== undefined) throw new TypeError(`the part ${odd} of ${name} is not kebab-case`);
  return defineModel({
    name,
    version: 1,
    quantity: 'demand',
    description: options.description,
    engines: options.engines,
    capabilities: { trains: true, monotoneIn: ['discount'], maximumHorizon: options.maximumHorizon },
    hyperparameters: blendHyperparameters,
    presets: BLEND_PRESETS,
    members: [...new Set(parts.map(({ member }) => member))],
    inputs: { ...inputs, fit: joinedInputs(inputs.fit, RESPONSE_INPUTS) },
    output: schemaOf(
      { name: 'article', type: 'string' },
      { name: 'market', type: 'string' },
      { name: 'week', type: 'date' },
      { name: 'discount', type: 'float64', description: 'share of the black price' },
      { name: 'demand', type: 'float64', description: 'expected units in the week' },
      ...QUANTILES.map(
        ({ column, share }) =>
          ({ name: column, type: 'float64', description: `${100 * share} % quantile of the units` }) as const,
      ),
      {
        name: 'support',
        type: 'float64',
        description: 'most weeks of its own that the level of a member rests on; 0: attributes, other series',
      },
    ),
    quantiles: QUANTILES,
    curves: BLEND_CURVES,
    trainingMetrics: [
      ...['heldOutRows', 'leftOut', 'heldOutError.blend', 'response.lift30', 'response.resolved'],
      ...names.flatMap((part) => [`heldOutError.${part}`, `weight.${part}`]),
    ],
    async fit(job, tables, hyperparameters) {
      throwIfAborted(job.signal);
      return fitBlend({ name }, parts, job, tables, hyperparameters);
    },
    load: (artifact, members) => loadBlend({ name }, artifact, members),
  });
}

async function loadBlend(
  blend: { readonly name: string },
  artifact: ArtifactReader,
  members: Members | undefined,
): Promise<BlendedDemand> {
  const saved = (await artifact.readJson('blend')) as SavedBlend;
  const insights: Record<string, Batch> = {};
  for (const name of saved.insights) insights[name] = await artifact.readTable(`insight-${name}`);
  const parts: AskedPart[] = [];
  try {
    for (const { name, member } of saved.parts) {
      if (members?.has(member) === false)
        throw new ArtifactError(`${blend.name} was saved with a member that it no longer has`, {
          expected: [...members.keys()].join(', '),
          found: member,
          remedy: 'Train again with this version of the model.',
        });
      const model = memberOf(blend, members, member);
      parts.push({ name, model, fitted: await model.load(artifact.nested(name), members) });
    }
  } catch (error) {
    for (const { fitted } of parts) fitted.dispose();
    throw error;
  }
  return new BlendedDemand({
    parts,
    weights: saved.weights.map((weights) => Float64Array.from(weights)),
    intervals: Intervals.fromJson(saved.intervals),
    response: saved.hasResponse ? await PriceResponse.load(artifact, 'response') : null,
    metrics: saved.metrics,
    insights,
  });
}
