import { LightgbmError } from '../lightgbm-error.ts';

/** The lines of a model's text by its parts, without blanks at their ends and without empty lines. */
export interface ModelSections {
  readonly head: readonly string[];
  /** Of each tree, its number aside. */
  readonly trees: readonly (readonly string[])[];
  /** Importances and parameters, empty lines included. */
  readonly rest: readonly string[];
}

const END = 'end of trees';
const TREE = /^Tree=\d+$/;

/**
 * Takes the text of a model apart. What editors, version control and mail do to texts is undone: marks of byte order, ends of
 * lines as Windows has them, blanks at the ends of lines, empty lines.
 * @param text of a model
 * @returns its lines
 * @throws LightgbmError when it is no text of a model, or ends before its trees do
 */
export function readSections(text: string): ModelSections {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .map((line) => line.trimEnd());
  const start = lines.findIndex((line) => line !== '');
  const end = lines.indexOf(END);
  const isModel = lines[start]?.trimStart() === 'tree';
  if (!isModel || end === -1 || text.includes('\0'))
    throw new LightgbmError('this is not the text of a model of LightGBM', {
      expected: `a text from "tree" to "${END}"`,
      found: !isModel
        ? JSON.stringify(text.slice(0, 40))
        : end === -1
          ? 'no end: it was cut off'
          : 'characters of no text in it',
    });
  const head: string[] = [];
  const trees: string[][] = [];
  for (const line of lines.slice(start, end)) {
    if (TREE.test(line)) trees.push([]);
    else if (line !== '') (trees.at(-1) ?? head).push(line);
  }
  return { head, trees, rest: lines.slice(end + 1) };
}

/**
 * Puts the text of a model together as LightGBM writes it. It finds its trees by the bytes that each is said to have, so that
 * these have to be those of this text.
 * @param sections of a model
 * @returns its text
 */
export function writeSections({ head, trees, rest }: ModelSections): string {
  const blocks = trees.map((lines, tree) => `Tree=${tree}\n${lines.join('\n')}\n\n\n`);
  const encoder = new TextEncoder();
  const sizes = blocks.map((block) => encoder.encode(block).length).join(' ');
  const top = head.map((line) => (line.startsWith('tree_sizes=') ? `tree_sizes=${sizes}` : line));
  return `${top.join('\n')}\n\n${blocks.join('')}${[END, ...rest].join('\n')}`;
}
