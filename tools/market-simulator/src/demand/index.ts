export * from './discount-response.ts';
export * from './life-cycle.ts';
export * from './noise.ts';
