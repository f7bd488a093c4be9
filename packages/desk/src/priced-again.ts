import type { decisions } from '@hemline/hemline';

/** Where files that a run was priced with lie by now; null: it had none. */
export interface GivenFiles {
  readonly limits: string | null;
  readonly plan: string | null;
}

/**
 * @param priced run
 * @param files that it was priced with
 * @param options places that the desk was given
 * @param options.data folder of the dataset
 * @param options.decisions store of decisions
 * @returns arguments of `hemline price` that price the same forecasts again
 */
export function pricedAgain(
  priced: decisions.PricedRun,
  files: GivenFiles,
  options: { readonly data?: string | undefined; readonly decisions?: string | undefined },
): readonly string[] {
  const { origin } = priced;
  const { data, decisions: store } = options;
  const { parameters } = priced.known.record;
  const given = (name: string): readonly string[] => {
    const value = origin.settings[name];
    return typeof value === 'number' ? [String(value)] : [];
  };
  const option = (name: string, values: readonly string[]): readonly string[] =>
    values.length === 0 ? [] : [name, ...values];
  return [
    ...['price', origin.run, '--model', origin.forecasts.map(({ model }) => model).join(',')],
    ...option('--limits', files.limits === null ? [] : [files.limits]),
    ...option('--plan', files.plan === null ? [] : [files.plan]),
    ...option('--minimum-gain', given('minimumGain')),
    ...option('--maximum-error', given('maximumError')),
    ...option('--data', data === undefined ? [] : [data]),
    ...option('--decisions', store === undefined ? [] : [store]),
    ...(origin.settings['leaveOutBad'] === true || parameters['leaveOutBad'] === 'true'
      ? ['--leave-out-bad']
      : []),
  ];
}
