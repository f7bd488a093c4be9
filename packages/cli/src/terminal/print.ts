/**
 * Prints a result: as JSON for machines, else as text for people. Always standard output; progress and logs go to
 * standard error, so that `--json | jq` works.
 * @param value what a machine gets
 * @param text what a person gets
 * @param json which of the two
 */
export function printResult(value: unknown, text: string, json: boolean | undefined): void {
  process.stdout.write(`${json ? JSON.stringify(value) : text}\n`);
}

/**
 * Prints a line for the person who waits, beside the result.
 * @param text of it
 */
export function printNotice(text: string): void {
  process.stderr.write(`${text}\n`);
}
