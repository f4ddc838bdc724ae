import { Signal } from '@lumino/signaling';
import { act } from 'react';
import { describe, expect, it, onTestFinished, vi } from 'vitest';

import { TutorError } from '../../src/api/client';
import type { Attempt, Exercise } from '../../src/api/types';
import { ExerciseSession } from '../../src/model/session';
import type { ICardHost } from '../../src/widgets/card';
import { Card } from '../../src/widgets/card';
import { away, fakeClient, refused } from '../fakes';
import { button, click, one, rendermime, show, trans } from '../render';
import {
  attempt,
  exercise,
  help,
  hint,
  ladder as ladderOf,
  question,
  result,
  REVISION,
  submission,
  verdict
} from '../samples';

const ANSWER = { revision: null, cells: [], responses: {} };

async function card(
  facts: Partial<Exercise> = {},
  change: Partial<Pick<ICardHost, 'revision' | 'unsaved' | 'elsewhere' | 'copy'>> = {}
) {
  const { fake, client } = fakeClient();
  fake.exercise.mockResolvedValue(exercise(facts));
  const pause = (): Promise<void> => new Promise(() => undefined);
  const session = new ExerciseSession('python', 'sum-up', client, pause);
  const changed = new Signal<object, void>({});
  const host = {
    changed,
    run: vi.fn(),
    submit: vi.fn(),
    hint: vi.fn(),
    reveal: vi.fn(),
    reload: vi.fn(),
    updateLesson: vi.fn(),
    openExercise: vi.fn(),
    consent: null,
    setResponses: vi.fn(),
    responses: {},
    revision: REVISION,
    trouble: '',
    unsaved: false,
    elsewhere: '' as const,
    reread: vi.fn(),
    copy: '',
    openCopy: vi.fn(),
    ...change
  };
  const shown = await show(
    <Card session={session} host={host} rendermime={rendermime} trans={trans} />
  );
  return { fake, session, changed, on: host, node: shown.host };
}

async function loaded(...given: Parameters<typeof card>) {
  const all = await card(...given);
  await act(() => all.session.load());
  return all;
}

const status = (node: HTMLElement): string => one(node, '[role=status]').textContent;

const disabled = (node: HTMLElement): (string | null)[] =>
  [...node.querySelectorAll('.jp-tutor-buttons button')].map(each =>
    each.getAttribute('aria-disabled')
  );

describe('the card of a notebook that was changed elsewhere', () => {
  it('says so, and offers to read it again', async () => {
    const { node, on } = await loaded({}, { elsewhere: 'newer' });
    expect(status(node)).toContain('This notebook was changed elsewhere');
    await click(button(node, 'Reload'));
    expect(on.reread).toHaveBeenCalledTimes(1);
  });

  it('says what becomes of what is not saved', async () => {
    const { node, on } = await loaded({}, { elsewhere: 'unsaved' });
    expect(status(node)).toContain('yours is kept in a copy');
    await click(button(node, 'Keep a copy and reload'));
    expect(on.reread).toHaveBeenCalledTimes(1);
  });

  it('says where it was kept', async () => {
    const { node, on } = await loaded({}, { copy: 'loops-mine.ipynb' });
    expect(one(node, '.jp-tutor-offer').textContent).toContain('“loops-mine.ipynb”');
    await click(button(node, 'Open it'));
    expect(on.openCopy).toHaveBeenCalledTimes(1);
  });
});

