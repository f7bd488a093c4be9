/** Words that zod puts before what it expected: the error around them says already that something is not valid. */
const LABEL = /^(Invalid input|Invalid option|Invalid key|Invalid value|Too small|Too big): (?=expected)/;

/**
 * What a schema says of a value, in the words of all other errors: what was expected, and what was found.
 * @param message of an issue of zod
 * @returns for example `expected string, found nothing`
 */
export function issueText(message: string): string {
  return message
    .replace(LABEL, '')
    .replace(/^Unrecognized (keys?): /, 'unknown $1 ')
    .replace(/, received undefined\b/, ', found nothing')
    .replace(/, received /, ', found ');
}
