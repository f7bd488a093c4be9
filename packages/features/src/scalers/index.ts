export * from './log1p.ts';
export * from './series-scaler.ts';
export * from './standard-scaler.ts';
