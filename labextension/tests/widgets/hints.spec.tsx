import { UseSignal } from '@jupyterlab/ui-components';
import { act } from 'react';
import { describe, expect, it, onTestFinished, vi } from 'vitest';

import type { Exercise, HelpGiven } from '../../src/api/types';
import { Consents } from '../../src/model/consents';
import { ExerciseSession } from '../../src/model/session';
import { Ask, UNSEEN } from '../../src/widgets/asking';
import { Hints } from '../../src/widgets/hints';
import { Status } from '../../src/widgets/status';
import { away, fakeClient, refused } from '../fakes';
import { button, click, field, one, rendermime, show, trans, type, write } from '../render';
import { consent, exercise, help, hint, ladder } from '../samples';

const NAMES = ['result', 'nudge', 'concept', 'pointer', 'steps', 'bottom-out'] as const;

const rung = (level: number, change: Parameters<typeof hint>[0] = {}) =>
  hint({ id: `hint-${level}`, level, level_name: NAMES[level] ?? 'result', ...change });

/** The hints of a card, the button that asks for them and the status, drawn anew by each change. */
async function hints(facts: Partial<Exercise> = {}, more: { asks?: boolean } = {}) {
  const { fake, client } = fakeClient();
  fake.exercise.mockResolvedValue(exercise(facts));
  const pause = (): Promise<void> => new Promise(() => undefined);
  const session = new ExerciseSession('python', 'sum-up', client, pause);
  const consents = more.asks ? new Consents(client) : null;
  const open = vi.fn<(exercise: string) => void>();
  const ask = vi.fn(() => void session.hint(session.state.facts?.ladder.cost));
  const drawn = () => {
    const { state } = session;
    return (
      <>
        <Status state={state} trouble="" unsaved={false} elsewhere="" trans={trans} />
        <Ask
          session={session}
          state={state}
          onAsk={ask}
          reason="why"
          passed={false}
          trans={trans}
        />
        {state.facts ? (
          <Hints
            session={session}
            state={state}
            facts={state.facts}
            consent={consents?.get('python') ?? null}
            openExercise={open}
            reason="why"
            told={false}
            passed={state.facts.passed}
            rendermime={rendermime}
            trans={trans}
          />
        ) : null}
      </>
    );
  };
  const { host } = await show(<UseSignal signal={session.changed}>{drawn}</UseSignal>);
  await act(() => session.load());
  return { fake, session, node: host, open, ask };
}

const asker = (node: HTMLElement): HTMLElement => one(node, '.jp-tutor-ask');

function pressed(node: ParentNode): string[] {
  return [...node.querySelectorAll('[aria-pressed=true]')].map(each => each.textContent);
}

function timers(): void {
  vi.useFakeTimers({
    toFake: ['Date', 'setInterval', 'clearInterval', 'setTimeout', 'clearTimeout']
  });
  onTestFinished(() => {
    vi.useRealTimers();
  });
}

const pass = (milliseconds: number): Promise<void> =>
  act(async () => {
    await vi.advanceTimersByTimeAsync(milliseconds);
  });