describe('the card', () => {
  it('says what the exercise is', async () => {
    const { node } = await loaded({ max_submissions: 3, submissions: 1, best_score: 0.999 });
    expect(one(node, 'section').getAttribute('aria-labelledby')).toBe(one(node, 'h3').id);
    expect([...node.querySelectorAll('.jp-tutor-facts li')].map(each => each.textContent)).toEqual([
      'Coding',
      '3 points',
      '3 tests',
      '1 of 3 submissions used',
      'Best 99%'
    ]);
  });

  it('says when it is due, for people and for programs', async () => {
    const { node } = await loaded({ due_at: '2026-03-01T12:00:00Z' });
    expect(one(node, 'time').getAttribute('datetime')).toBe('2026-03-01T12:00:00Z');
    expect(one(node, 'time').textContent).toContain('2026');
  });

  it('has nothing to press until it is loaded', async () => {
    const { node, on } = await card();
    expect(disabled(node)).toEqual(['true', 'true', 'true']);
    await click(button(node, 'Run tests'));
    expect(on.run).not.toHaveBeenCalled();
  });

  it('does what its buttons say', async () => {
    const { node, on } = await loaded();
    expect(disabled(node)).toEqual(['false', 'false', 'false']);
    for (const words of ['Run tests', 'Hint: the nudge', 'Submit']) {
      await click(button(node, words));
    }
    expect([on.run, on.hint, on.submit].map(each => each.mock.calls.length)).toEqual([1, 1, 1]);
  });

  it('says how many go before it', async () => {
    const { node, fake, session } = await loaded();
    const message = '3 before you, about 4 s.';
    fake.check.mockResolvedValue(
      attempt({ status: 'queued', verdict: null, position: 3, estimate_seconds: 4, message })
    );
    let settle: (value: Attempt) => void = () => undefined;
    fake.awaitCheck.mockReturnValue(new Promise(done => (settle = done)));
    let checking = Promise.resolve();
    await act(async () => {
      checking = session.check(ANSWER);
      await Promise.resolve();
      await Promise.resolve();
    });
    expect(status(node)).toBe(message);
    await act(async () => {
      settle(attempt());
      await checking;
    });
    expect(status(node)).not.toBe(message);
  });

  it('keeps the focus and the earlier results while it works, and takes no second press', async () => {
    const { node, fake, session, on } = await loaded({ last_attempt: attempt() });
    let settle: (value: Attempt) => void = () => undefined;
    fake.check.mockReturnValue(new Promise(done => (settle = done)));
    await click(button(node, 'Run tests'));
    let checking = Promise.resolve();
    await act(async () => {
      checking = session.check(ANSWER);
      await Promise.resolve();
    });
    expect(document.activeElement).toBe(button(node, 'Run tests'));
    expect(status(node)).toBe('Running the tests…');
    expect(node.querySelectorAll('.jp-tutor-tests li')).toHaveLength(1);
    await click(button(node, 'Submit'));
    expect(on.submit).not.toHaveBeenCalled();
    await act(async () => {
      settle(attempt({ id: '2', verdict: verdict(result({ outcome: 'failed' }), result()) }));
      await checking;
    });
    expect(status(node)).toBe('1 of 2 tests pass.');
    expect(document.activeElement).toBe(button(node, 'Submit'));
  });

  it('has one live region, which is there from the beginning', async () => {
    const { node, session, fake } = await card();
    const region = one(node, '[role=status]');
    await act(() => session.load());
    fake.check.mockRejectedValue(refused());
    await act(() => session.check(ANSWER));
    expect(node.querySelectorAll('[aria-live], [role=alert], [role=status]')).toHaveLength(1);
    expect(one(node, '[role=status]')).toBe(region);
    expect(region.closest('[aria-busy]')).toBeNull();
    expect(status(node)).toBe('It is closed.');
  });

  it('dims what the run before gave while there is a new one', async () => {
    const { node, session, fake } = await loaded({ last_attempt: attempt() });
    expect(node.querySelector('.jp-tutor-mod-old')).toBeNull();
    fake.check.mockReturnValue(new Promise(() => undefined));
    await act(async () => {
      void session.check(ANSWER);
      await Promise.resolve();
    });
    expect(one(node, '.jp-tutor-mod-old .jp-tutor-results')).toBeTruthy();
    expect(node.textContent).toContain('results of the run before');
    session.dispose();
  });

  it('says that it goes on by itself while the tutor is away', async () => {
    const { node, session, fake } = await loaded();
    fake.submit.mockRejectedValue(away());
    await act(async () => {
      void session.submit(ANSWER);
      await Promise.resolve();
    });
    expect(status(node)).toContain('Nothing is lost');
    expect(disabled(node)).toEqual(['true', 'true', 'true']);
    const hurried = vi.spyOn(session, 'hurry');
    await click(button(node, 'Try now'));
    expect(hurried).toHaveBeenCalledTimes(1);
    session.dispose();
  });

  it('offers to try again when it could not be loaded', async () => {
    const { node, session, fake, on } = await card();
    fake.exercise.mockRejectedValueOnce(refused('not_found', 'There is no such exercise.'));
    await act(() => session.load());
    expect(status(node)).toBe('There is no such exercise.');
    await click(button(node, 'Try again'));
    expect(on.reload).toHaveBeenCalledTimes(1);
  });

  it.each([
    [new TutorError('not_found', 'There is no such exercise.', 404)],
    [new TutorError('http_500', 'The server answered with status 500.', 500)]
  ])('stays when the exercise is gone for a moment, and can be read again: %s', async error => {
    const { node, session, fake, on } = await loaded({ last_attempt: attempt() });
    fake.exercise.mockRejectedValue(error);
    await act(() => session.synchronise());
    expect(node.querySelectorAll('.jp-tutor-tests li')).toHaveLength(1);
    fake.check.mockRejectedValueOnce(error);
    await act(() => session.check(ANSWER));
    expect(status(node)).toContain('cannot be loaded now, try again');
    expect(one(node, 'h3').textContent).toBe('Sum up');
    expect(node.querySelectorAll('.jp-tutor-tests li')).toHaveLength(1);
    await click(button(node, 'Try again'));
    expect(on.reload).toHaveBeenCalledTimes(1);
    fake.exercise.mockResolvedValue(exercise());
    await act(() => session.load());
    expect(node.textContent).not.toContain('ry again');
  });

  it('keeps its place when the answer of the server cannot be drawn', async () => {
    // React and jsdom tell the console what went wrong; here it is meant to.
    vi.spyOn(console, 'error').mockReturnValue(undefined);
    const quietly = (event: ErrorEvent): void => {
      event.preventDefault();
    };
    window.addEventListener('error', quietly);
    onTestFinished(() => {
      window.removeEventListener('error', quietly);
    });
    const { node, session, fake, on } = await loaded();
    fake.exercise.mockResolvedValue({ ...exercise(), questions: null } as unknown as Exercise);
    await act(() => session.load());
    expect(one(node, '.jp-tutor-card').textContent).toContain('cannot be shown now');
    fake.exercise.mockResolvedValue(exercise());
    on.reload.mockImplementation(() => void session.load());
    await act(() => session.load());
    await click(button(node, 'Try again'));
    expect(one(node, 'h3').textContent).toBe('Sum up');
  });

  it('says that the notebook could not be saved, beside the result', async () => {
    const { node } = await loaded({ last_attempt: attempt() }, { unsaved: true });
    expect(status(node)).toMatch(/^1 of 1 tests pass\. The notebook could not be saved/);
  });

  it('says why nothing can be submitted, at the button too', async () => {
    const { node, on } = await loaded({ closed: 'It was due yesterday.' });
    expect(disabled(node)).toEqual(['false', 'true', 'false']);
    const described = button(node, 'Submit').getAttribute('aria-describedby') ?? '';
    expect(document.getElementById(described)?.textContent).toBe('It was due yesterday.');
    await click(button(node, 'Submit'));
    expect(on.submit).not.toHaveBeenCalled();
  });

  it('offers a newer version of the lesson, where there is one', async () => {
    const same = await loaded();
    expect(same.node.textContent).not.toContain('Update lesson');
    const unknown = await loaded({}, { revision: null });
    expect(unknown.node.textContent).not.toContain('Update lesson');
    const older = await loaded({}, { revision: 'b'.repeat(64) });
    await click(button(older.node, 'Update lesson'));
    expect(older.on.updateLesson).toHaveBeenCalledTimes(1);
  });

  it('says what is wrong in the notebook as soon as it is known', async () => {
    const { node, on, changed } = await loaded();
    on.trouble = 'The answer cell was not found.';
    await act(async () => {
      changed.emit();
      await Promise.resolve();
    });
    expect(status(node)).toBe('The answer cell was not found.');
  });
});

