import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const WORKSPACE = fileURLToPath(new URL('../../../..', import.meta.url));

// A tsconfig.json in every package would be what editors and lint take for a project of its own.
const [root = ''] = process.argv.slice(2);
if (!existsSync(join(WORKSPACE, root, 'package.json'))) {
  process.stderr.write(
    `expected a folder of a package, such as models/demand-naive, found ${root || 'none'}\n`,
  );
  process.exit(2);
}
const folder = join(WORKSPACE, '.nx/typecheck', root.replaceAll('/', '-'));
mkdirSync(folder, { recursive: true });
const up = relative(folder, WORKSPACE);
// What has a tsconfig.json of its own within a package runs elsewhere, such as in a browser.
const src = join(WORKSPACE, root, 'src');
const ownProjects = readdirSync(src).filter((part) => existsSync(join(src, part, 'tsconfig.json')));
const project = {
  extends: `${up}/tsconfig.base.json`,
  compilerOptions: { noEmit: true, incremental: true, tsBuildInfoFile: './tsbuildinfo' },
  include: ['src', 'tests'].map((part) => `${up}/${root}/${part}`),
  exclude: ownProjects.map((part) => `${up}/${root}/src/${part}`),
};
writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(project));
for (const checked of [folder, ...ownProjects.map((part) => join(src, part))]) {
  const { status } = spawnSync(
    process.execPath,
    [join(WORKSPACE, 'node_modules/typescript/bin/tsc'), '--noEmit', '-p', checked],
    { cwd: WORKSPACE, stdio: 'inherit' },
  );
  if (status !== 0) process.exit(status ?? 70);
}
