import { addressOf, loadLightgbm } from '../library/native-library.ts';
import { callInThread } from '../library/engine-threads.ts';

/** Room for a text at first; a larger one is asked for again. */
const TEXT_BYTES = 1 << 20;
const NAME_BYTES = 256;

/**
 * @param name of a function that writes a model
 * @param booster address
 * @param start first iteration
 * @param iterations how many, -1 for all
 * @param importance code of its kind
 * @returns the text
 */
export async function readText(
  name: 'LGBM_BoosterSaveModelToString' | 'LGBM_BoosterDumpModel',
  booster: bigint,
  start: number,
  iterations: number,
  importance: number,
): Promise<string> {
  const length = new BigInt64Array(1);
  let room = Buffer.allocUnsafeSlow(TEXT_BYTES);
  const write = (): Promise<void> =>
    callInThread(name, booster, start, iterations, importance, room.length, length, room);
  await write();
  if (Number(length[0]) > room.length) {
    room = Buffer.allocUnsafeSlow(Number(length[0]));
    await write();
  }
  // The length counts the zero at the end.
  return room.toString('utf8', 0, Number(length[0]) - 1);
}

/**
 * @param name of a function that gives names
 * @param booster address
 * @param count of names
 * @returns the names
 */
export function readNames(
  name: 'LGBM_BoosterGetEvalNames' | 'LGBM_BoosterGetFeatureNames',
  booster: bigint,
  count: number,
): string[] {
  const found = new Int32Array(1);
  const width = new BigUint64Array(1);
  const read = (bytes: number): string[] => {
    const rooms = Array.from({ length: count }, () => Buffer.alloc(bytes));
    loadLightgbm().call(
      name,
      booster,
      count,
      found,
      bytes,
      width,
      BigUint64Array.from([...rooms, Buffer.alloc(1)], addressOf),
    );
    return rooms.map((room) => room.toString('utf8', 0, room.indexOf(0)));
  };
  const names = read(NAME_BYTES);
  return Number(width[0]) <= NAME_BYTES ? names : read(Number(width[0]));
}
