#!/usr/bin/env node
// `npx hemline-node FILE.ts …`: runs a TypeScript file of the workspace, whichever Node somebody has.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { launch } from './pinned-node.mjs';

const [file, ...args] = process.argv.slice(2);
if (file === undefined || !existsSync(file)) {
  console.error(
    `hemline-node: expected a TypeScript file and its arguments, found ${file ?? 'nothing'}; such as: npx hemline-node models/demand-naive/src/train.ts`,
  );
  process.exit(64);
}
await launch(resolve(file), args);
