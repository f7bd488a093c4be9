import { join } from 'node:path';
import type { Places } from './places.ts';
import { runProgram } from './run-program.ts';
import { SetupError } from './setup-error.ts';

/** What became of the page of the pricing desk. */
export type PageState =
  | { readonly state: 'built' | 'current' }
  /** Everything but `hemline desk` works without it. */
  | { readonly state: 'unavailable'; readonly reason: string };

const BUILD = 'packages/desk/src/page-build/main.ts';

/**
 * Builds the page of the pricing desk, unless it is there and made of the sources as they are. That is the desk's own program: setup
 * knows neither its sources nor what builds them.
 * @param places the folders
 * @param program by default the desk's own
 * @returns what became of it
 */
export async function stagePage(
  places: Pick<Places, 'root'>,
  program: string = join(places.root, BUILD),
): Promise<PageState> {
  try {
    const output = await runProgram(process.execPath, [program], { cwd: places.root });
    return { state: output.startsWith('current') ? 'current' : 'built' };
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    return { state: 'unavailable', reason: error.message };
  }
}
