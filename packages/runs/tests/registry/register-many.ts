// Registers versions and decides about them, as one of several processes on the same folder: what file-registry.test.ts starts.
import { openRegistry } from '../../src/registry/open-registry.ts';
import { newVersion } from './new-version.ts';

const [root, name, count] = process.argv.slice(2) as [string, string, string];
const registry = await openRegistry(root);
for (let i = 0; i < Number(count); i++) {
  // Every process registers the shared tokens, and some of its own.
  const shared = await registry.register(newVersion({ token: `shared-${i}`, run: 'shared' }));
  const own = await registry.register(newVersion({ token: `${name}-${i}`, run: name }));
  for (const version of [1, shared.version]) {
    const change = { status: 'approved', reason: `${i}`, by: name } as const;
    await registry.setStatus('demand-naive', version, change);
  }
  process.stdout.write(`${JSON.stringify({ i, shared: shared.version, own: own.version })}\n`);
}
