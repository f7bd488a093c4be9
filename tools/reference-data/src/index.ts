export * from './online-retail/index.ts';
