import { afterEach, describe, expect, it, vi } from 'vitest';

import type { Attempt } from '../../src/api/types';
import type { Sleep } from '../../src/model/patience';
import type { Activity, IExerciseState } from '../../src/model/state';
import { ExerciseSession } from '../../src/model/session';
import { away, fakeClient, refused } from '../fakes';
import {
  attempt,
  exercise,
  help,
  hint,
  ladder as ladderOf,
  result,
  submission,
  verdict
} from '../samples';

const ANSWER = { revision: null, cells: [{ id: 'answer', source: 'x = 1' }], responses: {} };

function begin() {
  const { fake, client } = fakeClient();
  const pause = vi.fn<Sleep>().mockResolvedValue(undefined);
  const session = new ExerciseSession('python', 'sum-up', client, pause);
  const states: IExerciseState[] = [];
  session.changed.connect(() => states.push(session.state));
  const settled = vi.fn();
  session.settled.connect(settled);
  return { fake, pause, session, states, settled };
}

function deferred<T>() {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>(done => (resolve = done));
  return { promise, resolve };
}

afterEach(() => {
  vi.useRealTimers();
});

describe('loading', () => {
  it('reads the facts and shows the newer of the last run and the last submission', async () => {
    const { fake, session } = begin();
    fake.exercise.mockResolvedValue(
      exercise({ last_attempt: attempt(), last_submission: submission() })
    );
    await session.load();
    expect(session.state).toMatchObject({ shown: 'submission', activity: null, problem: null });
    expect(session.state.attempt?.id).toBe('attempt-1');
  });

  it('compares moments, not their spelling', async () => {
    const { fake, session } = begin();
    fake.exercise.mockResolvedValue(
      exercise({
        last_attempt: attempt({ created_at: '2026-01-02T10:30:00+00:00' }),
        last_submission: submission({ submitted_at: '2026-01-02T11:00:00+02:00' })
      })
    );
    await session.load();
    expect(session.state.shown).toBe('attempt');
  });

  it.each([
    [
      'submitting',
      { last_submission: submission({ status: 'running', evaluations: [], score: null }) }
    ],
    ['checking', { last_attempt: attempt({ status: 'queued', verdict: null }) }]
  ] as [Activity, object][])(
    'goes on with what was %s before the reload',
    async (activity, facts) => {
      const { fake, session, states } = begin();
      fake.exercise.mockResolvedValueOnce(exercise(facts));
      await session.load();
      expect(states.map(state => state.activity)).toContain(activity);
      expect(fake.check).not.toHaveBeenCalled();
      expect(fake.submit).not.toHaveBeenCalled();
      expect(session.state.shown).toBe(activity === 'checking' ? 'attempt' : 'submission');
    }
  );

  it('says what went wrong, and can be done again', async () => {
    const { fake, session } = begin();
    fake.exercise.mockRejectedValueOnce(refused('not_found', 'There is no such exercise.'));
    await session.load();
    expect(session.state.problem).toEqual({
      code: 'not_found',
      message: 'There is no such exercise.',
      waiting: false,
      unread: false
    });
    await session.load();
    expect(session.state).toMatchObject({ problem: null, facts: { slug: 'sum-up' } });
  });
});

