import manifest from '../../package.json' with { type: 'json' };

/**
 * The version of the code that runs: the image's build sets `HEMLINE_CODE_VERSION` (a commit), else it is the package's.
 * @param environment of the process
 * @returns the version
 */
export function codeVersion(environment: NodeJS.ProcessEnv = process.env): string {
  const given = environment['HEMLINE_CODE_VERSION'];
  if (given !== undefined && given !== '') return given;
  return manifest.version;
}
