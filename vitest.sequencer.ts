import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Files that take longest, longest first. A run without a memory of the one before, as on CI, would start with the largest files, and
 * conformance suites are the smallest: one worker would end with minutes of them while the other has nothing to do.
 */
const LONGEST = [
  'tools/workspace-plugin/tests/readme-commands.test.ts',
  'packages/cli/tests/hemline.test.ts',
  'models/demand-transformer/tests/conformance.test.ts',
  'tools/workspace-plugin/tests/generated-code.test.ts',
  'models/demand-transformer/tests/training.test.ts',
  'packages/runtime/tests/entrypoints/killed-job.test.ts',
  'models/demand-trees/tests/conformance.test.ts',
  'models/demand-blend/tests/conformance.test.ts',
  'packages/desk/tests/page/monday.test.ts',
  'packages/cli/tests/season.test.ts',
  'packages/desk/tests/page/list-in-browser.test.ts',
  'packages/cli/tests/json.test.ts',
  'packages/cli/tests/wrong-places.test.ts',
];

/** Starts the longest test files first, so that workers end together. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const gone = LONGEST.filter((path) => !existsSync(join(import.meta.dirname, path)));
    if (gone.length > 0)
      throw new Error(
        `vitest.sequencer.ts names files that are not there: ${gone.join(', ')}; take them out`,
      );
    const place = ({ moduleId }: TestSpecification): number => {
      const found = LONGEST.findIndex((path) => moduleId.endsWith(`/${path}`));
      return found === -1 ? LONGEST.length : found;
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}
