import { describe, expect, it } from 'vitest';

import type { ICell, Role } from '../../src/model/exercise';
import {
  courseOf,
  exerciseAt,
  exercisesOf,
  factsOf,
  findAnswers,
  lessonOf,
  translationsOf
} from '../../src/model/exercise';

let made = 0;

/** The id that a release gives: twenty-four hexadecimal digits. */
const released = (): string => (++made).toString(16).padStart(24, '0');

/** The id that JupyterLab gives a copy. */
const random = (): string =>
  `${(++made).toString(16).padStart(8, '0')}-1234-4abc-8abc-0123456789ab`;

function cell(
  role: Role,
  exercise: string | null,
  source = '',
  change: Partial<ICell> = {}
): ICell {
  const facts = { version: 1, role, id: role, ...(exercise ? { exercise } : {}) };
  return {
    cell: released(),
    type: role === 'prompt' || role === 'text' ? 'markdown' : 'code',
    source,
    metadata: { jupyter_tutor: facts },
    ...change
  };
}

function own(source: string, type = 'code'): ICell {
  return { cell: random(), type, source, metadata: {} };
}

function answer(exercise: string, id: string, source: string): ICell {
  const metadata = { jupyter_tutor: { version: 1, role: 'answer', exercise, id } };
  return { ...cell('answer', exercise, source), metadata };
}

const copied = (from: ICell, source = from.source): ICell => ({ ...from, cell: random(), source });

/** An exercise as released: prompt, one answer cell, card. */
const block = (exercise: string, source: string): ICell[] => [
  cell('prompt', exercise),
  answer(exercise, 'answer', source),
  cell('card', exercise)
];

const sources = (cells: ICell[], exercise: string, ids = ['answer'], card = -1): unknown => {
  const at = card >= 0 ? card : cells.findIndex(each => isCard(each, exercise));
  const found = findAnswers(cells, exercise, ids, at);
  return found.ok ? found.cells.map(({ source }) => source) : found.problem;
};

const isCard = (each: ICell, exercise: string): boolean => {
  const facts = factsOf(each);
  return facts?.role === 'card' && facts.exercise === exercise;
};

describe('what a cell says of itself', () => {
  it('is nothing for a cell of the learner', () => {
    expect(factsOf(own('x'))).toBeNull();
  });

  it.each([null, 'text', 7, [], { role: 'king' }, { role: 3 }])(
    'is nothing when broken: %j',
    value => {
      expect(factsOf({ metadata: { jupyter_tutor: value } })).toBeNull();
    }
  );

  it('leaves out what is of the wrong kind', () => {
    const facts = factsOf({
      metadata: { jupyter_tutor: { role: 'card', exercise: 4, id: '', revision: 'r' } }
    });
    expect(facts).toEqual({
      role: 'card',
      exercise: null,
      id: null,
      revision: 'r',
      language: null
    });
  });
});

describe('what a notebook says of itself', () => {
  it('is its course and its lesson', () => {
    const metadata = { jupyter_tutor: { course: 'python', lesson: 'loops' } };
    expect([courseOf(metadata), lessonOf(metadata)]).toEqual(['python', 'loops']);
  });

  it('is nothing in any other notebook', () => {
    for (const metadata of [{}, { jupyter_tutor: null }, { jupyter_tutor: { course: 1 } }]) {
      expect([courseOf(metadata), lessonOf(metadata)]).toEqual([null, null]);
    }
  });
});

describe('the exercises of a notebook', () => {
  const cells = [cell('text', null), ...block('one', 'a'), own('note'), ...block('two', 'b')];

  it('are those with a card, a copied card counting once', () => {
    const twice = [...cells, ...cells.slice(3, 4).map(card => copied(card))];
    expect(exercisesOf(twice).map(({ exercise, card }) => [exercise, card])).toEqual([
      ['one', 3],
      ['two', 7]
    ]);
  });

  it('reach from their first cell to the next exercise', () => {
    expect(cells.map((_, index) => exerciseAt(cells, index))).toEqual([
      null,
      'one',
      'one',
      'one',
      'one',
      'two',
      'two',
      'two'
    ]);
  });

  it('are none outside of the notebook', () => {
    expect(exerciseAt([], 3)).toBeNull();
    expect(exerciseAt(cells, -1)).toBeNull();
    expect(exerciseAt(cells, 99)).toBe('two');
  });
});