describe('checking', () => {
  it('waits on the server until the run settles, then reads the facts anew', async () => {
    const { fake, session, settled } = begin();
    await session.load();
    fake.check.mockResolvedValue(attempt({ status: 'queued', verdict: null }));
    fake.awaitCheck
      .mockResolvedValueOnce(attempt({ status: 'running', verdict: null }))
      .mockResolvedValueOnce(attempt({ verdict: verdict(result({ outcome: 'failed' })) }));
    await session.check(ANSWER);
    expect(fake.awaitCheck).toHaveBeenCalledTimes(2);
    expect(session.state.attempt?.verdict?.passed_tests).toBe(0);
    expect(fake.exercise).toHaveBeenCalledTimes(2);
    expect(settled).toHaveBeenCalledTimes(1);
  });

  it('tells the place in the queue while others go before it', async () => {
    const { fake, session, states } = begin();
    const queued = (position: number, message: string): Attempt =>
      attempt({ status: 'queued', verdict: null, position, message });
    fake.check.mockResolvedValue(queued(3, '3 before you.'));
    fake.awaitCheck
      .mockResolvedValueOnce(queued(1, '1 before you.'))
      .mockResolvedValueOnce(queued(0, 'Waiting for a free place to run.'))
      .mockResolvedValueOnce(attempt());
    await session.check(ANSWER);
    const told = states.filter(state => state.activity === 'checking').map(state => state.queued);
    expect([...new Set(told)]).toEqual(['', '3 before you.', '1 before you.']);
    expect(told.at(-1)).toBe('');
    expect(fake.awaitCheck.mock.calls.map(call => call[1])).toEqual([3, 1, 0]);
  });

  it('keeps the earlier results in sight until there are new ones', async () => {
    const { fake, session, states } = begin();
    fake.exercise.mockResolvedValue(exercise({ last_attempt: attempt() }));
    await session.load();
    states.length = 0;
    fake.check.mockResolvedValue(attempt({ id: 'attempt-2', status: 'queued', verdict: null }));
    fake.awaitCheck.mockResolvedValue(attempt({ id: 'attempt-2' }));
    await session.check(ANSWER);
    expect(states.every(state => state.attempt?.verdict)).toBe(true);
    expect(session.state.attempt?.id).toBe('attempt-2');
  });

  it('does not storm a server that answers "not yet" without waiting', async () => {
    const { fake, session, pause } = begin();
    fake.check.mockResolvedValue(attempt({ status: 'queued', verdict: null }));
    for (let times = 0; times < 5; times++) {
      fake.awaitCheck.mockResolvedValueOnce(attempt({ status: 'running', verdict: null }));
    }
    await session.check(ANSWER);
    expect(pause.mock.calls.map(([seconds]) => seconds)).toEqual([1, 1, 1, 1, 1]);
  });

  it('repeats with the same key while the tutor is away, with growing pauses', async () => {
    const { fake, session, states, pause } = begin();
    for (let times = 0; times < 8; times++) {
      fake.check.mockRejectedValueOnce(away());
    }
    await session.check(ANSWER);
    expect(new Set(fake.check.mock.calls.map(call => call[3])).size).toBe(1);
    expect(pause.mock.calls.map(([seconds]) => seconds)).toEqual([1, 2, 4, 5, 5, 5, 5, 5]);
    expect(states.some(state => state.problem?.waiting)).toBe(true);
    expect(session.state.problem).toBeNull();
    await session.check(ANSWER);
    expect(new Set(fake.check.mock.calls.map(call => call[3])).size).toBe(2);
  });

  it('does one thing at a time', async () => {
    const { fake, session } = begin();
    const answer = deferred<Attempt>();
    fake.check.mockReturnValueOnce(answer.promise);
    const first = session.check(ANSWER);
    await session.check(ANSWER);
    await session.submit(ANSWER);
    await session.hint();
    answer.resolve(attempt());
    await first;
    expect(fake.check).toHaveBeenCalledTimes(1);
    expect(fake.submit).not.toHaveBeenCalled();
    expect(fake.hint).not.toHaveBeenCalled();
  });

  it('can be done again after a mistake of ours', async () => {
    const { fake, session } = begin();
    fake.check.mockRejectedValueOnce(new RangeError('a bug'));
    await expect(session.check(ANSWER)).rejects.toThrow(RangeError);
    expect(session.state.activity).toBeNull();
  });
});

describe('an answer', () => {
  it('is accepted once the server has taken it, before there is a result', async () => {
    const { fake, session } = begin();
    const told: string[] = [];
    fake.check.mockResolvedValue(attempt({ status: 'queued', verdict: null }));
    fake.awaitCheck.mockImplementation(() => {
      told.push('waited');
      return Promise.resolve(attempt());
    });
    await session.check(ANSWER, () => told.push('accepted'));
    expect(told).toEqual(['accepted', 'waited']);
    fake.submit.mockRejectedValue(refused());
    await session.submit(ANSWER, () => told.push('never'));
    expect(told).not.toContain('never');
  });
});

describe('submitting', () => {
  it('shows the grade', async () => {
    const { fake, session } = begin();
    fake.submit.mockResolvedValue(submission({ status: 'queued', score: null, evaluations: [] }));
    await session.submit(ANSWER);
    expect(session.state).toMatchObject({ shown: 'submission', submission: { score: 1 } });
  });

  it('says why it was refused, and leaves the results as they are', async () => {
    const { fake, session } = begin();
    await session.check(ANSWER);
    fake.submit.mockRejectedValue(refused());
    await session.submit(ANSWER);
    expect(session.state).toMatchObject({
      shown: 'attempt',
      problem: { code: 'submission_closed', waiting: false }
    });
  });
});

describe('a newer revision', () => {
  it('is read when an answer to the old one is refused, and the refusal stays', async () => {
    const { fake, session } = begin();
    fake.exercise.mockResolvedValue(exercise({ last_attempt: attempt() }));
    await session.load();
    fake.check.mockRejectedValue(refused('revision_changed', 'Update the lesson.'));
    fake.exercise.mockResolvedValue(
      exercise({ last_attempt: attempt(), revision: 'b'.repeat(64) })
    );
    await session.check(ANSWER);
    expect(session.state).toMatchObject({
      facts: { revision: 'b'.repeat(64) },
      problem: { code: 'revision_changed' },
      activity: null
    });
  });

  it('is not missed for long when it cannot be read at once', async () => {
    const { fake, session } = begin();
    await session.load();
    fake.check.mockRejectedValue(refused('revision_changed', 'Update the lesson.'));
    fake.exercise.mockRejectedValue(away());
    await session.check(ANSWER);
    expect(session.state).toMatchObject({ problem: { code: 'revision_changed' }, activity: null });
    fake.exercise.mockResolvedValue(exercise({ revision: 'b'.repeat(64) }));
    await session.synchronise();
    expect(session.state.facts?.revision).toBe('b'.repeat(64));
  });
});

