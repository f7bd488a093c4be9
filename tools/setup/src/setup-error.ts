/** An engine cannot be staged; the message says why and what to do. Another source may still have it. */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}

/** A file is not the one that is pinned: a reason to stop, never to try the next source. */
export class ChecksumError extends SetupError {}