describe('the answer', () => {
  it('is found by its marks, wherever the cell was moved', () => {
    const [prompt, mine, card] = block('one', 'mine') as [ICell, ICell, ICell];
    for (const cells of [
      [prompt, mine, card],
      [mine, prompt, card],
      [prompt, card, ...block('two', 'other'), mine]
    ]) {
      expect(sources(cells, 'one')).toEqual(['mine']);
    }
  });

  it('is the original, not a copy that was changed', () => {
    const [prompt, mine, card] = block('one', 'mine') as [ICell, ICell, ICell];
    expect(sources([prompt, copied(mine, 'tried'), mine, card], 'one')).toEqual(['mine']);
    expect(sources([prompt, mine, copied(mine, 'tried'), card], 'one')).toEqual(['mine']);
  });

  it('is a copy when the original was deleted', () => {
    const [prompt, mine, card] = block('one', 'mine') as [ICell, ICell, ICell];
    expect(sources([prompt, copied(mine, 'kept'), card], 'one')).toEqual(['kept']);
  });

  it('is any of several copies that say the same', () => {
    const [prompt, mine, card] = block('one', 'mine') as [ICell, ICell, ICell];
    expect(sources([prompt, copied(mine), card, copied(mine)], 'one')).toEqual(['mine']);
  });

  it('is the only copy above the card that asks', () => {
    const [prompt, mine, card] = block('one', 'mine') as [ICell, ICell, ICell];
    const cells = [prompt, copied(mine, 'first'), card, copied(mine, 'second'), copied(card)];
    expect(sources(cells, 'one', ['answer'], 2)).toEqual(['first']);
    expect(sources(cells, 'one', ['answer'], 4)).toBe('ambiguous');
  });

  it('is missing when it was made a text, until there is code again', () => {
    const [prompt, mine, card] = block('one', 'mine') as [ICell, ICell, ICell];
    const asText = { ...mine, type: 'markdown' };
    expect(sources([prompt, asText, card], 'one')).toBe('missing');
    expect(sources([prompt, asText, own('again'), card], 'one')).toEqual(['again']);
  });

  it('is the only code between task and card when the cell was deleted and typed anew', () => {
    const [prompt, , card] = block('one', '') as [ICell, ICell, ICell];
    expect(sources([prompt, own('retyped'), card], 'one')).toEqual(['retyped']);
    expect(sources([prompt, own('text', 'markdown'), own('retyped'), card], 'one')).toEqual([
      'retyped'
    ]);
    expect(sources([prompt, own('  '), card], 'one')).toBe('missing');
    expect(sources([prompt, own('a'), own('b'), card], 'one')).toBe('ambiguous');
  });

  it('is not looked for behind the card or before the task', () => {
    const [prompt, , card] = block('one', '') as [ICell, ICell, ICell];
    expect(sources([own('above'), prompt, card, own('below')], 'one')).toBe('missing');
  });

  it('is missing when even the task is gone', () => {
    expect(sources([own('code'), cell('card', 'one')], 'one')).toBe('missing');
  });

  it('is found without a card', () => {
    const [prompt, mine] = block('one', 'mine') as [ICell, ICell];
    expect(sources([prompt, mine, ...block('two', 'other')], 'one')).toEqual(['mine']);
    expect(sources([prompt, own('again'), ...block('two', 'other')], 'one')).toEqual(['again']);
  });

  it('has several cells, in the order of the exercise', () => {
    const cells = [
      cell('prompt', 'one'),
      answer('one', 'second', 'b'),
      answer('one', 'first', 'a'),
      cell('card', 'one')
    ];
    expect(sources(cells, 'one', ['first', 'second'])).toEqual(['a', 'b']);
  });

  it('takes what was typed anew for the cells that are missing, in order', () => {
    const [prompt, , card] = block('one', '') as [ICell, ICell, ICell];
    const ids = ['first', 'second', 'third'];
    expect(
      sources([prompt, own('a'), answer('one', 'second', 'b'), own('c'), card], 'one', ids)
    ).toEqual(['a', 'b', 'c']);
    expect(sources([prompt, own('a'), answer('one', 'second', 'b'), card], 'one', ids)).toBe(
      'ambiguous'
    );
  });

  it('needs no cell in a quiz', () => {
    expect(sources([cell('prompt', 'one'), cell('card', 'one')], 'one', [])).toEqual([]);
  });
});

