import type { AnswerBody, Exercise, Responses } from '../api/types';

/** Why an answer may not be meant to be handed in yet. */
export type Doubt =
  | { kind: 'untouched' }
  /** Questions of a quiz are left open. */
  | { kind: 'empty'; count: number; of: number };

/** Returns what speaks against handing an answer in, or null when nothing does. */
export function doubtOf(facts: Exercise, answer: AnswerBody): Doubt | null {
  const { responses, cells } = answer;
  const count = facts.questions.filter(({ id }) => isEmpty(responses[id])).length;
  if (count > 0) {
    return { kind: 'empty', count, of: facts.questions.length };
  }
  const starters = new Map(facts.starters.map(({ id, source }) => [id, source.trim()]));
  return cells.length > 0 && cells.every(({ id, source }) => source.trim() === starters.get(id))
    ? { kind: 'untouched' }
    : null;
}

function isEmpty(response: Responses[string] | undefined): boolean {
  return response === undefined || (typeof response === 'string' && response.trim() === '');
}