describe('hints', () => {
  const ladder = ladderOf({ next_level: null, reason: 'Run the tests first.' });

  it('are kept with the facts, and told until something else is done', async () => {
    const { fake, session, settled } = begin();
    await session.load();
    fake.hint.mockResolvedValue(help({ hint: hint(), hints: [hint()], ladder }));
    await session.hint();
    expect(session.state.facts?.hints).toHaveLength(1);
    expect(session.state.help?.hint?.id).toBe('hint-1');
    expect(settled).toHaveBeenCalledTimes(1);
    await session.check(ANSWER);
    expect(session.state.help).toBeNull();
  });

  it('say why there is none', async () => {
    const { fake, session } = begin();
    await session.load();
    fake.hint.mockResolvedValue(help({ ladder }));
    await session.hint();
    expect(session.state.help?.ladder.reason).toBe('Run the tests first.');
  });

  it('are asked for with the price that was agreed to, and each with a key of its own', async () => {
    const { fake, session } = begin();
    await session.load();
    await session.hint();
    await session.hint(0.5);
    expect(fake.hint.mock.calls.map(([, , accepted]) => accepted)).toEqual([0, 0.5]);
    const keys = fake.hint.mock.calls.map(([, , , key]) => key);
    expect(new Set(keys).size).toBe(2);
  });

  it('are asked for again with the same key while the tutor is away', async () => {
    const { fake, session } = begin();
    await session.load();
    fake.hint.mockRejectedValueOnce(away()).mockResolvedValue(help());
    await session.hint();
    const keys = fake.hint.mock.calls.map(([, , , key]) => key);
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
  });

  it('can be taken back, and then everything is as before', async () => {
    const { fake, session, settled } = begin();
    await session.load();
    fake.hint.mockResolvedValueOnce(help({ ladder }));
    await session.hint();
    fake.exercise.mockResolvedValue(exercise({ ladder }));
    const before = session.state;
    settled.mockClear();
    fake.hint.mockImplementationOnce(
      (_course, _exercise, _accepted, _key, signal) =>
        new Promise((_done, refuse) => {
          signal?.addEventListener('abort', () => {
            refuse(away());
          });
        })
    );
    const asked = session.hint();
    expect(session.state.activity).toBe('hinting');
    session.cancelHint();
    await asked;
    const { activity, help: told, problem, facts } = session.state;
    expect({ activity, told, problem }).toEqual({
      activity: null,
      told: before.help,
      problem: null
    });
    expect(facts?.hints).toEqual([]);
    expect(settled).not.toHaveBeenCalled();

    await session.hint();
    const keys = fake.hint.mock.calls.map(([, , , key]) => key);
    expect(new Set(keys).size).toBe(3);
  });

  it('are taken over where the server was quicker than who took them back', async () => {
    const { fake, session } = begin();
    await session.load();
    fake.hint.mockImplementationOnce(() => {
      session.cancelHint();
      return Promise.reject(away());
    });
    fake.exercise.mockResolvedValue(exercise({ hints: [hint()] }));
    await session.hint();
    expect(session.state.facts?.hints).toHaveLength(1);
  });

  it('can be taken back while the tutor is away, and not be asked for again', async () => {
    const { fake, pause, session } = begin();
    await session.load();
    fake.hint.mockRejectedValue(away());
    pause.mockImplementation(() => {
      session.cancelHint();
      return Promise.resolve();
    });
    await session.hint();
    expect(fake.hint).toHaveBeenCalledTimes(1);
    expect(session.state).toMatchObject({ activity: null, problem: null });
  });

  it('keep what was said of them, without a word of it elsewhere', async () => {
    const { fake, session } = begin();
    fake.exercise.mockResolvedValue(exercise({ hints: [hint(), hint({ id: 'hint-2' })] }));
    await session.load();
    const since = session.state.ladderSince;
    const feedback = { mark: 'wrong', text: 'It is not.', at: '2026-01-02T10:31:00Z' } as const;
    fake.rate.mockResolvedValue(feedback);
    await session.rate('hint-2', 'wrong', 'It is not.');
    expect(fake.rate.mock.calls[0]?.slice(0, 3)).toEqual(['hint-2', 'wrong', 'It is not.']);
    expect(session.state.facts?.hints.map(each => each.feedback)).toEqual([null, feedback]);
    expect(session.state).toMatchObject({ activity: null, ladderSince: since });
    fake.rate.mockRejectedValue(refused());
    await expect(session.rate('hint-2', 'helpful', '')).rejects.toThrow('It is closed.');
    expect(session.state.facts?.hints[1]?.feedback).toEqual(feedback);
    await session.unrate('hint-2');
    expect(session.state.facts?.hints[1]?.feedback).toBeNull();
  });

  it('keep why they work, and ask no more', async () => {
    const { fake, session, settled } = begin();
    fake.exercise.mockResolvedValue(
      exercise({ hints: [hint()], ladder: ladderOf({ to_explain: 'hint-1', explain: 'Why?' }) })
    );
    await session.load();
    const explanation = { hint: 'hint-1', text: 'It adds.', at: '2026-01-02T10:31:00Z' };
    fake.explain.mockResolvedValue(explanation);
    await session.explain('hint-1', 'It adds.');
    expect(session.state.facts?.hints[0]?.explanation).toEqual(explanation);
    expect(session.state.facts?.ladder).toMatchObject({ to_explain: null, explain: '' });
    expect(settled).toHaveBeenCalledTimes(1);
  });
});