describe('the button that asks', () => {
  it.each([
    [0, 0, 'Hint: the result'],
    [1, 0, 'Hint: the nudge'],
    [2, 0, 'Hint: the concept'],
    [3, 0.5, 'Hint: the pointer, costs 0.5 points'],
    [4, 1, 'Hint: the steps, costs 1 point'],
    [5, 2, 'Hint: the code, costs 2 points']
  ])('says that rung %i comes next, and that it costs %f', async (next_level, cost, words) => {
    const { node, ask } = await hints({ ladder: ladder({ next_level, cost }) });
    expect(asker(node).textContent).toBe(words);
    await click(asker(node));
    expect(ask).toHaveBeenCalledTimes(1);
  });

  it.each(['nothing', 'changed_run'] as const)('says why there is none: %s', async waits_for => {
    const reason = 'You have seen every hint.';
    const { node, ask } = await hints({ ladder: ladder({ next_level: null, reason, waits_for }) });
    expect(asker(node).getAttribute('aria-disabled')).toBe('true');
    expect(one(node, `#${asker(node).getAttribute('aria-describedby') ?? ''}`).textContent).toBe(
      reason
    );
    await click(asker(node));
    expect(ask).not.toHaveBeenCalled();
  });

  it('counts down to the next hint and opens by itself', async () => {
    timers();
    const reason = 'It opens in 3 seconds.';
    const waiting = ladder({ next_level: null, reason, opens_at: '2001-01-01T00:00:00Z' });
    const { node, fake } = await hints({ hints: [rung(1)], ladder: waiting });
    await pass(1000);
    expect(one(node, '#why').textContent).toBe('It opens in 2 seconds.');
    expect(asker(node).getAttribute('aria-disabled')).toBe('true');
    const open = ladder({ next_level: 2, cost: 0.5 });
    fake.exercise.mockResolvedValue(exercise({ hints: [rung(1)], ladder: open }));
    fake.exercise.mockClear();
    await pass(2000);
    expect(fake.exercise).toHaveBeenCalledTimes(1);
    expect(asker(node).getAttribute('aria-disabled')).toBe('false');
    expect(asker(node).textContent).toBe('Hint: the concept, costs 0.5 points');
    expect(node.querySelector('#why')).toBeNull();
  });

  it('opens also where the tutor is away just then', async () => {
    timers();
    const reason = 'It opens in 1 second.';
    const waiting = ladder({ next_level: null, reason, opens_at: '2001-01-01T00:00:00Z' });
    const { node, fake } = await hints({ hints: [rung(1)], ladder: waiting });
    fake.exercise.mockRejectedValue(away());
    await pass(1500);
    expect(asker(node).getAttribute('aria-disabled')).toBe('false');
  });
});

describe('a hint that is looked for', () => {
  async function asked() {
    timers();
    const all = await hints();
    let signal: AbortSignal | undefined;
    let settle: (help: HelpGiven) => void = () => undefined;
    all.fake.hint.mockImplementation(
      (_course, _exercise, _accepted, _key, given) =>
        new Promise((done, refuse) => {
          settle = done;
          signal = given;
          given?.addEventListener('abort', () => {
            refuse(away());
          });
        })
    );
    await click(asker(all.node));
    const cancel = (): HTMLButtonElement | undefined =>
      [...all.node.querySelectorAll('button')].find(each => each.textContent === 'Cancel');
    return {
      ...all,
      cancel,
      signal: () => signal,
      settle: (given: HelpGiven): void => {
        settle(given);
      }
    };
  }

  it('shows nothing of it while it is quick', async () => {
    const { node, cancel, settle } = await asked();
    await pass(UNSEEN - 50);
    expect(cancel()).toBeUndefined();
    expect(node.querySelector('.jp-tutor-underway')).toBeNull();
    expect(one(node, '[role=status]').textContent).toBe('');
    await act(async () => {
      settle(help({ hint: rung(1), hints: [rung(1)] }));
      await Promise.resolve();
    });
    await pass(UNSEEN);
    expect(cancel()).toBeUndefined();
    expect(one(node, '[role=status]').textContent).toBe('A new hint is below.');
  });

  it('is told of after a moment, politely, and for how long it may take', async () => {
    const { node } = await asked();
    await pass(UNSEEN + 50);
    const status = one(node, '[role=status]');
    expect(status.textContent).toBe('Looking for a hint…');
    expect(status.getAttribute('aria-live')).toBe('polite');
    expect(one(node, '.jp-tutor-underway').textContent).toBe('');
    await pass(5000);
    expect(one(node, '.jp-tutor-underway').textContent).toContain('half a minute');
  });

  it('can be taken back: the request ends, the focus returns, all is as before', async () => {
    const { node, cancel, signal, fake } = await asked();
    await pass(UNSEEN + 50);
    const button = cancel();
    expect(button).toBeDefined();
    expect(signal()?.aborted).toBe(false);
    if (button) {
      await click(button);
    }
    expect(signal()?.aborted).toBe(true);
    expect(cancel()).toBeUndefined();
    expect(node.querySelector('.jp-tutor-underway')).toBeNull();
    expect(one(node, '[role=status]').textContent).toBe('');
    expect(document.activeElement).toBe(asker(node));
    expect(asker(node).getAttribute('aria-disabled')).toBe('false');
    await click(asker(node));
    const [first, second] = fake.hint.mock.calls.map(([, , , key]) => key);
    expect(second).not.toBe(first);
  });
});