describe('the grade', () => {
  it('is shown in points, with what was said about it', async () => {
    const [evaluation] = submission().evaluations;
    const graded = submission({
      number: 2,
      points_earned: 2.5,
      evaluations: evaluation ? [{ ...evaluation, feedback: 'Mind `x`.' }] : []
    });
    const { node } = await loaded({ last_submission: graded });
    const grade = one(node, '.jp-tutor-grade');
    expect(grade.textContent).toContain('2.5 of 3 points');
    expect(grade.textContent).toContain('Submission 2, ');
    expect(grade.textContent).toContain('Mind x.');
  });

  it('says that an instructor also reads the answer', async () => {
    const { node } = await loaded({
      last_submission: submission({
        review: {
          released: false,
          message: 'An instructor also reads this answer.',
          points_earned: null,
          points_possible: 4,
          comment: '',
          criteria: [],
          released_at: null
        }
      })
    });
    expect(node.textContent).toContain('An instructor also reads this answer.');
    expect(node.textContent).not.toContain('of 4 points');
    expect(node.querySelector('.jp-tutor-released')).toBeNull();
  });

  it('stands beside what an instructor released by each criterion', async () => {
    const criterion = {
      slug: 'names',
      title: 'Names',
      level: 1,
      levels: 3,
      description: 'Some names say what the value is.',
      points: 1,
      points_possible: 2,
      comment: 'What is `s`?'
    };
    const { node } = await loaded({
      last_submission: submission({
        review: {
          released: true,
          message: 'An instructor has read this answer.',
          points_earned: 3,
          points_possible: 4,
          comment: 'Well done.',
          criteria: [criterion, { ...criterion, slug: 'shape', title: 'Shape', comment: '' }],
          released_at: '2026-01-03T10:00:00Z'
        }
      })
    });
    expect(one(node, '.jp-tutor-grade').textContent).toContain('3 of 3 points');
    const released = one(node, '.jp-tutor-released');
    expect(released.getAttribute('aria-label')).toBe('What an instructor says');
    expect(released.textContent).toContain('An instructor has read this answer. 3 of 4 points');
    expect(released.textContent).toContain('Well done.');
    const titles = [...released.querySelectorAll('dt')].map(each => each.textContent);
    expect(titles).toEqual(['Names 1 of 2 points', 'Shape 1 of 2 points']);
    expect([...released.querySelectorAll('dd')].map(each => each.textContent)).toEqual([
      'Some names say what the value is.',
      'What is s?',
      'Some names say what the value is.'
    ]);
  });

  it('is not made up when grading failed', async () => {
    const { node } = await loaded({
      last_submission: submission({
        status: 'failed',
        score: null,
        points_earned: null,
        evaluations: [],
        message: 'That is our fault.'
      })
    });
    expect(one(node, '.jp-tutor-grade').textContent).not.toContain('points');
    expect(status(node)).toBe('That is our fault.');
  });
});

