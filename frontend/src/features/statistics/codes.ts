import type { Statistics } from './queries';

export type Measure = Statistics['measure'];
export type Dimension = Statistics['by'];

export const MEASURES = [
  'cardholders',
  'balances',
  'spend',
  'activity',
] as const satisfies readonly Measure[];

export const DIMENSIONS = ['branch', 'product', 'month'] as const satisfies readonly Dimension[];
