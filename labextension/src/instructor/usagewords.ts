import type { TranslationBundle } from '@jupyterlab/translation';

import type { Usage, UsageSum } from '../api/types';
import type { IOption } from './choice';
import type { Names } from './names';

/** What usage can be added up by. */
export function kinds(trans: TranslationBundle): IOption[] {
  const all: Usage['by'][] = ['learner', 'exercise', 'model', 'purpose', 'day'];
  return all.map(value => ({ value, label: kindLabel(value, trans) }));
}

/** The word for what usage is added up by. */
export function kindLabel(by: Usage['by'], trans: TranslationBundle): string {
  switch (by) {
    case 'learner':
      return trans.__('Learner');
    case 'exercise':
      return trans.__('Exercise');
    case 'model':
      return trans.__('Model');
    case 'purpose':
      return trans.__('Purpose');
    case 'day':
      return trans.__('Day (UTC)');
  }
}

/** What people call the subject of a sum. */
export function sumName(
  by: Usage['by'],
  sum: UsageSum,
  names: Names,
  trans: TranslationBundle
): string {
  switch (by) {
    case 'learner':
      return sum.key ? sum.label : trans.__('Somebody who was erased');
    case 'exercise':
      return sum.key ? names.exercise(sum.key) : trans.__('No exercise');
    case 'purpose':
      return purposeWord(sum.key, trans);
    default:
      return sum.label || sum.key || trans.__('Not known');
  }
}

/** What a model was asked for. */
export function purposeWord(purpose: string, trans: TranslationBundle): string {
  switch (purpose) {
    case 'hint':
      return trans.__('Hints');
    case 'validation':
      return trans.__('Looking hints over');
    case 'chat':
      return trans.__('Conversations');
    case 'rubric':
      return trans.__('Drafts of reviews');
    default:
      return purpose;
  }
}
