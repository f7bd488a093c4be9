/** npm has an option of this name itself, which may be set for all that it does. */
const ITS_OWN = 'json';

/**
 * Finds options that npm has kept for itself: without `--` before them, `npm run bench import --rows 1000` hands on `import 1000`
 * alone, and tells of the rest in the environment.
 * @param names of our options
 * @param given those that came through
 * @param environment of the process
 * @throws RangeError with the command line that hands them on
 */
export function checkNotKept(
  names: readonly string[],
  given: Readonly<Record<string, unknown>>,
  environment: Readonly<Record<string, string | undefined>>,
): void {
  const kept = names.filter((name) => {
    const value = environment[`npm_config_${name.replaceAll('-', '_')}`];
    return (
      name !== ITS_OWN &&
      (given[name] === undefined || given[name] === false) &&
      value !== undefined &&
      value !== ''
    );
  });
  if (kept.length === 0) return;
  const options = kept.map((name) => `--${name}`).join(', ');
  throw new RangeError(
    `npm has kept ${options} for itself; expected -- before all options, as in: npm run bench -- import --rows 1000`,
  );
}
