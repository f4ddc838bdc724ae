import { describe, expect, it, vi } from 'vitest';

import type { Question, TestResult, Verdict } from '../../src/api/types';
import { folded, marked, Results, visible } from '../../src/widgets/results';
import { button, click, one, rendermime, show, trans } from '../render';
import { question, result, verdict } from '../samples';

const reveal = vi.fn().mockReturnValue(true);

async function results(of: Verdict, questions: Question[] = []) {
  const { host } = await show(
    <Results
      verdict={of}
      answers={['answer']}
      questions={questions}
      reveal={reveal}
      rendermime={rendermime}
      trans={trans}
    />
  );
  return host;
}

const withError = (change: Partial<TestResult> = {}): TestResult =>
  result({
    outcome: 'error',
    earned: 0,
    called: 'f(1)',
    expected: '2',
    got: "NameError: name 'y' is not defined",
    message: '`y` is not defined.',
    error: {
      type: 'NameError',
      message: "name 'y' is not defined",
      explanation: 'Python knows no name `y`.',
      frames: [
        { cell: 'test', line: 1, function: '<module>', source: 'f(1)' },
        { cell: 'setup', line: 4, function: 'g', source: '  g()' },
        { cell: 'answer', line: 2, function: 'f', source: '    return y' }
      ],
      caret: null
    },
    ...change
  });

describe('blanks', () => {
  it.each([
    ['a\tb', 'a→\tb'],
    ['a  ', 'a··'],
    ['  a', '··a'],
    ['a b', 'a b'],
    ['a \nb', 'a·\nb'],
    ['   ', '···'],
    ['a\u00a0b', 'a⍽b']
  ])('are seen where they would not be: %j', (text, seen) => {
    expect(visible(text)).toBe(seen);
  });
});

describe('lines that led to an error', () => {
  const frame = (line: number) => ({ cell: 'answer', line, function: 'f', source: `line ${line}` });

  it('are shown once when a recursion went through them over and over', () => {
    const lines = [9, 2, 3, 2, 3, 2, 3, 5].map(frame);
    expect(folded(lines).map(each => [each.frame.line, each.again])).toEqual([
      [9, false],
      [2, true],
      [3, true],
      [5, false]
    ]);
  });

  it('are all shown when they come twice at most', () => {
    expect(folded([1, 2, 1].map(frame)).map(each => each.frame.line)).toEqual([1, 2, 1]);
  });

  it('say that they were gone through again', async () => {
    const { error } = withError();
    const frames = [2, 2, 2, 2].map(frame);
    const node = await results(verdict(withError({ error: error && { ...error, frames } })));
    expect(node.querySelectorAll('.jp-tutor-failure li')).toHaveLength(1);
    expect(one(node, '.jp-tutor-failure li').textContent).toContain('… again and again.');
  });
});

describe('a line that Python cannot read', () => {
  it.each([
    ['def f(:', 7, 'def f(:\n      ^'],
    ['    x = )', 9, 'x = )\n    ^'],
    ['x = (', 6, 'x = (\n     ^'],
    ['x = 1', null, 'x = 1'],
    ['x', 40, 'x'],
    ['x', 0, 'x']
  ])('has a mark at the place: %j, %j', (source, column, shown) => {
    expect(marked(source, column)).toBe(shown);
  });
});