/** A small generator of numbers, the same in each run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return below => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Does to a notebook what learners do to theirs. */
function disturb(cells: ICell[], next: (below: number) => number): ICell[] {
  const after = [...cells];
  const at = next(after.length);
  const picked = after[at];
  if (picked === undefined) {
    return after;
  }
  switch (next(6)) {
    case 0: // copy and paste
      after.splice(next(after.length + 1), 0, copied(picked));
      break;
    case 1: // delete
      after.splice(at, 1);
      break;
    case 2: // move
      after.splice(at, 1);
      after.splice(next(after.length + 1), 0, picked);
      break;
    case 3: // write a cell of one's own
      after.splice(at, 0, own('own'));
      break;
    case 4: // make it another type
      after[at] = { ...picked, type: picked.type === 'code' ? 'markdown' : 'code' };
      break;
    default: // lose the marks
      after[at] = { ...picked, metadata: {} };
  }
  return after;
}

describe('whatever is done to a notebook', () => {
  it('never takes marked code of another exercise, and gives each of its cells one place', () => {
    const ids: Record<string, string[]> = {
      one: ['answer'],
      two: ['first', 'second'],
      three: ['answer']
    };
    for (let seed = 1; seed <= 400; seed++) {
      const next = numbers(seed);
      let cells: ICell[] = [
        ...block('one', 'code of one'),
        cell('prompt', 'two'),
        answer('two', 'first', 'code of two'),
        answer('two', 'second', 'code of two'),
        cell('card', 'two'),
        ...block('three', 'code of three')
      ];
      for (let steps = next(12); steps >= 0; steps--) {
        cells = disturb(cells, next);
        for (const [exercise, wanted] of Object.entries(ids)) {
          for (const card of [-1, ...cells.keys()].filter(
            at => at < 0 || isCard(cells.at(at) ?? own(''), exercise)
          )) {
            const found = findAnswers(cells, exercise, wanted, card);
            if (!found.ok) {
              continue;
            }
            expect(found.cells.map(({ id }) => id)).toEqual(wanted);
            expect(new Set(found.cells.map(({ index }) => index)).size).toBe(wanted.length);
            for (const { index, source } of found.cells) {
              const facts = factsOf(cells.at(index) ?? own(''));
              expect(facts?.exercise ?? exercise).toBe(exercise);
              expect(cells[index]).toMatchObject({ type: 'code', source });
            }
          }
        }
      }
    }
  });
});

describe('prompts in several languages', () => {
  const prompt = (exercise: string, language: string): ICell =>
    cell('prompt', exercise, '', {
      metadata: { jupyter_tutor: { version: 1, role: 'prompt', id: 'p', exercise, language } }
    });
  const cells = [prompt('a', 'en'), prompt('a', 'bn'), own('x = 1'), prompt('b', 'en')];

  it('folds those that say again what is there in the language wanted', () => {
    expect(translationsOf(cells, 'a', 'en')).toEqual([1]);
    expect(translationsOf(cells, 'a', 'bn')).toEqual([0]);
  });

  it('folds none where there is none in that language', () => {
    expect(translationsOf(cells, 'b', 'bn')).toEqual([]);
    expect(translationsOf(cells, 'a', 'de')).toEqual([]);
  });
});