describe('hints', () => {
  const hints = [
    hint(),
    hint({ id: 'hint-2', level_name: 'steps', source: 'model', text: 'Then?' })
  ];
  const ladder = ladderOf({ next_level: null, reason: 'Try this one first.' });

  it('show the newest, fold the earlier, and say who made it and what comes next', async () => {
    const { node } = await loaded({ hints, ladder });
    const [newest] = node.querySelectorAll('.jp-tutor-hint');
    expect(newest?.textContent).toContain('written by a language model; it may be wrong');
    expect(one(node, '.jp-tutor-hint-text').textContent).toBe('Then?');
    expect(one(node, '.jp-tutor-earlier').hasAttribute('open')).toBe(false);
    expect(one(node, '.jp-tutor-earlier summary').textContent).toContain('Nudge 1 of 5');
    expect(node.textContent).toContain('Try this one first.');
  });

  it('are all folded away once the answer is right', async () => {
    const { node } = await loaded({ hints, ladder, last_attempt: attempt() });
    expect(node.querySelectorAll('.jp-tutor-earlier .jp-tutor-hint')).toHaveLength(2);
    expect(node.querySelectorAll('.jp-tutor-hint')).toHaveLength(2);
  });

  it('say once why there is none', async () => {
    const { node, fake, session } = await loaded({ hints, ladder });
    fake.hint.mockResolvedValue(help({ hint: null, hints, ladder }));
    await act(() => session.hint());
    expect(node.textContent.match(/Try this one first\./g)).toHaveLength(1);
    expect(status(node)).toBe('Try this one first.');
  });

  it('count down to the next, in silence until it is open', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const reason = 'The next one opens in 55 seconds.';
    // The clock of the server may be another one.
    const timed = { ...ladder, reason, opens_at: '2001-01-01T00:00:00Z' };
    const { node, fake, session } = await loaded({ hints, ladder: timed });
    expect(one(node, '.jp-tutor-note').textContent).toBe(reason);
    await act(async () => {
      await vi.advanceTimersByTimeAsync(3000);
    });
    expect(one(node, '.jp-tutor-note').textContent).toBe('The next one opens in 52 seconds.');

    const later = { ...timed, reason: 'The next one opens in 52 seconds.' };
    fake.hint.mockResolvedValue(help({ hint: null, hints, ladder: later }));
    await act(() => session.hint());
    expect(node.querySelector('.jp-tutor-note')).toBeNull();
    const spoken = one(node, '[role=status]');
    const said = new Set([spoken.textContent]);
    const counted = one(node, '.jp-tutor-status [aria-hidden=true]');
    for (let times = 0; times < 4; times++) {
      await act(async () => {
        await vi.advanceTimersByTimeAsync(1000);
      });
      said.add(spoken.textContent);
    }
    expect([...said]).toEqual(['The next one opens in 52 seconds.']);
    expect(spoken.className).toBe('jp-tutor-hidden');
    expect(counted.textContent).toBe('The next one opens in 48 seconds.');
    fake.exercise.mockResolvedValue(exercise({ hints, ladder: ladderOf({ next_level: 2 }) }));
    await act(async () => {
      await vi.advanceTimersByTimeAsync(60_000);
    });
    expect(spoken.textContent).toBe('The next hint is open now.');
    expect(button(node, 'Hint: the concept').getAttribute('aria-disabled')).toBe('false');
  });

  it('say why there is none, where results are said', async () => {
    const { node, fake, session } = await loaded();
    fake.hint.mockResolvedValue(help({ hint: null, hints: [], ladder }));
    await act(() => session.hint());
    expect(status(node)).toBe('Try this one first.');
    fake.hint.mockResolvedValue(help({ hint: hint(), hints: [hint()], ladder }));
    await act(() => session.hint());
    expect(status(node)).toBe('A new hint is below.');
  });

  it('leave the outcome of the run where it is said', async () => {
    const { node, fake, session } = await loaded({ last_attempt: attempt() });
    const outcome = session.state.attempt?.verdict?.summary ?? '';
    expect([outcome !== '', status(node)]).toEqual([true, outcome]);
    fake.hint.mockResolvedValue(help({ hint: hint(), hints: [hint()], ladder }));
    await act(() => session.hint());
    expect(status(node)).toBe(`${outcome} A new hint is below.`);
  });
});

describe('a quiz', () => {
  it('tells what came of its answers in the words of its questions', async () => {
    const { node } = await loaded({
      kind: 'quiz',
      questions: [question()],
      answer_cells: [],
      last_attempt: attempt({
        verdict: verdict(
          result({ name: 'q1', outcome: 'failed', called: 'Which is a list?', got: '(1,)' })
        )
      })
    });
    expect(one(node, '.jp-tutor-tests').textContent).toContain('Your answer(1,)');
    expect(one(node, '.jp-tutor-tests').textContent).not.toContain('q1');
  });

  it('checks answers, and counts no tests', async () => {
    const { node } = await loaded({ kind: 'quiz', questions: [question()], answer_cells: [] });
    expect(button(node, 'Check answers').getAttribute('aria-disabled')).toBe('false');
    expect(one(node, '.jp-tutor-facts').textContent).not.toContain('test');
    expect(node.querySelectorAll('input[type=radio]')).toHaveLength(2);
  });
});
