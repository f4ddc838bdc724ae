import type { TranslationBundle } from '@jupyterlab/translation';

import type { Exercise, Hint, Ladder } from '../api/types';

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
      return trans.__('Code');
  }
}

/** The rung that comes next, as part of a sentence. */
export function nextWord(level: number, trans: TranslationBundle): string {
  switch (level) {
    case 0:
      return trans.__('the result');
    case 1:
      return trans.__('the nudge');
    case 2:
      return trans.__('the concept');
    case 3:
      return trans.__('the pointer');
    case 4:
      return trans.__('the steps');
    default:
      return trans.__('the code');
  }
}

/** What the Hint button says: the rung that comes next, and its price. */
export function hintLabel(ladder: Ladder | null, trans: TranslationBundle): string {
  const level = ladder?.next_level ?? null;
  if (ladder === null || level === null) {
    return trans.__('Hint');
  }
  const rung = nextWord(level, trans);
  return ladder.cost > 0
    ? trans._n(
        'Hint: %2, costs %1 point',
        'Hint: %2, costs %1 points',
        Number(format(ladder.cost)),
        rung
      )
    : trans.__('Hint: %1', rung);
}

/** What is asked before a hint is paid for. */
export function priceQuestion(ladder: Ladder, trans: TranslationBundle): string {
  return trans._n(
    'The next hint, %2, costs %1 point. It is taken from what you submit of this exercise from then on.',
    'The next hint, %2, costs %1 points. They are taken from what you submit of this exercise from then on.',
    Number(format(ladder.cost)),
    nextWord(ladder.next_level ?? 0, trans)
  );
}

/** Who made a hint, in a word. */
export function sourceTag(source: Hint['source'], trans: TranslationBundle): string {
  switch (source) {
    case 'author':
      return trans.__('Author');
    case 'rules':
      return trans.__('Rules');
    case 'model':
      return trans.__('AI');
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
      return trans.__('written by a language model; it may be wrong');
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
