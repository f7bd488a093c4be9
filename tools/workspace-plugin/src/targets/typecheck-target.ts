import type { TargetConfiguration } from '@nx/devkit';

/**
 * @param root of a package, below that of the workspace
 * @returns the target that type-checks it with what it imports, and nothing else
 */
export function typecheckTarget(root: string): TargetConfiguration {
  return {
    executor: 'nx:run-commands',
    options: {
      command: `hemline-node tools/workspace-plugin/src/targets/typecheck.ts ${root}`,
      cwd: '{workspaceRoot}',
    },
    cache: true,
    inputs: ['default', '^default'],
    metadata: { description: 'Type-checks the package alone' },
  };
}