describe('what was done elsewhere', () => {
  it('is taken over without a sign of it', async () => {
    const { fake, session, states } = begin();
    await session.load();
    states.length = 0;
    fake.exercise.mockResolvedValue(
      exercise({ last_submission: submission(), submissions: 1, best_score: 1 })
    );
    await session.synchronise();
    expect(session.state).toMatchObject({ shown: 'submission', facts: { best_score: 1 } });
    expect(states.every(state => state.activity === null)).toBe(true);
  });

  it('is taken over after what is done here, and what is told of that stays', async () => {
    const { fake, session } = begin();
    await session.load();
    const refusal = deferred<never>();
    fake.check.mockReturnValueOnce(refusal.promise.then(() => Promise.reject(refused())));
    const checking = session.check(ANSWER);
    fake.exercise.mockResolvedValue(exercise({ submissions: 1 }));
    await session.synchronise();
    expect(session.state.facts?.submissions).toBe(0);
    refusal.resolve(undefined as never);
    await checking;
    expect(session.state).toMatchObject({
      facts: { submissions: 1 },
      problem: { code: 'submission_closed' }
    });
  });

  it('does not move what is shown when there is nothing new', async () => {
    const { fake, session } = begin();
    fake.exercise.mockResolvedValue(
      exercise({ last_attempt: attempt(), last_submission: submission() })
    );
    await session.load();
    await session.check(ANSWER);
    await session.synchronise();
    expect(session.state.shown).toBe('attempt');
  });

  it('is not asked for in the middle of something, and its failure is not told', async () => {
    const { fake, session } = begin();
    await session.load();
    fake.exercise.mockRejectedValueOnce(away());
    await session.synchronise();
    expect(session.state.problem).toBeNull();
    const answer = deferred<Attempt>();
    fake.check.mockReturnValueOnce(answer.promise);
    const checking = session.check(ANSWER);
    const asked = fake.exercise.mock.calls.length;
    await session.synchronise();
    expect(fake.exercise).toHaveBeenCalledTimes(asked);
    answer.resolve(attempt());
    await checking;
  });
});

describe('disposing', () => {
  it('ends the wait on the server and the repeats, and changes nothing more', async () => {
    vi.useFakeTimers();
    const { fake, client } = fakeClient();
    fake.check.mockRejectedValue(away());
    const session = new ExerciseSession('python', 'sum-up', client);
    const checking = session.check(ANSWER);
    await vi.advanceTimersByTimeAsync(1500);
    expect(fake.check).toHaveBeenCalledTimes(2);
    const changed = vi.fn();
    session.changed.connect(changed);
    session.dispose();
    await checking;
    await vi.advanceTimersByTimeAsync(100_000);
    expect(fake.check).toHaveBeenCalledTimes(2);
    expect(changed).not.toHaveBeenCalled();
  });

  it('aborts the request that waits', async () => {
    const { fake, session } = begin();
    fake.check.mockResolvedValue(attempt({ status: 'queued', verdict: null }));
    let signal: AbortSignal | undefined;
    fake.awaitCheck.mockImplementation(
      (_id, _position, given) =>
        new Promise((_done, fail) => {
          signal = given;
          given?.addEventListener('abort', () => {
            fail(away());
          });
        })
    );
    const checking = session.check(ANSWER);
    await vi.waitFor(() => {
      expect(signal).toBeDefined();
    });
    session.dispose();
    await checking;
    expect(signal?.aborted).toBe(true);
  });
});
