import { act } from 'react';
import { Widget } from '@lumino/widgets';
import { describe, expect, it, onTestFinished, vi } from 'vitest';

import { TutorError } from '../../src/api/client';
import type { Usage } from '../../src/api/types';
import { Teaching } from '../../src/instructor/teaching';
import { TeachingWidget } from '../../src/instructor/teachingwidget';
import { fakeClient } from '../fakes';
import { button, click, one, rendermime, trans } from '../render';
import { said } from './samples';

const sum = (key: string, label: string, change: Partial<Usage['total']> = {}) => ({
  key,
  label,
  calls: 2,
  unsuccessful: 1,
  input: 1000,
  cache_write: 0,
  cache_read: 3000,
  output: 50,
  cache_share: 0.75,
  cost: '0.5',
  ...change
});

const usage = (change: Partial<Usage> = {}): Usage => ({
  by: 'learner',
  sums: [sum('p', 'Ada'), sum('', '', { cost: '0.00001' })],
  total: sum('', '', { cost: '0.50001', calls: 4 }),
  budget: {
    course_month: '2',
    spent: '1.7',
    left: '0.3',
    soft: true,
    used_up: false,
    renews_at: '2026-02-01T00:00:00Z',
    learner_day: null,
    learner_month: '0.1'
  },
  ...change
});

const person = { id: 'p', name: 'Ada', accounts: ['ada'], role: 'learner' };

async function widget(answers: Record<string, unknown> = {}, role = 'instructor') {
  const { fake, client } = fakeClient();
  const listed = { slug: 'python', title: 'Python', languages: ['en'], exercises: 1, passed: 0 };
  fake.courses.mockResolvedValue({ courses: [{ ...listed, role: role as 'instructor' }] });
  const replies: Record<string, unknown> = {
    people: { people: [person] },
    usage: usage(),
    'hint-settings': { settings: [] },
    'hint-feedback': { exercises: [] },
    ...answers
  };
  const get = vi.fn((path: string, _query?: Record<string, string>) => {
    const reply = replies[path.split('/').slice(2).join('/')];
    return reply instanceof Error ? Promise.reject(reply) : Promise.resolve(reply);
  });
  const put = vi.fn((_path: string, _key: string, _body: unknown) =>
    Promise.resolve(replies['hint-settings'])
  );
  const path = (...parts: string[]): string => parts.join('/');
  const made = new TeachingWidget(new Teaching(Object.assign(client, { get, put, path })), {
    rendermime,
    trans
  });
  await act(async () => {
    Widget.attach(made, document.body);
    await Promise.resolve();
  });
  await act(() =>
    vi.waitFor(() => {
      expect(made.node.textContent).not.toContain('Loading…');
    })
  );
  onTestFinished(async () => {
    await act(async () => {
      made.dispose();
      await Promise.resolve();
    });
  });
  return { made, node: made.node, get, put, replies };
}

async function choose(node: HTMLElement, label: string, value: string): Promise<void> {
  const named = [...node.querySelectorAll('label')].find(each => each.textContent === label);
  const select = one(node, `[id="${named?.htmlFor ?? ''}"]`) as HTMLSelectElement;
  await act(async () => {
    select.value = value;
    select.dispatchEvent(new Event('change', { bubbles: true }));
    await Promise.resolve();
  });
}

const texts = (node: ParentNode, selector: string): (string | null)[] =>
  [...node.querySelectorAll(selector)].map(each => each.textContent);

describe('what instructors see', () => {
  it('is nothing but a sentence for whoever teaches no course', async () => {
    const { node, get } = await widget({}, 'learner');
    expect(one(node, '[role=status]').textContent).toContain('jupyter tutor role');
    expect(get).not.toHaveBeenCalled();
  });

  it('ends what goes on by itself when it is closed', async () => {
    const { made } = await widget();
    const { reviews } = made.teaching.room('python');
    expect(reviews.isDisposed).toBe(false);
    await act(async () => {
      made.dispose();
      await Promise.resolve();
    });
    expect(reviews.isDisposed).toBe(true);
  });

  it('has tabs that belong to what they show, one of them in the order of the keyboard', async () => {
    const { node } = await widget();
    const tabs = [...node.querySelectorAll<HTMLElement>('[role=tab]')];
    expect(tabs.map(({ textContent }) => textContent)).toEqual([
      'Usage',
      'Reviews',
      'Settings of help',
      'Opinions on hints',
      'Conversations'
    ]);
    expect(tabs.map(({ tabIndex }) => tabIndex)).toEqual([0, -1, -1, -1, -1]);
    for (const tab of tabs) {
      const panel = one(node, `[id="${tab.getAttribute('aria-controls') ?? ''}"]`);
      expect(panel.getAttribute('aria-labelledby')).toBe(tab.id);
      expect(panel.hidden).toBe(tab.getAttribute('aria-selected') !== 'true');
    }
    await act(async () => {
      tabs[0]?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft', bubbles: true }));
      await Promise.resolve();
    });
    expect(document.activeElement?.textContent).toBe('Conversations');
    expect(one(node, '[aria-selected=true]').textContent).toBe('Conversations');
  });
});

