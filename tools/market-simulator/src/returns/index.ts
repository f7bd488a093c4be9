export * from './return-delay.ts';
export * from './return-rate.ts';
