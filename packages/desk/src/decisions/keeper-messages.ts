import type { OutboxBatch } from './outbox.ts';

/** What the thread of the store is asked. */
export type KeeperRequest =
  | { readonly kind: 'look' }
  | { readonly kind: 'publish'; readonly batch: OutboxBatch }
  | { readonly kind: 'in-shop'; readonly week: number }
  | { readonly kind: 'export'; readonly file: string }
  | { readonly kind: 'import'; readonly file: string; readonly by: string };
