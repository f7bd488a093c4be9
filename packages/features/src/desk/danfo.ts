import { createRequire } from 'node:module';
import { EngineError } from '@hemline/core';

/** The module, loaded on first use: it starts TensorFlow. */
export type Danfo = typeof import('danfojs-node');

const require = createRequire(import.meta.url);
let loaded: Danfo | undefined;

/**
 * Loads danfojs-node, which needs the native TensorFlow library and has no other backend.
 * @returns the module
 * @throws EngineError when the library is not staged
 */
export function loadDanfo(): Danfo {
  if (loaded !== undefined) return loaded;
  // tfjs-node 4.22, which danfojs-node loads, calls two functions that Node no longer has from 23 on.
  const util = require('node:util') as Record<string, unknown>;
  util.isNullOrUndefined ??= (value: unknown): boolean => value === null || value === undefined;
  util.isArray ??= Array.isArray;
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  try {
    loaded = require('danfojs-node') as Danfo;
  } catch (cause) {
    throw new EngineError('data frames need the native TensorFlow library, which danfojs-node loads', {
      found: String((cause as Error).message)
        .split('\n')[0]!
        .trim(),
      remedy: 'Run "npm run setup". Batches and panels need no such library.',
      cause,
    });
  }
  return loaded;
}
