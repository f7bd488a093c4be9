import { HemlineError } from '@hemline/core';

/** An image does not do what its programs do outside of it. */
export class ImageTestError extends HemlineError {
  override readonly code: string = 'IMAGE_TEST';
}
