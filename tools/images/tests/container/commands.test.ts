import { expect, it } from 'vitest';
import { buildahRun } from '../../src/container/buildah.ts';
import { checkedCommand } from '../../src/container/run-command.ts';
import { dockerBuild, dockerRun } from '../../src/container/docker.ts';

const RUN = {
  reference: 'localhost/hemline/a:local',
  command: ['process', '--step', 'forecast'],
  root: '/tmp/root',
  user: 12_345,
  environment: { A: 'x y' },
};

it('docker runs an image read-only, without a network, with the command behind the image', () => {
  expect(dockerRun(RUN).join(' ')).toBe(
    'docker run --rm --network none --read-only --tmpfs /tmp:mode=1777 --user 12345:12345 ' +
      '--volume /tmp/root:/opt/ml --env A=x y localhost/hemline/a:local process --step forecast',
  );
});

it('buildah is given every text as an argument of its own, never as part of a script', () => {
  const [shell, option, script, name, ...args] = buildahRun(RUN);
  expect([shell, option, name]).toEqual(['sh', '-c', 'sh']);
  expect(script).not.toContain('/tmp/root');
  expect(args).toEqual([
    'localhost/hemline/a:local',
    ...['--user', '12345:12345', '--volume', '/tmp/root:/opt/ml'],
    ...['--mount', 'type=tmpfs,destination=/tmp,tmpfs-mode=1777', '--env', 'A=x y'],
    ...['CONTAINER', '--', 'process', '--step', 'forecast'],
  ]);
});

it('docker loads what it builds into the store that images are run from', () => {
  expect(
    dockerBuild({ file: 'docker/cpu.Dockerfile', context: 'c', reference: 'r', arguments: { IMAGE: 'a' } }),
  ).toEqual('docker build --load --file docker/cpu.Dockerfile --tag r --build-arg IMAGE=a c'.split(' '));
});

it('names a program that is not installed, and how to get it', async () => {
  await expect(checkedCommand(['debootstrapper', '--help'])).rejects.toThrow(
    /debootstrapper is not installed; expected the program debootstrapper in the PATH.*apt-get install debootstrapper/s,
  );
});
