import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ImageEngine } from '@hemline/sagemaker/run';
import { simulateMarket } from '@hemline/market-simulator';
import { command } from '../command.ts';

type Container = Parameters<ImageEngine['start']>[0];

const WORKSPACE = fileURLToPath(new URL('../../../..', import.meta.url));
const IMAGES = ['demand-naive', 'data', 'pricing'];
const answers = (program: string, ...args: string[]): boolean =>
  spawnSync(program, args, { stdio: 'ignore' }).status === 0;

// They take minutes where a base image has to be made or pulled first.
const missing =
  process.env['HEMLINE_IMAGE_TESTS'] !== '1'
    ? 'HEMLINE_IMAGE_TESTS=1 is not set'
    : answers('buildah', '--version')
      ? null
      : 'buildah is not here';

describe.skipIf(missing !== null)(
  `jobs in containers${missing === null ? '' : ` (skipped: ${missing})`}`,
  () => {
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'hemline-containers-'));
      for (const name of IMAGES) {
        const args = ['tools/images/src/main.ts', 'build', name, '--engine', 'buildah'];
        const { status, stderr } = spawnSync(process.execPath, args, { cwd: WORKSPACE, encoding: 'utf8' });
        expect(status === 0 ? '' : stderr.slice(-2000)).toBe('');
      }
    }, 600_000);
    afterAll(() => rm(folder, { recursive: true }));

    /** A container that says when it is up, and leaves with 7 when it is asked to. */
    async function container(run: string): Promise<Container> {
      const root = join(folder, run, 'jobs', 'job');
      await mkdir(root, { recursive: true });
      const script = `process.on('SIGTERM', () => process.exit(7));
      setInterval(() => undefined, 1000);
      console.log('up');`;
      return {
        ...{ image: 'localhost/hemline/demand-naive:local', root, reaches: [], environment: {} },
        command: ['node', '-e', script],
      };
    }

    const left = (): string[] =>
      spawnSync('buildah', ['containers', '--format', '{{.ContainerName}}'], { encoding: 'utf8' })
        .stdout.split('\n')
        .filter((name) => name.startsWith('hemline-'));

    it(
      'a job is told to stop, leaves by itself, and its container is removed',
      { timeout: 60_000 },
      async () => {
        const engine = new ImageEngine('buildah');
        const lines: string[] = [];
        const running = engine.start(await container('stop'), (line) => {
          lines.push(line);
          if (line === 'up') running.kill('SIGTERM');
        });
        expect(await running.ended).toEqual({ code: 7, signal: null });
        expect(lines[0]).toBe('up');
        expect(left()).toEqual([]);
      },
    );

    it('what a killed executor has left is ended, and nothing else', { timeout: 60_000 }, async () => {
      const engine = new ImageEngine('buildah');
      const up: (() => void)[] = [];
      const bothUp = Promise.all([
        new Promise<void>((r) => up.push(r)),
        new Promise<void>((r) => up.push(r)),
      ]);
      const orphan = engine.start(await container('killed'), (line) => line === 'up' && up[0]!());
      const other = engine.start(await container('other'), (line) => line === 'up' && up[1]!());
      await bothUp;
      expect(await engine.endOrphans(join(folder, 'killed', 'jobs'))).toBe(1);
      expect((await orphan.ended).code).not.toBe(0);
      const early = await Promise.race([other.ended, sleep(500, 'runs')]);
      expect(early).toBe('runs');
      other.kill('SIGTERM');
      expect((await other.ended).code).toBe(7);
      expect(left()).toEqual([]);
    });

    it(
      'the weekly workflow runs in images and leaves what it leaves without',
      { timeout: 300_000 },
      async () => {
        const { observed } = await simulateMarket({
          out: join(folder, 'market'),
          ...{ articles: 40, markets: 2, weeks: 80, planWeeks: 8 },
        });
        for (const engine of ['process', 'buildah']) {
          const { code, stdout } = await command(folder, [
            ...[
              'run',
              'weekly',
              '--data',
              observed,
              '--models',
              'demand-naive',
              '--out',
              join(folder, engine),
            ],
            ...['--run-id', 'same', '--horizon', '4', '--discounts', '0,0.3', '--engine', engine],
          ]);
          expect({ engine, code, end: code === 0 ? '' : stdout.slice(-1000) }).toEqual({
            engine,
            code: 0,
            end: '',
          });
        }
        const [outside, inside] = ['process', 'buildah'].map((engine) =>
          join(folder, engine, 'forecasts', 'same', 'demand-naive'),
        );
        const files = (await readdir(outside!, { recursive: true })).filter((name) =>
          name.endsWith('.parquet'),
        );
        expect(files.length).toBeGreaterThan(0);
        for (const name of files)
          expect((await readFile(join(inside!, name))).equals(await readFile(join(outside!, name)))).toBe(
            true,
          );
      },
    );
  },
);
