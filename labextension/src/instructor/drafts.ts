import type { Settings } from '../api/types';

/** Whether something is said, and what: "" leaves it to the more general. */
export type Word = '' | 'yes' | 'no';

/** The rungs that may cost something. */
export const RUNGS = ['nudge', 'concept', 'pointer', 'steps', 'bottom_out'] as const;
export type Rung = (typeof RUNGS)[number];

/** The settings that are yes or no. */
export const SWITCHES = ['exam', 'model', 'chat', 'cloud', 'conversations_visible'] as const;
export type Switch = (typeof SWITCHES)[number];

/** Settings as they stand in a form: as texts, whatever was typed. */
export interface IDraft extends Record<Switch, Word> {
  deepest: string;
  most_hints: string;
  /** Whether prices are said here, if only that everything is free. */
  priced: boolean;
  costs: Record<Rung, string>;
}

/** Settings that say nothing. */
export const NOTHING: Settings = {
  deepest: null,
  exam: null,
  most_hints: null,
  costs: null,
  model: null,
  chat: null,
  cloud: null,
  conversations_visible: null
};

/** Settings as a form shows them. */
export function toDraft(settings: Settings): IDraft {
  const word = (said: boolean | null | undefined): Word =>
    said === true ? 'yes' : said === false ? 'no' : '';
  const price = (rung: Rung): string => text(settings.costs?.[rung]);
  return {
    deepest: text(settings.deepest),
    exam: word(settings.exam),
    most_hints: text(settings.most_hints),
    priced: (settings.costs ?? null) !== null,
    costs: {
      nudge: price('nudge'),
      concept: price('concept'),
      pointer: price('pointer'),
      steps: price('steps'),
      bottom_out: price('bottom_out')
    },
    model: word(settings.model),
    chat: word(settings.chat),
    cloud: word(settings.cloud),
    conversations_visible: word(settings.conversations_visible)
  };
}

/** What a form says, to be sent; whether a number makes sense is for the server to say. */
export function toSettings(draft: IDraft): Settings {
  const said = (word: Word): boolean | null => (word === '' ? null : word === 'yes');
  const { nudge, concept, pointer, steps, bottom_out } = draft.costs;
  const costs = {
    nudge: figure(nudge),
    concept: figure(concept),
    pointer: figure(pointer),
    steps: figure(steps),
    bottom_out: figure(bottom_out)
  };
  return {
    deepest: figure(draft.deepest),
    exam: said(draft.exam),
    most_hints: figure(draft.most_hints),
    costs: draft.priced ? costs : null,
    model: said(draft.model),
    chat: said(draft.chat),
    cloud: said(draft.cloud),
    conversations_visible: said(draft.conversations_visible)
  };
}

/** Whether two forms say the same. */
export function same(one: IDraft, other: IDraft): boolean {
  return JSON.stringify(toSettings(one)) === JSON.stringify(toSettings(other));
}

function text(value: number | null | undefined): string {
  return value === null || value === undefined ? '' : String(value);
}

function figure(typed: string): number | null {
  return typed.trim() === '' ? null : Number(typed);
}
