import type { TranslationBundle } from '@jupyterlab/translation';

import type { Exercise, Hint } from '../api/types';

/** The word for a kind of exercise. */
export function kindWord(kind: Exercise['kind'], trans: TranslationBundle): string {
  switch (kind) {
    case 'coding':
      return trans.__('Coding');
    case 'debugging':
      return trans.__('Debugging');
    case 'quiz':
      return trans.__('Quiz');
    case 'project':
      return trans.__('Project');
    case 'review':
      return trans.__('Review');
  }
}

/** The word for a rung of the ladder of hints. */
export function levelWord(level: Hint['level_name'], trans: TranslationBundle): string {
  switch (level) {
    case 'result':
      return trans.__('Result');
    case 'nudge':
      return trans.__('Nudge');
    case 'concept':
      return trans.__('Concept');
    case 'pointer':
      return trans.__('Pointer');
    case 'steps':
      return trans.__('Steps');
    case 'bottom-out':
      return trans.__('Bottom-out');
  }
}

/** Who made a hint. */
export function sourceWord(source: Hint['source'], trans: TranslationBundle): string {
  switch (source) {
    case 'author':
      return trans.__('written by the author');
    case 'rules':
      return trans.__('made from your last run');
    case 'model':
      return trans.__('written by AI; it may be wrong');
  }
}

/** Said once the time that a hint waits for is over. */
export function openNow(trans: TranslationBundle): string {
  return trans.__('The next hint is open now.');
}

/** A number of points without needless zeros. */
export function format(points: number): string {
  return String(Math.round(points * 100) / 100);
}

/** A share as whole percent, never rounded up to what was not reached. */
export function percent(share: number): number {
  return Math.floor(share * 100 + 1e-9);
}

/** A moment as people write it where they are. */
export function moment(iso: string): string {
  return new Date(iso).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}
