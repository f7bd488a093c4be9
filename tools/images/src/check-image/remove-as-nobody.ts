import { chmod, rm, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { runCommand } from '../container/run-command.ts';
import { ImageTestError } from './image-test-error.ts';

/** A user without rights of its own. */
const NOBODY = 65_534;

/**
 * Removes what containers have left below a folder, as somebody who is not their user. Where this process is not root, it is
 * somebody else already.
 * @param folder to remove, with all that is below it
 * @throws ImageTestError where something cannot be removed
 */
export async function removeAsNobody(folder: string): Promise<void> {
  const parent = dirname(folder);
  const { mode } = await stat(parent);
  await chmod(parent, 0o777);
  const asNobody =
    process.getuid?.() === 0 ? ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'] : [];
  const { code, complaint } = await runCommand([...asNobody, 'rm', '-r', basename(folder)], { cwd: parent });
  await chmod(parent, mode);
  if (code === 0) return;
  await rm(folder, { recursive: true, force: true });
  throw new ImageTestError('what a container has left cannot be removed by others', {
    found: complaint.trim().split('\n')[0],
    where: { file: folder },
    remedy: 'Programs are started with umask 000: look for a folder that is made with a mode of its own.',
  });
}
