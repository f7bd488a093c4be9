#!/usr/bin/env node
import * as nodeModule from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch } from './pinned-node.mjs';

// TypeScript is stripped and compiled once a version of each file, not at every start: of this process, and of the jobs that it starts.
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'node-compile-cache');
nodeModule.enableCompileCache?.(process.env.NODE_COMPILE_CACHE);
await launch(fileURLToPath(new URL('../src/main.ts', import.meta.url)), process.argv.slice(2));
