import { Batch, int32Column } from '@hemline/core';
import { describe, expect, it } from 'vitest';
import { BatchChannel } from '../../src/output/batch-channel.ts';

const batchOf = (value: number): Batch => new Batch({ value: int32Column(Int32Array.of(value)) });

async function consume(channel: BatchChannel, taken: number[], pause = 0): Promise<void> {
  for await (const batch of channel) {
    if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
    taken.push(batch.numbers('value').values[0]!);
  }
}

describe('a channel', () => {
  it('hands over everything in order, pushed before or after the consumer came', async () => {
    const channel = new BatchChannel();
    channel.push(batchOf(1));
    const taken: number[] = [];
    const done = consume(channel, taken);
    channel.push(batchOf(2));
    await channel.idle();
    channel.push(batchOf(3));
    channel.close();
    await done;
    expect(taken).toEqual([1, 2, 3]);
  });

  it('lets the producer wait until all is taken: what is queued stays bounded', async () => {
    const channel = new BatchChannel();
    const taken: number[] = [];
    const done = consume(channel, taken, 1);
    for (let value = 0; value < 20; value += 2) {
      channel.push(batchOf(value));
      channel.push(batchOf(value + 1));
      await channel.idle();
      expect(taken.length).toBe(value + 2);
    }
    channel.close();
    await done;
  });

  it('ends the consumer with the error that it was failed with', async () => {
    const channel = new BatchChannel();
    const done = consume(channel, []);
    await channel.idle();
    channel.fail(new Error('enough'));
    await expect(done).rejects.toThrow('enough');
  });
});
