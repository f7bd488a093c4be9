export * from './buy.ts';
export * from './discount-policy.ts';