describe('a hint', () => {
  it.each([
    ['rules', 'Rules', 'made from your last run'],
    ['author', 'Author', 'written by the author'],
    ['model', 'AI', 'may be wrong']
  ] as const)('says its rung, its price and who made it: %s', async (source, tag, words) => {
    const { node } = await hints({ hints: [rung(3, { source, cost: 0.5, language: 'bn' })] });
    const head = one(node, '.jp-tutor-hint-head').textContent;
    expect(head).toContain('Pointer');
    expect(head).toContain('3 of 5');
    expect(head).toContain('cost 0.5 points');
    expect(head).toContain(words);
    expect(one(node, '.jp-tutor-hint-head .jp-tutor-tag').textContent).toBe(tag);
    expect(node.querySelectorAll('.jp-tutor-mod-reached')).toHaveLength(3);
    expect(one(node, '.jp-tutor-hint-text').lang).toBe('bn');
  });

  it('is open when it is the newest, and folded away when it is not', async () => {
    const { node } = await hints({ hints: [rung(0), rung(1), rung(2)] });
    expect(one(node, 'article .jp-tutor-rung').textContent).toBe('Concept');
    const earlier = [...node.querySelectorAll('details')];
    expect(earlier.map(each => [each.open, one(each, '.jp-tutor-rung').textContent])).toEqual([
      [false, 'Nudge'],
      [false, 'Result']
    ]);
  });

  it('has a note beside it, where there is one', async () => {
    const { node, fake, session } = await hints();
    const note = 'The budget is used up.';
    fake.hint.mockResolvedValue(help({ hint: rung(1), hints: [rung(1)], note }));
    await act(() => session.hint());
    expect(one(node, '.jp-tutor-aside').textContent).toBe(note);
  });

  it('tells how many are left, and that it is an exam', async () => {
    const limited = await hints({ hints: [rung(1)], ladder: ladder({ hints_left: 2 }) });
    expect(one(limited.node, '.jp-tutor-hints > div').textContent).toBe('Hints2 left');
    const exam = await hints({ ladder: ladder({ next_level: 0, exam: true }) });
    expect(one(exam.node, '.jp-tutor-hints').textContent).toContain('This is an exam');
  });
});

