import { FEATURE_OPTIONS, optionTexts } from '@hemline/features';

/** Before and after the table in the README. */
const BEGIN = '<!-- Options of the kinds: written by `npm run options-table -w tools/workspace-plugin`. -->';
const END = '<!-- End of the options. -->';

/**
 * The options of all kinds of features, from the schemas that validate them.
 * @returns a table in Markdown, not yet formatted
 */
export function optionsTable(): string {
  const rows = FEATURE_OPTIONS.flatMap((declared) => {
    const texts = optionTexts(declared);
    if (texts.length === 0) return [row(declared.kind, '–', '', '', 'none')];
    return texts.map((text) =>
      row(
        declared.kind,
        `\`${text.name}\``,
        text.values,
        text.isRequired ? 'required' : text.default === null ? '' : `\`${text.default}\``,
        text.description,
      ),
    );
  });
  return [
    '| kind | option | value | default | meaning |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

/**
 * @param readme with the marks of the table
 * @returns the README with the table of today
 * @throws Error when a mark is missing
 */
export function withOptionsTable(readme: string): string {
  const [from, to] = [readme.indexOf(BEGIN), readme.indexOf(END)];
  if (from === -1 || to < from)
    throw new Error(
      `expected ${BEGIN} and ${END} in the README, found not both; put them where the table belongs`,
    );
  return `${readme.slice(0, from + BEGIN.length)}\n\n${optionsTable()}\n${readme.slice(to)}`;
}

function row(kind: string, ...cells: readonly string[]): string {
  return `| \`${kind}\` | ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
