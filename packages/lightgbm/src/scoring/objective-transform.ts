import { LightgbmError } from '../lightgbm-error.ts';
import { exp } from './exp.ts';

/** Turns the raw scores of one row, `classes` of them from a position on, into what the objective predicts. */
export type Transform = (values: Float64Array, at: number, classes: number) => void;

const IDENTITY = [
  '',
  'custom',
  'regression',
  'regression_l1',
  'huber',
  'fair',
  'quantile',
  'mape',
  'lambdarank',
  'rank_xendcg',
];

/**
 * @param objective as in the text of a model: its name and settings
 * @returns the transformation of raw scores
 * @throws LightgbmError when the objective is not known
 */
export function transformOf(objective: string): Transform | null {
  const [name = '', ...settings] = objective.split(' ');
  const sigmoid = Number(settings.find((one) => one.startsWith('sigmoid:'))?.slice('sigmoid:'.length) ?? 1);
  switch (name) {
    case 'binary':
      return each((x) => 1 / (1 + exp(-sigmoid * x)));
    case 'multiclassova':
      return each((x) => 1 / (1 + exp(-sigmoid * x)));
    case 'cross_entropy':
      return each((x) => 1 / (1 + exp(-x)));
    case 'cross_entropy_lambda':
      return each((x) => Math.log1p(exp(x)));
    case 'poisson':
    case 'gamma':
    case 'tweedie':
      return each(exp);
    case 'multiclass':
      return softmax;
  }
  if (settings.includes('sqrt')) return each((x) => (x >= 0 ? x * x : -(x * x)));
  if (IDENTITY.includes(name)) return null;
  throw new LightgbmError('the objective of a model is not known', {
    expected: 'one of LightGBM 4',
    found: objective,
    remedy: 'Ask for raw scores, or predict with Booster.',
  });
}

function each(transform: (x: number) => number): Transform {
  return (values, at, classes) => {
    for (let i = at; i < at + classes; i++) values[i] = transform(values[i]!);
  };
}

function softmax(values: Float64Array, at: number, classes: number): void {
  let greatest = values[at]!;
  for (let i = at + 1; i < at + classes; i++) greatest = Math.max(greatest, values[i]!);
  let sum = 0;
  for (let i = at; i < at + classes; i++) sum += values[i] = exp(values[i]! - greatest);
  for (let i = at; i < at + classes; i++) values[i]! /= sum;
}
