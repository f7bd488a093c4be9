import { describe, expect, it } from 'vitest';
import { chain, workflow } from '../../src/declaration/workflow.ts';
import { APPROVED, evaluate, forecast, optimise, register, train } from '../../src/declaration/steps.ts';
import { DEFAULT_PARAMETERS, type Declaration } from '../../src/declaration/declaration.ts';
import { checkDeclaration, lintDeclaration } from '../../src/lint/lint-declaration.ts';
import { toyDeclaration, toyModel } from '../fixtures/toys.ts';

const workflowOf = (
  steps: Parameters<typeof workflow>[0]['steps'],
  perCutoff?: boolean,
): Partial<Declaration> => ({
  workflows: [
    workflow({ name: 'odd', description: '', steps, ...(perCutoff === undefined ? {} : { perCutoff }) }),
  ],
});

const mistakes: [what: string, change: Partial<Declaration>, told: RegExp][] = [
  [
    'a model that there is not',
    { models: ['apee'] },
    /model apee: there is no such model\. Did you mean ape\?/,
  ],
  ['a model twice', { models: ['ape', 'ape'] }, /named twice/],
  ['no model', { models: [] }, /there are none/],
  [
    'a table that is missing',
    { catalog: [toyModel('ape', { fit: { required: ['returns'], optional: [] } }), toyModel('bee')] },
    /model ape: it reads returns, which the data does not have\. Deliver/,
  ],
  [
    'a hyperparameter of the workflow',
    { models: [{ name: 'ape', hyperparameters: { cutoff: 'x' } }] },
    /cutoff is the workflow's/,
  ],
  [
    'a rival that is not scored',
    { models: [{ name: 'ape', requirements: { betterThan: { model: 'cat', metric: 'wape' } } }] },
    /better than cat, which is not scored/,
  ],
  [
    'itself as rival',
    { models: [{ name: 'ape', requirements: { betterThan: { model: 'ape', metric: 'wape' } } }] },
    /better than itself/,
  ],
  [
    'bounds the wrong way round',
    { models: [{ name: 'ape', requirements: { bias: { metric: 'b', least: 1, most: 0 } } }] },
    /requirements of ape are not valid/,
  ],
  [
    'a backtest that prices',
    workflowOf(
      {
        train: train({ cutoff: 'each' }),
        forecast: forecast({ model: 'train', cutoff: 'each' }),
        optimise: optimise({ forecasts: 'forecast' }),
      },
      true,
    ),
    /step optimise: a backtest sets no price/,
  ],
  [
    'prices of what nobody has approved',
    workflowOf({
      train: train({ cutoff: 'latest' }),
      forecast: forecast({ model: 'train', cutoff: 'latest' }),
      optimise: optimise({ forecasts: 'forecast' }),
    }),
    /prices by train, which nobody has approved/,
  ],
  [
    'prices of nothing',
    workflowOf({
      forecast: forecast({ model: APPROVED, cutoff: 'latest' }),
      optimise: optimise({ forecasts: 'forecasts' }),
    }),
    /its forecasts is the step forecasts, which there is not\. Did you mean forecast\?/,
  ],
  [
    'a machine for pricing that there is not',
    { pricing: { compute: { instanceType: 'ml.r55.large' } } },
    /pricing, compute of optimise: there is no instance type ml\.r55\.large/,
  ],
  [
    'limits that lie nowhere',
    { parameters: { ...DEFAULT_PARAMETERS, limits: 'limits.yaml' } },
    /parameter limits: limits\.yaml is no file in S3/,
  ],
  [
    'decisions that lie nowhere, and a share that is none',
    { parameters: { ...DEFAULT_PARAMETERS, decisions: '.hemline/decisions', explore: '5%' } },
    /parameter decisions: \.hemline\/decisions is no place in S3.*parameter explore: 5% is no share of the articles/s,
  ],
  [
    'a machine that there is not',
    { models: [{ name: 'ape', compute: { train: { instanceType: 'ml.m55.large' } } }] },
    /no instance type ml\.m55\.large/,
  ],
  [
    'a GPU for nothing',
    { models: [{ name: 'ape', compute: { train: { instanceType: 'ml.g5.xlarge' } } }] },
    /has a GPU, which ape cannot use/,
  ],
  [
    'machines that would do the same',
    { models: [{ name: 'ape', compute: { evaluate: { instances: 2 } } }] },
    /2 machines would do the same work/,
  ],
  [
    'more machines than there are',
    { models: [{ name: 'ape', compute: { forecast: { instances: 101 } } }] },
    /101 machines cannot be had/,
  ],
  [
    'spare capacity for a forecast',
    { models: [{ name: 'ape', compute: { forecast: { spot: true } } }] },
    /spare capacity is for trainings only/,
  ],
  [
    'a job without end',
    { models: [{ name: 'ape', compute: { forecast: { maximumHours: 217 } } }] },
    /217 hours cannot be had/,
  ],
  [
    'a step that there is not',
    workflowOf({
      fit: train({ cutoff: 'held-out' }),
      score: evaluate({ model: 'fitt', cutoff: 'held-out' }),
    }),
    /its model is the step fitt, which there is not\. Did you mean fit\?/,
  ],
  [
    'a step of the wrong kind',
    workflowOf({ fit: train({ cutoff: 'latest' }), put: register({ model: 'fit', scores: 'fit' }) }),
    /its scores is fit, a step of kind train, not evaluate/,
  ],
  [
    'a circle',
    workflowOf({
      a: evaluate({ model: 'b', cutoff: 'held-out' }),
      b: forecast({ model: 'a', cutoff: 'latest' }),
    }),
    /steps wait for each other: a → b → a/,
  ],
  [
    'a score on weeks that the model knows',
    workflowOf({ fit: train({ cutoff: 'latest' }), score: evaluate({ model: 'fit', cutoff: 'held-out' }) }),
    /has seen the weeks/,
  ],
  [
    'a score of an approved version',
    workflowOf({ score: evaluate({ model: 'approved', cutoff: 'held-out' }) }),
    /knows the weeks that it would be scored on/,
  ],
  [
    'a backtest with today’s model',
    workflowOf({ go: forecast({ model: 'approved', cutoff: 'each' }) }, true),
    /knows the weeks after a past cutoff/,
  ],
  ['a cutoff of no backtest', workflowOf({ fit: train({ cutoff: 'each' }) }), /no cutoff to take each of/],
  [
    'a name that AWS has no room for',
    workflowOf({ 'Fit-it': train({ cutoff: 'latest' }) }),
    /cannot have this name/,
  ],
  [
    'a chain of what there is not',
    { workflows: [chain({ name: 'all', description: '', chain: ['some'] })] },
    /chains some, which there is not/,
  ],
  [
    'a chain of itself',
    { workflows: [chain({ name: 'all', description: '', chain: ['all'] })] },
    /it chains itself/,
  ],
  [
    'discounts that are none',
    { parameters: { ...DEFAULT_PARAMETERS, discounts: '2' } },
    /parameter discounts/,
  ],
];

describe('lintDeclaration', () => {
  it('finds nothing wrong with what is right', () => {
    expect(lintDeclaration(toyDeclaration())).toEqual([]);
  });

  it.each(mistakes)('tells %s, and what to do', (_what, change, told) => {
    const problems = lintDeclaration(toyDeclaration(change));
    expect(
      problems.map(({ where, problem, remedy }) => `${where}: ${problem}. ${remedy}`).join('\n'),
    ).toMatch(told);
    for (const { remedy } of problems) expect(remedy).toMatch(/\S.*[.?]$/);
    expect(() => checkDeclaration(toyDeclaration(change))).toThrow(told);
  });
});