describe('the results', () => {
  it('say each outcome in words, with name and points', async () => {
    const host = await results(
      verdict(result(), result({ name: 'big', outcome: 'timeout', earned: 0, points: 2.5 }))
    );
    expect([...host.querySelectorAll('li')].map(each => each.textContent)).toEqual([
      'Passedadds1 of 1 points',
      'Took too longbig0 of 2.5 points'
    ]);
    for (const icon of host.querySelectorAll('svg')) {
      expect(icon.getAttribute('aria-hidden')).toBe('true');
    }
  });

  it('open the first test that does not pass, and no other', async () => {
    const failed = { outcome: 'failed', expected: '2', got: '3' } as const;
    const host = await results(
      verdict(result({ stdout: 'x' }), result({ ...failed }), result({ ...failed }))
    );
    const open = [...host.querySelectorAll<HTMLDetailsElement>('.jp-tutor-test')];
    expect(open.map(each => each.open)).toEqual([false, true, false]);
  });

  it('show what was called, expected and got, blanks included', async () => {
    const host = await results(
      verdict(
        result({
          outcome: 'failed',
          called: 'f(1)',
          expected: 'a b ',
          got: 'a  b',
          difference: 'at 2'
        })
      )
    );
    expect([...host.querySelectorAll('dt, dd')].map(each => each.textContent)).toEqual([
      'Called',
      'f(1)',
      'Expected',
      'a b·',
      'Got',
      'a  b',
      'First difference',
      'at 2'
    ]);
  });

  it('do not say twice what the values say', async () => {
    const host = await results(
      verdict(
        result({ outcome: 'failed', expected: '2', got: '3', difference: 'expected 2, got 3' })
      )
    );
    expect(host.textContent).not.toContain('First difference');
  });

  it('show code in sentences as code', async () => {
    const host = await results(
      verdict(result({ outcome: 'failed', message: 'Use `x`, not `y`.' }))
    );
    expect([...host.querySelectorAll('p code')].map(each => each.textContent)).toEqual(['x', 'y']);
    expect(one(host, 'p').textContent).toBe('Use x, not y.');
  });

  it('mark what is secret, and have nothing to unfold where nothing is told', async () => {
    const host = await results(
      verdict(
        result({ name: 'Secret test 1', visibility: 'secret', outcome: 'failed', earned: 0 }),
        result({ name: 'Secret test 2', visibility: 'withheld' })
      )
    );
    expect([...host.querySelectorAll('.jp-tutor-tag')].map(each => each.textContent)).toEqual([
      'secret',
      'after the due date'
    ]);
    expect(host.querySelector('details')).toBeNull();
  });

  it('say which results are weaker evidence', async () => {
    const host = await results(verdict(result({ weaker: true }), result({ name: 'apart' })));
    expect([...host.querySelectorAll('.jp-tutor-tag')].map(each => each.textContent)).toEqual([
      'weaker evidence'
    ]);
  });

  it('go to the lines of the answer, and only there', async () => {
    const host = await results(verdict(withError()));
    expect(host.querySelectorAll('.jp-tutor-failure button')).toHaveLength(1);
    expect(host.textContent).toContain('Line 4 of “setup”');
    await click(button(host, 'Line 2 of your cell'));
    expect(reveal).toHaveBeenCalledWith('answer', 2);
  });

  it('show an exception once, in words', async () => {
    const host = await results(verdict(withError()));
    expect(host.textContent.match(/NameError/g)).toHaveLength(1);
    expect(host.textContent).toContain('Python knows no name y.');
  });

  it('put a cell that did not run to its end first', async () => {
    const host = await results({
      ...verdict(result({ outcome: 'not_run', earned: 0, message: 'Not run.' })),
      cells: [withError({ name: 'answer', called: '' })]
    });
    const [cell, test] = host.querySelectorAll<HTMLDetailsElement>('details.jp-tutor-test');
    expect(cell?.textContent).toContain('Answer cell “answer” did not run to its end');
    expect([cell?.open, test?.open]).toEqual([true, false]);
  });

  it('never take text for markup', async () => {
    const host = await results(
      verdict(result({ name: '<b>x</b>', outcome: 'failed', got: '<img src=x onerror=alert(1)>' }))
    );
    expect(host.querySelector('b, img')).toBeNull();
  });
});

describe('the results of a quiz', () => {
  const questions = [
    question({ id: 'lists' }),
    question({ id: 'size', type: 'number', choices: [] }),
    question({ id: 'open', type: 'text', choices: [] })
  ];
  const of = verdict(
    result({
      name: 'open',
      outcome: 'not_run',
      earned: 0,
      called: 'Say why.',
      message: 'Not answered yet.'
    }),
    result({ name: 'lists', called: 'Which is a list?', got: '[1]', message: 'It can grow.' }),
    result({
      name: 'size',
      outcome: 'failed',
      earned: 0,
      called: 'How many?',
      got: '*3*',
      message: 'That is not the right number.'
    })
  );

  it('are told in the words of the question, with no name of a program', async () => {
    const host = await results(of, questions);
    expect([...host.querySelectorAll('li')].map(each => each.textContent)).toEqual([
      'Not answered3.Say why.0 of 1 points',
      'Right1.Which is a list?1 of 1 pointsYour answer[1]It can grow.',
      'Not right2.How many?0 of 1 pointsYour answer*3*That is not the right number.'
    ]);
    for (const name of ['lists', 'size', 'open', 'Called', 'Got']) {
      expect(host.textContent).not.toContain(name);
    }
    expect(one(host, 'ul').getAttribute('aria-label')).toBe('Questions');
  });

  it('read as their author wrote them, but for what was typed', async () => {
    const host = await results(of, questions);
    const rendered = [...host.querySelectorAll('.jp-tutor-md')].map(each => each.textContent);
    expect(rendered).toContain('How many?');
    expect(rendered).toContain('[1]');
    expect(rendered).not.toContain('*3*');
  });

  it('open the first answer that is wrong, and none that is missing', async () => {
    const host = await results(of, questions);
    const open = [...host.querySelectorAll<HTMLDetailsElement>('details.jp-tutor-test')];
    expect(open.map(each => each.open)).toEqual([false, true]);
  });

  it('of a question that is no longer asked are told as those of a test', async () => {
    const host = await results(of, [question({ id: 'other' })]);
    expect(host.textContent).toContain('lists');
  });
});