describe('what learners think of a hint', () => {
  const given = (mark: 'helpful' | 'not_helpful' | 'wrong', text = '') => ({
    mark,
    text,
    at: '2026-01-02T10:31:00Z'
  });

  it('is one of three marks, and theirs to change', async () => {
    const { node, fake } = await hints({ hints: [rung(1)] });
    expect(pressed(node)).toEqual([]);
    fake.rate.mockImplementation((_hint, mark, text) => Promise.resolve(given(mark, text)));
    await click(button(node, 'Helpful'));
    expect(pressed(node)).toEqual(['Helpful']);
    await click(button(node, 'Not helpful'));
    expect(pressed(node)).toEqual(['Not helpful']);
    expect(fake.rate.mock.calls.map(call => call.slice(0, 3))).toEqual([
      ['hint-1', 'helpful', ''],
      ['hint-1', 'not_helpful', '']
    ]);
    expect(new Set(fake.rate.mock.calls.map(call => call[3])).size).toBe(2);
  });

  it('is taken back by pressing it once more', async () => {
    const { node, fake } = await hints({ hints: [rung(1, { feedback: given('wrong', 'No.') })] });
    await click(button(node, 'Wrong'));
    expect(fake.unrate.mock.calls).toEqual([['hint-1']]);
    expect(pressed(node)).toEqual([]);
    expect(node.querySelector('input')).toBeNull();
    expect(one(node, '.jp-tutor-marks [role=status]').textContent).toBe('Taken back.');
  });

  it('can say what is wrong', async () => {
    const { node, fake } = await hints({ hints: [rung(1)] });
    fake.rate.mockImplementation((_hint, mark, text) => Promise.resolve(given(mark, text)));
    expect(node.querySelector('input')).toBeNull();
    await click(button(node, 'Wrong'));
    expect(button(node, 'Send').getAttribute('aria-disabled')).toBe('true');
    await type(field(node), ' It is a tuple. ');
    await click(button(node, 'Send'));
    expect(fake.rate.mock.calls.at(-1)?.slice(0, 3)).toEqual(['hint-1', 'wrong', 'It is a tuple.']);
    await click(button(node, 'Helpful'));
    expect(node.querySelector('input')).toBeNull();
  });

  it('is sent with Enter, which sends no form by itself within a notebook', async () => {
    const { node, fake } = await hints({ hints: [rung(1, { feedback: given('wrong') })] });
    fake.rate.mockImplementation((_hint, mark, text) => Promise.resolve(given(mark, text)));
    await type(field(node), 'No list.');
    const enter = (isComposing: boolean): Promise<boolean> =>
      act(() => {
        const options = { key: 'Enter', bubbles: true, cancelable: true, isComposing };
        return Promise.resolve(field(node).dispatchEvent(new KeyboardEvent('keydown', options)));
      });
    // Who writes with an input method chooses a word with Enter.
    expect(await enter(true)).toBe(true);
    expect(fake.rate).not.toHaveBeenCalled();
    expect(await enter(false)).toBe(false);
    expect(fake.rate.mock.calls.at(-1)?.slice(0, 3)).toEqual(['hint-1', 'wrong', 'No list.']);
  });

  it('is shown as it was stored, also under what is folded away', async () => {
    const first = rung(1, { feedback: given('wrong', 'No list.') });
    const { node } = await hints({ hints: [first, rung(2)] });
    expect(pressed(one(node, 'details'))).toEqual(['Wrong']);
    expect(field(one(node, 'details')).value).toBe('No list.');
    expect(pressed(one(node, 'article'))).toEqual([]);
  });

  it('stays as it was when it cannot be stored, and says so', async () => {
    const { node, fake } = await hints({ hints: [rung(1, { feedback: given('helpful') })] });
    fake.rate.mockRejectedValue(refused('x', 'Try later.'));
    await click(button(node, 'Wrong'));
    expect(pressed(node)).toEqual(['Helpful']);
    expect(one(node, '.jp-tutor-marks [role=status]').textContent).toContain('Try later.');
  });
});

describe('once an idea was named', () => {
  const lesson = { lesson: 'loops', exercise: 'first-loop', title: 'Loops' };

  it('the lesson that teaches it can be opened', async () => {
    const { node, open } = await hints({ hints: [rung(2)], ladder: ladder({ lesson }) });
    await click(button(node, 'Read again: “Loops”'));
    expect(open.mock.calls).toEqual([['first-loop']]);
  });

  it.each([
    ['before that', { hints: [rung(1)], ladder: ladder({ lesson }) }],
    ['where no lesson teaches it', { hints: [rung(2)], ladder: ladder() }]
  ])('there is no link %s', async (_, given) => {
    const { node } = await hints(given);
    expect(node.textContent).not.toContain('Read again');
  });
});

describe('after the code was shown', () => {
  const twin = { exercise: 'sum-down', title: 'Sum down', message: 'Then try “Sum down”.' };
  const asks = ladder({ next_level: null, to_explain: 'hint-5', explain: 'Why?', twin });

  it('the learner says why it works, and then the twin is offered', async () => {
    const { node, fake, open } = await hints({ hints: [rung(5)], ladder: asks });
    expect(node.textContent).not.toContain('Sum down');
    expect(button(node, 'Save explanation').getAttribute('aria-disabled')).toBe('true');
    await click(button(node, 'Save explanation'));
    expect(fake.explain).not.toHaveBeenCalled();
    expect(one(node, '.jp-tutor-explanation label').textContent).toContain('Why?');
    await write(one(node, 'textarea'), 'It adds each.');
    fake.explain.mockImplementation((of, text) =>
      Promise.resolve({ hint: of, text, at: '2026-01-02T10:31:00Z' })
    );
    await click(button(node, 'Save explanation'));
    expect(one(node, 'blockquote').textContent).toBe('It adds each.');
    expect(document.activeElement).toBe(button(node, 'Change'));
    await click(button(node, 'Open “Sum down”'));
    expect(open.mock.calls).toEqual([['sum-down']]);
    await click(button(node, 'Change'));
    expect((one(node, 'textarea') as HTMLTextAreaElement).value).toBe('It adds each.');
  });

  it('what was written stays when it cannot be stored', async () => {
    const { node, fake } = await hints({ hints: [rung(5)], ladder: asks });
    await write(one(node, 'textarea'), 'It adds each.');
    fake.explain.mockRejectedValue(refused('x', 'Try later.'));
    await click(button(node, 'Save explanation'));
    expect((one(node, 'textarea') as HTMLTextAreaElement).value).toBe('It adds each.');
    expect(one(node, '.jp-tutor-explanation [role=status]').textContent).toContain('Try later.');
  });

  it('it stays open to be explained also once the answer is right', async () => {
    const { node } = await hints({ hints: [rung(5)], ladder: asks, passed: true });
    expect(node.querySelector('article textarea')).not.toBeNull();
  });
});

