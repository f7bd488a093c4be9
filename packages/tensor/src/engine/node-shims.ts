import { createRequire } from 'node:module';

/**
 * Defines `util.isNullOrUndefined` and `util.isArray` where Node no longer has them (from 23 on): tfjs-node 4.22 calls
 * them. To be called before it is loaded; calling it again does nothing.
 */
export function defineNodeShims(): void {
  // The module object that `require('util')` gives to others, which an `import` would not let us extend.
  const util = createRequire(import.meta.url)('node:util') as Record<string, unknown>;
  util.isNullOrUndefined ??= (value: unknown): boolean => value === null || value === undefined;
  util.isArray ??= Array.isArray;
}