describe('usage', () => {
  it('is totals, a budget and a table', async () => {
    const { node } = await widget();
    expect(texts(node, '.jp-tutor-tiles strong')).toEqual(['$0.5000', '4', '4,000', '75%', '50']);
    expect(one(node, '[role=meter]').getAttribute('aria-valuenow')).toBe('85');
    const budget = one(node, '.jp-tutor-budget').textContent;
    expect(budget).toContain('$1.7000 of $2.00 spent, $0.3000 left.');
    expect(budget).toContain('More than 80% is gone');
    expect(budget).toContain('Each learner: at most $0.10 a month.');
    expect(texts(node, 'tbody th')).toEqual(['Ada', 'Somebody who was erased']);
    expect(texts(node, 'tbody td:nth-child(2)')).toEqual(['$0.5000', '< $0.0001']);
    expect(texts(node, 'tfoot th')).toEqual(['Total']);
    expect(one(node, 'tbody td').className).toBe('jp-tutor-figure');
  });

  it('is asked for by period and kind, and sorted by what is pressed', async () => {
    const { node, get } = await widget();
    await choose(node, 'Period', 'all');
    expect(get).toHaveBeenLastCalledWith('courses/python/usage', { by: 'learner' });
    await choose(node, 'Added up by', 'purpose');
    expect(get).toHaveBeenLastCalledWith('courses/python/usage', { by: 'purpose' });
    await click(button(node, 'Cost ($)'));
    expect(one(node, '[aria-sort]').getAttribute('aria-sort')).toBe('descending');
    await click(button(node, 'Cost ($)'));
    expect(one(node, '[aria-sort]').getAttribute('aria-sort')).toBe('ascending');
    expect(texts(node, 'tbody td:nth-child(2)')).toEqual(['< $0.0001', '$0.5000']);
  });

  it('says in words that there is none, and that there is no limit', async () => {
    const budget = { ...usage().budget, course_month: null, left: null, soft: false };
    const { node } = await widget({ usage: usage({ sums: [], budget }) });
    expect(node.querySelector('table')).toBeNull();
    expect(node.textContent).toContain('No language model was called in this period.');
    expect(node.textContent).toContain('The course as a whole has no limit.');
  });

  it('says why it is not there, and tries again', async () => {
    const { node, replies } = await widget({ usage: new TutorError('x', 'It is away.', 503) });
    expect(one(node, '[role=alert]').textContent).toContain('It is away.');
    replies.usage = usage();
    await click(button(node, 'Try again'));
    expect(node.querySelector('[role=alert]')).toBeNull();
    expect(texts(node, 'tfoot th')).toEqual(['Total']);
  });
});

describe('settings of help', () => {
  it('say what is inherited, and are saved as a whole', async () => {
    const { node, put } = await widget({
      'hint-settings': { settings: [said({ chat: false }), said({ exam: true }, { learner: 'p' })] }
    });
    await click(button(node, 'Settings of help'));
    await choose(node, 'For', 'learner');
    expect(one(node, 'form h3').textContent).toBe('Help for Ada');
    const form = one(node, 'form');
    expect(form.textContent).toContain('Nothing said here (as the course says: no)');
    expect(form.textContent).not.toContain('Instructors read conversations');
    expect(button(node, 'Save').getAttribute('aria-disabled')).toBe('true');
    await choose(node, 'Exam', 'no');
    expect(form.textContent).toContain('Not saved yet.');
    await click(button(node, 'Save'));
    const [path, , body] = put.mock.calls[0] ?? [];
    expect(path).toBe('courses/python/learners/p/hint-settings');
    expect(body).toMatchObject({ exam: false, chat: null, costs: null });
  });
});

describe('conversations', () => {
  it('are asked for one learner at a time, and refused in words', async () => {
    const { node, replies } = await widget({
      'learners/p/conversations': new TutorError('not_allowed', 'They are their own.', 403)
    });
    await click(button(node, 'Conversations'));
    await choose(node, 'Learner', 'p');
    expect(one(node, '.jp-tutor-tabpanel:not([hidden]) [role=alert]').textContent).toContain(
      'They are their own.'
    );
    const message = { id: 'm', language: 'en', hint_level: 1, created_at: '2026-01-02T10:00:00Z' };
    replies['learners/p/conversations'] = {
      told: '',
      chat: null,
      conversations: [
        {
          exercise: 'sum-up',
          messages: [
            { ...message, speaker: 'learner', source: null, text: 'Why?' },
            { ...message, id: 'n', speaker: 'tutor', source: 'model', text: 'Look again.' }
          ]
        }
      ]
    };
    await click(button(node, 'Try again'));
    const lines = texts(node, '.jp-tutor-talk li');
    expect(lines[0]).toMatch(/^Learner.*Why\?$/);
    expect(lines[1]).toMatch(/^Tutor AI.*Look again\.$/);
  });
});
