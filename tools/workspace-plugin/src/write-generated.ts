import { join } from 'node:path';
import { logger, type Tree } from '@nx/devkit';
import { format, resolveConfig } from 'prettier';

/** What became of a file. */
export type Written = 'written' | 'unchanged' | 'kept';

/**
 * Writes a generated file, formatted as the workspace's files are. One that is there stays as it is: what a person has changed is never
 * overwritten, and that is said.
 * @param tree of the workspace
 * @param path below its root
 * @param text unformatted
 * @returns what became of it
 */
export async function writeGenerated(tree: Tree, path: string, text: string): Promise<Written> {
  const formatted = await formatAs(tree, path, text);
  const there = tree.read(path, 'utf8');
  if (there === formatted) return 'unchanged';
  if (there !== null) {
    logger.info(`KEEP ${path}: it differs from what would be generated, and stays as it is`);
    return 'kept';
  }
  tree.write(path, formatted);
  return 'written';
}

/**
 * @param tree of the workspace
 * @param path of the file, which decides the parser
 * @param text unformatted
 * @returns the text as `npm run format` would leave it
 */
export async function formatAs(tree: Tree, path: string, text: string): Promise<string> {
  const filepath = join(tree.root, path);
  return format(text, { ...(await resolveConfig(filepath)), filepath });
}
