import type { TranslationBundle } from '@jupyterlab/translation';

import type { IScope } from '../api/teaching';
import type { Settings, StoredSettings } from '../api/types';
import { levelWord } from '../widgets/words';
import type { Rung, Switch } from './drafts';
import { NOTHING, RUNGS } from './drafts';

const LEVELS = ['result', 'nudge', 'concept', 'pointer', 'steps', 'bottom-out'] as const;

/** What is said for whom, or nothing. */
export function saidFor(all: readonly StoredSettings[], scope: IScope): Settings {
  const found = all.find(
    ({ exercise, learner }) =>
      exercise === (scope.exercise ?? null) && learner === (scope.learner ?? null)
  );
  return found?.settings ?? NOTHING;
}

/** What holds where nothing is said at a scope: what the course says, or what is so by default. */
export function inherited(
  field: keyof Settings,
  scope: IScope,
  all: readonly StoredSettings[],
  trans: TranslationBundle
): string {
  const course = saidFor(all, {})[field];
  const ofCourse = scope.exercise === undefined && scope.learner === undefined;
  const told =
    ofCourse || course === null
      ? byDefault(field, trans)
      : trans.__('as the course says: %1', valueWords(field, course, trans));
  // What is said of an exercise stands between the course and a learner.
  const exercises = all.filter(each => each.exercise !== null && each.settings[field] !== null);
  return scope.learner !== undefined && exercises.length > 0
    ? trans._n(
        '%2; %1 exercise says otherwise',
        '%2; %1 exercises say otherwise',
        exercises.length,
        told
      )
    : told;
}

/** The value of a field in words. */
export function valueWords(
  field: keyof Settings,
  value: NonNullable<Settings[keyof Settings]>,
  trans: TranslationBundle
): string {
  if (typeof value === 'boolean') {
    return value ? trans.__('yes') : trans.__('no');
  }
  if (typeof value === 'number') {
    return field === 'deepest' ? rungWord(value, trans) : String(value);
  }
  const priced = RUNGS.filter(rung => (value[rung] ?? 0) > 0);
  return priced.length > 0
    ? priced.map(rung => `${costWord(rung, trans)} ${value[rung] ?? 0}`).join(', ')
    : trans.__('everything is free');
}

/** A rung by its number and name. */
export function rungWord(level: number, trans: TranslationBundle): string {
  const name = LEVELS[level];
  return name === undefined ? String(level) : `${level} · ${levelWord(name, trans)}`;
}

/** The name of a rung that may cost something. */
export function costWord(rung: Rung, trans: TranslationBundle): string {
  return levelWord(rung === 'bottom_out' ? 'bottom-out' : rung, trans);
}

/** What a field is called. */
export function fieldWord(field: keyof Settings, trans: TranslationBundle): string {
  const words: Record<keyof Settings, string> = {
    deepest: trans.__('Deepest rung of help'),
    exam: trans.__('Exam'),
    most_hints: trans.__('Most hints for an exercise'),
    costs: trans.__('Points that hints cost'),
    model: trans.__('Hints by a language model'),
    chat: trans.__('Conversations with the tutor'),
    cloud: trans.__('Models outside of this site'),
    conversations_visible: trans.__('Instructors read conversations')
  };
  return words[field];
}

/** What a switch means, beyond its name. */
export function switchNote(field: Switch, scope: IScope, trans: TranslationBundle): string {
  switch (field) {
    case 'exam':
      return scope.learner === undefined
        ? trans.__(
            'Only results are explained; neither model nor conversation. What the course says stands for its exercises; only a learner can be let out of it.'
          )
        : trans.__('“No” takes the exam of course or exercise from this learner alone.');
    case 'model':
      return trans.__('Without it hints come from rules and from the author.');
    case 'chat':
      return trans.__('A conversation about the exercise at hand, in the side panel.');
    case 'cloud':
      return trans.__(
        '“No” lets nothing go to a service elsewhere; a model on this site may stay.'
      );
    case 'conversations_visible':
      return trans.__('Learners are told. It is said for a whole course or not at all.');
  }
}

/** What is said somewhere, in a line: “exam: yes; most hints: 3”. */
export function summary(settings: Settings, trans: TranslationBundle): string {
  const said = (Object.keys(NOTHING) as (keyof Settings)[]).flatMap(field => {
    const value = settings[field];
    return value === null ? [] : [`${fieldWord(field, trans)}: ${valueWords(field, value, trans)}`];
  });
  return said.join('; ');
}

function byDefault(field: keyof Settings, trans: TranslationBundle): string {
  switch (field) {
    case 'deepest':
    case 'costs':
      return trans.__('as the author of each exercise says');
    case 'most_hints':
      return trans.__('no limit');
    case 'exam':
    case 'conversations_visible':
      return trans.__('no');
    default:
      return trans.__('yes');
  }
}
