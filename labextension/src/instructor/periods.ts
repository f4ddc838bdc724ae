import type { TranslationBundle } from '@jupyterlab/translation';

import type { IOption } from './choice';

/** Days back from now, today included; 0 is all there is. */
export type Period = 'today' | 'week' | 'month' | 'all';

const DAYS: Record<Period, number> = { today: 1, week: 7, month: 30, all: 0 };

/** The periods there are to choose from. */
export function periods(trans: TranslationBundle): IOption[] {
  return [
    { value: 'today', label: trans.__('Today') },
    { value: 'week', label: trans.__('Last 7 days') },
    { value: 'month', label: trans.__('Last 30 days') },
    { value: 'all', label: trans.__('All') }
  ];
}

/** When a period began, as the ledger counts days: in UTC; null is from the beginning. */
export function begins(period: Period, now: Date = new Date()): string | null {
  const days = DAYS[period];
  if (days === 0) {
    return null;
  }
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  return new Date(Date.UTC(year, month, day - (days - 1))).toISOString();
}