describe('the consent', () => {
  it('is asked for with the first hint and not before, and says everything', async () => {
    const { node, fake, session } = await hints({}, { asks: true });
    expect(fake.consent).toHaveBeenCalledTimes(1);
    expect(node.textContent).not.toContain('May a model');
    fake.hint.mockResolvedValue(help({ hint: rung(1), hints: [rung(1)] }));
    await act(() => session.hint());
    const panel = one(node, '.jp-tutor-consent-ask');
    expect(document.getElementById(panel.getAttribute('aria-labelledby') ?? '')?.textContent).toBe(
      'May a model read your work?'
    );
    expect([...panel.querySelectorAll('li')].map(each => each.textContent)).toEqual([
      'Sent: your code.',
      'To whom: api.example.com.',
      'Never: your name.',
      'You can say no at any time.'
    ]);
  });

  it('is given, taken back and given again, each with the version that was read', async () => {
    const { node, fake } = await hints({ hints: [rung(1)] }, { asks: true });
    fake.saveConsent.mockImplementation((_course, given) =>
      Promise.resolve(consent({ given, version: 3, must_ask: false }))
    );
    await click(button(node, 'I agree'));
    expect(node.textContent).toContain('AI help: on');
    expect(document.activeElement).toBe(button(node, 'Turn off'));
    await click(button(node, 'Turn off'));
    expect(node.textContent).toContain('AI help: off');
    await click(button(node, 'Turn on…'));
    expect(node.textContent).toContain('May a model read your work?');
    await click(button(node, 'Not now'));
    expect(node.textContent).toContain('AI help: off');
    expect(fake.saveConsent.mock.calls.map(call => call.slice(0, 3))).toEqual([
      ['python', true, 3],
      ['python', false, 3],
      ['python', false, 3]
    ]);
  });

  it('is no question where there is no model', async () => {
    const { node, fake, session } = await hints({ hints: [rung(1)] });
    fake.consent.mockResolvedValue(consent({ must_ask: false }));
    await act(() => session.hint());
    expect(node.querySelector('.jp-tutor-consent')).toBeNull();
  });

  it('tells what could not be stored, and asks on', async () => {
    const { node, fake } = await hints({ hints: [rung(1)] }, { asks: true });
    fake.saveConsent.mockRejectedValue(refused('x', 'The text has changed.'));
    await click(button(node, 'I agree'));
    expect(one(node, '.jp-tutor-consent').textContent).toContain('The text has changed.');
    expect(button(node, 'I agree')).toBeDefined();
  });

  it('is read once for all cards of a course, and anew in another language', async () => {
    const { fake, client } = fakeClient();
    const consents = new Consents(client);
    expect(consents.get('python')).toBe(consents.get('python'));
    await Promise.all([consents.get('python').load(), consents.get('python').load()]);
    expect(fake.consent).toHaveBeenCalledTimes(1);
    fake.languageChanged.emit();
    expect(fake.consent).toHaveBeenCalledTimes(2);
  });

  it('is read again by the next card when the tutor was away', async () => {
    const { fake, client } = fakeClient();
    const of = new Consents(client).get('python');
    fake.consent.mockRejectedValueOnce(away());
    await of.load();
    expect(of.state).toBeNull();
    await of.load();
    expect(of.state?.must_ask).toBe(true);
  });
});
