import { readFileSync } from 'node:fs';

/** Names of languages that a block of commands may have. */
const SHELLS = ['sh', 'bash', 'shell', 'console', 'zsh'];

/** A block of commands of a Markdown file. */
export interface ShellBlock {
  /** 1-based, of the first command. */
  readonly line: number;
  readonly commands: string;
  /** Why the block cannot be run in a test; null where it is run as it is written. */
  readonly reason: string | null;
}

/**
 * The fenced blocks of commands. One that cannot be run in a test says so, and why, after its language: ` ```sh no-test: needs AWS `.
 * @param file Markdown
 * @returns the blocks in order
 * @throws Error for a block that is marked otherwise, or without a reason
 */
export function shellBlocks(file: string): ShellBlock[] {
  const blocks: ShellBlock[] = [];
  const lines = readFileSync(file, 'utf8').split('\n');
  for (let at = 0; at < lines.length; at++) {
    const [, indent, fence, language, info] = /^( *)(```+)(\S*)(.*)$/.exec(lines[at]!) ?? [];
    if (fence === undefined) continue;
    const end = lines.findIndex((line, i) => i > at && line.trim() === fence);
    if (end === -1) throw new Error(`${file}:${at + 1}: the block does not end`);
    if (SHELLS.includes(language!)) {
      const reason = /^ no-test: (\S.*)$/.exec(info!.trimEnd())?.[1] ?? null;
      if (reason === null && info!.trim() !== '')
        throw new Error(
          `${file}:${at + 1}: expected "${language} no-test: REASON", found "${language}${info}"`,
        );
      const commands = lines.slice(at + 1, end).map((line) => line.slice(indent!.length));
      blocks.push({ line: at + 2, commands: commands.join('\n'), reason });
    }
    at = end;
  }
  return blocks;
}
