/** What a step of `process` is told, by the names of its arguments; what is undefined is left to its default. */
export type StepParameters = Readonly<Record<string, string | number | undefined>> & {
  readonly step: string;
};

/**
 * @param parameters of a step
 * @returns the arguments of its job: `--step forecast --horizon 26 …`
 */
export function stepArguments(parameters: StepParameters): string[] {
  return Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, String(value)],
  );
}
