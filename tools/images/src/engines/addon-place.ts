import { dirname, join } from 'node:path';

/**
 * Stands for `@mapbox/node-pre-gyp` in the bundle of tfjs-node, which asks it for the place of its addon and for nothing else:
 * in an image it is known.
 * @param manifest path of the package.json of tfjs-node
 * @returns path of the addon
 */
export function find(manifest: string): string {
  return join(dirname(manifest), 'lib', 'napi-v8', 'tfjs_binding.node');
}
