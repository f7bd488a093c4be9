import { ConfigurationError } from '@hemline/core';
import { logger, type Tree } from '@nx/devkit';
import { formatAs } from '../write-generated.ts';

/** A line that belongs into a file, and where. */
export interface Insertion {
  readonly path: string;
  /** Below the root; formatted afterwards. */
  readonly line: string;
  /** The line goes before the first place that this finds. */
  readonly before: RegExp;
  /** What says that it is there already. */
  readonly unless: RegExp;
}

/**
 * Inserts a line into a file of the workspace, once: a file that has it stays as it is.
 * @param tree of the workspace
 * @param insertion line and place
 * @throws ConfigurationError when the file has changed so much that the place is not found
 */
export async function insertLine(tree: Tree, { path, line, before, unless }: Insertion): Promise<void> {
  const text = tree.read(path, 'utf8');
  if (text !== null && unless.test(text)) return;
  const at = text?.search(before) ?? -1;
  if (text === null || at === -1)
    throw new ConfigurationError('a file has no place for a new kind of feature', {
      expected: `something like ${before.source}`,
      found: text === null ? 'no file' : 'nothing like it',
      where: { file: path },
      remedy:
        'Nothing was written. Put the file back as it was, or add the kind by hand as its neighbours are.',
    });
  tree.write(path, await formatAs(tree, path, `${text.slice(0, at)}${line}${text.slice(at)}`));
  logger.info(`ADD to ${path}: ${line.trim()}`);
}
