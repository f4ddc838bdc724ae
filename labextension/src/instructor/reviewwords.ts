import type { TranslationBundle } from '@jupyterlab/translation';

import type { Doubt, ReviewSummary } from '../api/types';
import { format } from '../widgets/words';
import { share } from './figures';

/** So many points, in words. */
export function pointsWord(points: number, trans: TranslationBundle): string {
  return trans._n('%2 point', '%2 points', points, format(points));
}

/** Where a review stands. */
export function statusWord(status: ReviewSummary['status'], trans: TranslationBundle): string {
  switch (status) {
    case 'waiting':
      return trans.__('Waiting');
    case 'reading':
      return trans.__('Being read');
    case 'drafted':
      return trans.__('Drafted');
    case 'released':
      return trans.__('Released');
  }
}

/** Why the readings of an answer left a criterion to a person. */
export function doubtWord(doubt: Doubt, trans: TranslationBundle): string {
  switch (doubt) {
    case 'few_samples':
      return trans.__('Too few readings came to a result.');
    case 'not_read':
      return trans.__('The readings left this criterion out.');
    case 'no_such_level':
      return trans.__('A reading named a level that there is not.');
    case 'no_evidence':
      return trans.__('A reading gave no evidence.');
    case 'false_evidence':
      return trans.__('A reading quoted what does not stand in the answer.');
    case 'disagreement':
      return trans.__('The readings disagree.');
    case 'unsure':
      return trans.__('A reading was unsure itself.');
    case 'not_blanked':
      return trans.__('The answer could not be read without its comments and texts.');
    case 'possible_injection':
      return trans.__(
        'Comments or texts in the answer changed the reading: they may address the model.'
      );
  }
}

/** What there is to know of a review before it is opened. */
export function noteOf(review: ReviewSummary, trans: TranslationBundle): string {
  if (review.status === 'released') {
    return review.releases > 1 ? trans.__('released %1 times', review.releases) : '';
  }
  if (review.no_draft === 'audited') {
    return trans.__('for a check: the draft is hidden until you have decided');
  }
  if (review.no_draft !== null) {
    return review.no_draft_told;
  }
  if (review.status === 'reading') {
    return review.batch ? trans.__('in a batch') : '';
  }
  if (review.doubts === null) {
    return '';
  }
  return review.doubts === 0
    ? trans.__('nothing in doubt')
    : trans._n('%1 criterion in doubt', '%1 criteria in doubt', review.doubts);
}

/** What the tests say of an answer, in a word. */
export function testsWord(review: ReviewSummary, trans: TranslationBundle): string {
  if (review.score !== null) {
    return share(review.score);
  }
  return review.grading === 'failed' ? trans.__('not run') : '–';
}
