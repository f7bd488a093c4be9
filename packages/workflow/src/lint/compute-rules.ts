import { nearest } from '@hemline/core';
import { DEFAULT_COMPUTE, type JobKind } from '../declaration/compute.ts';
import type { Declaration } from '../declaration/declaration.ts';
import { settingsOf } from '../declaration/settings.ts';
import type { Problem } from './problem.ts';

/** Families that SageMaker has for training and processing, without the sizes that not every region has. */
const FAMILIES = [
  ...['t3', 'm4', 'm5', 'm5d', 'm6i', 'm6id', 'm7i', 'c4', 'c5', 'c5d', 'c5n', 'c6i', 'c6id', 'c7i'],
  ...['r5', 'r5d', 'r6i', 'r6id', 'r7i', 'p3', 'p3dn', 'p4d', 'p4de', 'p5', 'g4dn', 'g5', 'g6', 'g6e'],
  ...['trn1', 'trn1n', 'trn2'],
];
const WITH_GPU = /^ml\.(p\d|g\d|trn)/;
/** Jobs that spread over machines. */
const SPREAD: readonly JobKind[] = ['forecast', 'features', 'optimise'];
/** Longest run of a job: processing takes 777,600 s, training 28 days. */
const LONGEST_HOURS: Readonly<Record<JobKind, number>> = {
  check: 216,
  features: 216,
  train: 672,
  evaluate: 216,
  forecast: 216,
  optimise: 216,
};

/**
 * Checks the machines of a declaration: that there are such, and that they are of use.
 * @param declaration to check
 * @returns what is wrong
 */
export function computeProblems(declaration: Declaration): Problem[] {
  const given = [
    ...declaration.models
      .map(settingsOf)
      .map(({ name, compute = {} }) => ({ who: `model ${name}`, name, compute })),
    ...(declaration.pricing?.compute === undefined
      ? []
      : [{ who: 'pricing', name: 'pricing', compute: { optimise: declaration.pricing.compute } }]),
  ];
  return given.flatMap(({ who, name, compute }) =>
    (Object.entries(compute) as [JobKind, Partial<typeof DEFAULT_COMPUTE.train>][]).flatMap(
      ([kind, given]) => {
        const where = `${who}, compute of ${kind}`;
        const wanted = { ...DEFAULT_COMPUTE[kind], ...given };
        const engines =
          kind === 'optimise'
            ? []
            : (declaration.catalog.find((each) => each.name === name)?.engines ?? null);
        const problems: Problem[] = [];
        const add = (problem: string, remedy: string): void => void problems.push({ where, problem, remedy });
        const family = /^ml\.([a-z0-9]+)\.[a-z0-9]+$/.exec(wanted.instanceType)?.[1];
        if (family === undefined || !FAMILIES.includes(family)) {
          const close = nearest(family ?? wanted.instanceType, FAMILIES);
          add(
            `there is no instance type ${wanted.instanceType}`,
            `Give one such as ml.m5.xlarge${close === undefined ? '' : ` (a family is ${close})`}.`,
          );
        } else if (WITH_GPU.test(wanted.instanceType) && !(engines?.includes('tensorflow') ?? true))
          add(
            `${wanted.instanceType} has a GPU, which ${name} cannot use`,
            'Take a machine without one: its image has no engine that computes on it.',
          );
        if (!Number.isInteger(wanted.instances) || wanted.instances < 1 || wanted.instances > 100)
          add(`${wanted.instances} machines cannot be had`, 'Give 1 to 100.');
        else if (wanted.instances > 1 && !SPREAD.includes(kind))
          add(
            `${wanted.instances} machines would do the same work`,
            'Take one, and a larger one: only forecasts, features and pricing are spread over machines.',
          );
        if (wanted.spot && kind !== 'train')
          add('spare capacity is for trainings only', 'Leave spot out: processing jobs cannot have it.');
        const longest = LONGEST_HOURS[kind];
        if (!(wanted.maximumHours > 0) || wanted.maximumHours > longest)
          add(
            `a job of ${wanted.maximumHours} hours cannot be had`,
            `Give more than 0 and at most ${longest}.`,
          );
        if (!Number.isInteger(wanted.volumeGiB) || wanted.volumeGiB < 1 || wanted.volumeGiB > 16_384)
          add(`a disk of ${wanted.volumeGiB} GiB cannot be had`, 'Give 1 to 16,384.');
        return problems;
      },
    ),
  );
}
