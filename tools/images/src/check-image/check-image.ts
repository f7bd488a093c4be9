import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simulateMarket } from '@hemline/market-simulator';
import { listing } from '@hemline/core';
import { ProcessEngine } from '@hemline/sagemaker/run';
import type { ContainerProgram } from '../container/container-program.ts';
import { PlatformError } from '../container/platform-error.ts';
import type { ImageSpec, Variant } from '../spec/image-spec.ts';
import { compareFolders, isSame } from './compare-folders.ts';
import { ImageTestError } from './image-test-error.ts';
import { jobSteps, type StepJobs } from './job-steps.ts';
import { removeAsNobody } from './remove-as-nobody.ts';
import { runSteps, StrictEngine } from './run-steps.ts';
import { sizeBudget } from './size-budget.ts';

/** Who a container runs as: SageMaker's root, and somebody whom no system knows. */
const USERS = { root: 0, 'another user': 12_345 } as const;

/** How to test. */
export interface ImageTestOptions {
  readonly reference: string;
  readonly variant: Variant;
  readonly hyperparameters: Readonly<Record<string, string>>;
  /** Told what has been found right. */
  readonly onPass: (text: string) => void;
}

/**
 * Tests a built image: its programs answer, and its jobs leave byte by byte what the same jobs leave outside, as root and as
 * another user, on a read-only file system without a network; and what root has left can be removed by others.
 * @param spec of the image
 * @param program docker or buildah
 * @param options image, variant, hyperparameters
 * @throws ImageTestError for the first thing that is not so
 */
export async function checkImage(
  spec: ImageSpec,
  program: ContainerProgram,
  { reference, variant, hyperparameters, onPass }: ImageTestOptions,
): Promise<void> {
  if (!(await program.has(reference)))
    throw new PlatformError(`there is no image ${reference}`, {
      remedy: `Build it first: npx nx image ${spec.project}.`,
    });
  await checkSize(spec, program, reference, variant, onPass);
  const folder = await mkdtemp(join(tmpdir(), 'hemline-image-'));
  try {
    await chmod(folder, 0o755);
    await checkAnswers(spec, program, reference, folder, onPass);
    const { observed } = await simulateMarket({
      out: join(folder, 'market'),
      ...{ articles: 40, markets: 2, weeks: 80, planWeeks: 8 },
    });
    const revision = (await program.labels(reference))['org.opencontainers.image.revision'] ?? '';
    const steps = jobSteps(spec);
    const environment = { HEMLINE_RUN_ID: 'image-test', HEMLINE_CODE_VERSION: revision };
    const jobsIn = async (name: string): Promise<StepJobs> => {
      const place = join(folder, name);
      await mkdir(place);
      await chmod(place, 0o777);
      return { image: reference, folder: place, dataset: observed, hyperparameters, environment };
    };
    // Outside: this Node, and the module that the command of the image was bundled from.
    const outside = await jobsIn('outside');
    const programs = new ProcessEngine((_, name) => ({
      program: process.execPath,
      arguments: [spec.programs[name]!],
    }));
    await runSteps(steps, outside, programs);
    for (const [name, user] of Object.entries(USERS)) {
      const { folder: inside, ...jobs } = await jobsIn(`user-${user}`);
      await runSteps(steps, { ...jobs, folder: inside }, new StrictEngine(program, user));
      for (const { program: made, made: parts } of steps)
        for (const part of parts) {
          const files = await compare(join(outside.folder, made, part), join(inside, made, part));
          onPass(`${made} as ${name} leaves the same ${files} files in ${part}`);
        }
      await removeAsNobody(inside);
      onPass(`what ${name} has left can be removed by others`);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function checkSize(
  spec: ImageSpec,
  program: ContainerProgram,
  reference: string,
  variant: Variant,
  onPass: (text: string) => void,
): Promise<void> {
  const base = (await program.labels(reference))['org.opencontainers.image.base.name'] ?? '';
  const bytes = (await program.bytes(reference)) - (await program.bytes(base));
  const most = sizeBudget(spec, variant);
  if (most !== null && bytes > most)
    throw new ImageTestError(`the image of ${spec.name} is too large`, {
      expected: `at most ${megabytes(most)} on top of ${base}`,
      found: megabytes(bytes),
      remedy:
        'Look for what its bundle has newly come to import (dist/images), or raise the budget on purpose.',
    });
  onPass(`${megabytes(bytes)} on top of ${base}`);
}

/** A wrong root must give its one error, fast: how fast is told beside what Node needs to start at all. */
async function checkAnswers(
  spec: ImageSpec,
  program: ContainerProgram,
  reference: string,
  folder: string,
  onPass: (text: string) => void,
): Promise<void> {
  const root = join(folder, 'empty');
  for (const command of Object.keys(spec.programs)) {
    await mkdir(root, { mode: 0o777 });
    await chmod(root, 0o777);
    const script = `const { spawnSync } = require('node:child_process');
      const time = (...command) => {
        const began = performance.now();
        const { status, stdout, stderr } = spawnSync(command[0], command.slice(1), { encoding: 'utf8' });
        return { status, text: stdout + stderr, ms: Math.round(performance.now() - began) };
      };
      console.log(JSON.stringify({ node: time('node', '-e', '0').ms, ...time('${command}') }));`;
    const { output, complaint } = await program.run({
      ...{ reference, root, user: 0 },
      command: ['node', '-e', script],
    });
    const answer = JSON.parse(output || '{}') as {
      node?: number;
      status?: number;
      text?: string;
      ms?: number;
    };
    const lines = answer.text?.trim().split('\n') ?? [];
    // Besides it a job tells what it used.
    const errors = lines.filter((line) => line.includes('"level":"error"'));
    if (answer.status !== 65 || errors.length !== 1)
      throw new ImageTestError(`${command} does not answer to an empty root as it should`, {
        expected: 'exit code 65 and one error that says why',
        found: `${answer.status}: ${listing(lines) || complaint.trim()}`,
      });
    onPass(`${command} answers in ${answer.ms} ms, of which Node's own start takes ${answer.node}`);
    await removeAsNobody(root);
  }
}

async function compare(outside: string, inside: string): Promise<number> {
  const differences = await compareFolders(outside, inside);
  if (isSame(differences)) return differences.files;
  const { onlyFirst, onlySecond, altered, files } = differences;
  throw new ImageTestError('the image leaves something else than the same run outside', {
    expected: `the files of ${outside}`,
    found: [
      ...(files === 0 ? ['no file that both have'] : []),
      ...(onlyFirst.length > 0 ? [`missing: ${listing(onlyFirst)}`] : []),
      ...(onlySecond.length > 0 ? [`besides: ${listing(onlySecond)}`] : []),
      ...(altered.length > 0 ? [`other bytes: ${listing(altered)}`] : []),
    ].join('; '),
    where: { file: inside },
  });
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
