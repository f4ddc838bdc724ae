import { describe, expect, it } from 'vitest';

import type { AnswerBody, Exercise } from '../../src/api/types';
import { doubtOf } from '../../src/model/doubts';
import { exercise, question } from '../samples';

const answer = (change: Partial<AnswerBody>): AnswerBody => ({
  revision: null,
  cells: [],
  responses: {},
  ...change
});

const parts: Partial<Exercise> = {
  answer_cells: ['read', 'count'],
  starters: [
    { id: 'read', source: 'pass\n' },
    { id: 'count', source: '' }
  ]
};

describe('what speaks against handing an answer in', () => {
  it.each([
    ['as released', 'pass\n', '', true],
    ['with blanks at the ends', '\n pass', ' ', true],
    ['in one cell', 'return 1', '', false],
    ['in another cell', 'pass', 'x = 1', false]
  ])('code %s', (_what, read, count, untouched) => {
    const cells = [
      { id: 'read', source: read },
      { id: 'count', source: count }
    ];
    expect(doubtOf(exercise(parts), answer({ cells }))).toEqual(
      untouched ? { kind: 'untouched' } : null
    );
  });

  it('nothing, where it is not known what a cell began with', () => {
    const cells = [{ id: 'answer', source: 'pass' }];
    expect(doubtOf(exercise({ starters: [] }), answer({ cells }))).toBeNull();
  });

  it('questions that are left open', () => {
    const questions = ['a', 'b', 'c', 'd'].map(id => question({ id }));
    const quiz = exercise({ kind: 'quiz', questions, answer_cells: [], starters: [] });
    expect(doubtOf(quiz, answer({ responses: { a: 'x', b: '  ' } }))).toEqual({
      kind: 'empty',
      count: 3,
      of: 4
    });
    const responses = { a: 'x', b: 0, c: ['y'], d: '1' };
    expect(doubtOf(quiz, answer({ responses }))).toBeNull();
  });
});
