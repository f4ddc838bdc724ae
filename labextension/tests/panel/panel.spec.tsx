import { act } from 'react';
import { Widget } from '@lumino/widgets';
import { describe, expect, it, onTestFinished, vi } from 'vitest';

import type { Course, CourseList, MyData } from '../../src/api/types';
import { Chats } from '../../src/model/chats';
import { Consents } from '../../src/model/consents';
import { DataDesk } from '../../src/model/datadesk';
import { Overview } from '../../src/model/overview';
import { TutorSessions } from '../../src/model/sessions';
import { TutorPanel } from '../../src/panel/panel';
import { fakeClient, refused } from '../fakes';
import { button, click, field, one, rendermime, trans, type } from '../render';
import { course, exercise } from '../samples';

const listed = (slug: string, title: string): CourseList['courses'][number] => ({
  slug,
  title,
  languages: ['en'],
  role: 'learner',
  exercises: 1,
  passed: 0
});

const summary = (slug: string, change: object = {}) => ({
  slug,
  title: `The ${slug}`,
  kind: exercise().kind,
  topic: 'loops',
  difficulty: 1,
  points: 1,
  due_at: null,
  attempts: 0,
  submissions: 0,
  best_score: null,
  passed: false,
  ...change
});

const topic = (change: Partial<Course['topics'][number]> = {}): Course['topics'][number] => ({
  slug: 'loops',
  title: 'Loops',
  description: 'Doing things again.',
  requires: [],
  estimate: 0.5,
  low: 0.25,
  high: 0.75,
  label: 'learning',
  episodes: 1,
  unlocked: true,
  reason: 'Passed 1 of 2.',
  exercises: 5,
  passed: 1,
  ...change
});

const full = (): Course =>
  course({
    exercises: 4,
    passed: 1,
    points_earned: 2.5,
    points_possible: 7,
    topics: [
      topic(),
      topic({ slug: 'new', title: 'New', label: 'new' }),
      topic({ slug: 'later', title: 'Later', label: 'new', unlocked: false })
    ],
    lessons: [
      {
        slug: 'first',
        title: 'The first lesson',
        exercises: [
          summary('a', { passed: true, best_score: 1 }),
          summary('b', { best_score: 0.669 }),
          summary('c', { attempts: 2 })
        ]
      },
      { slug: 'second', title: 'The second lesson', exercises: [summary('d')] }
    ],
    next: { exercise: 'd', lesson: 'second', title: 'The d', reason: 'A good place to begin.' }
  });

async function panel(shown: Course | null = full(), courses = [listed('python', 'Python')]) {
  const { fake, client } = fakeClient();
  fake.courses.mockResolvedValue({ courses });
  if (shown !== null) {
    fake.course.mockResolvedValue(shown);
  }
  const sessions = new TutorSessions(client);
  const overview = new Overview(client, sessions);
  const host = { open: vi.fn(), teach: vi.fn() };
  const chats = new Chats(client, sessions, new Consents(client));
  const forget = vi.fn();
  const data = { desk: new DataDesk(client, forget), save: vi.fn(), reload: vi.fn() };
  const chat = { chats, rendermime, confirm: vi.fn() };
  const widget = new TutorPanel(overview, host, chat, data, trans);
  await act(async () => {
    Widget.attach(widget, document.body);
    await Promise.resolve();
  });
  onTestFinished(async () => {
    await act(async () => {
      widget.dispose();
      overview.dispose();
      await Promise.resolve();
    });
  });
  return { fake, overview, host, data, forget, widget, node: widget.node };
}

async function loaded(...given: Parameters<typeof panel>) {
  const all = await panel(...given);
  await act(() => all.overview.refresh());
  return all;
}

describe('the panel', () => {
  it('says that the tutor starts, then what the learner has done', async () => {
    const { node, overview, fake } = await panel();
    let list: (courses: CourseList) => void = () => undefined;
    fake.courses.mockReturnValueOnce(new Promise(done => (list = done)));
    expect(one(node, '[role=status]').textContent).toBe('Starting the tutor…');
    let reading = Promise.resolve();
    await act(async () => {
      reading = overview.refresh();
      await Promise.resolve();
    });
    expect(one(node, '[role=status]').textContent).toBe('Starting the tutor…');
    await act(async () => {
      list({ courses: [listed('python', 'Python')] });
      await reading;
    });
    expect(node.textContent).toContain('1 of 4 exercises passed · 2.5 of 7 points');
    const bar = one(node, 'progress');
    expect([bar.getAttribute('value'), bar.getAttribute('max')]).toEqual(['1', '4']);
    expect(bar.getAttribute('aria-label')).toBe('Exercises passed');
  });

  it('opens what comes next', async () => {
    const { node, host } = await loaded();
    expect(one(node, '.jp-tutor-next').textContent).toContain('A good place to begin.');
    await click(button(node, 'Open exercise'));
    expect(host.open.mock.calls).toEqual([['python', 'second', 'd']]);
  });

  it('offers what instructors see to instructors alone', async () => {
    for (const role of ['learner', 'assistant', 'guardian'] as const) {
      const { node } = await loaded({ ...full(), role });
      expect(node.querySelector('.jp-tutor-teach')).toBeNull();
    }
    const { node, host } = await loaded({ ...full(), role: 'instructor' });
    await click(button(node, 'Teaching…'));
    expect(host.teach.mock.calls).toEqual([['python']]);
  });

  it('says so when nothing is left to do', async () => {
    const { node } = await loaded(course({ next: null, exercises: 0 }));
    expect(node.textContent).toContain('Well done!');
    expect(one(node, 'progress').getAttribute('max')).toBe('1');
  });

  it('opens any exercise, and says how the learner stands with it', async () => {
    const { node, host } = await loaded();
    const lines = [...node.querySelectorAll('.jp-tutor-outline li')];
    expect(lines.map(each => each.textContent)).toEqual([
      'The apassed',
      'The bbest 66%',
      'The cbegun',
      'The d'
    ]);
    const lessons = [...node.querySelectorAll<HTMLDetailsElement>('.jp-tutor-outline details')];
    expect(lessons.map(each => each.open)).toEqual([false, true]);
    expect(lessons.map(each => one(each, 'summary').textContent)).toEqual([
      'The first lesson1 of 3',
      'The second lesson0 of 1'
    ]);
    await click(button(node, 'The b'));
    expect(host.open).toHaveBeenCalledWith('python', 'first', 'b');
  });

  it('shows how well a topic is known in words, and no bar where nothing is known yet', async () => {
    const { node } = await loaded();
    const topics = [...node.querySelectorAll('.jp-tutor-topic')];
    expect(topics.map(each => one(each, '.jp-tutor-topic-word').textContent)).toEqual([
      'learning',
      'new',
      'later'
    ]);
    expect(topics.map(each => each.querySelector('[role=img]') !== null)).toEqual([
      true,
      false,
      false
    ]);
    expect(one(node, '[role=img]').getAttribute('aria-label')).toBe(
      'Mastery 50%, between 25% and 75%'
    );
    expect(one(node, '.jp-tutor-band').style.left).toBe('25%');
    expect(one(node, '.jp-tutor-band').style.width).toBe('50%');
  });

  it('lets several courses be chosen from, and says the title of one once', async () => {
    const single = await loaded();
    expect(single.node.querySelector('select')).toBeNull();
    expect(one(single.node, 'h2').className).toBe('');
    const { node, fake } = await loaded(full(), [
      listed('python', 'Python'),
      listed('maths', 'Mathematics')
    ]);
    const chooser = one(node, 'select') as HTMLSelectElement;
    expect(one(node, 'label').getAttribute('for')).toBe(chooser.id);
    expect([...chooser.options].map(each => each.text)).toEqual(['Python', 'Mathematics']);
    // For those who go from heading to heading.
    expect(one(node, 'h2').className).toBe('jp-tutor-hidden');
    fake.course.mockResolvedValue(course({ slug: 'maths', title: 'Mathematics' }));
    await act(async () => {
      chooser.value = 'maths';
      chooser.dispatchEvent(new Event('change', { bubbles: true }));
      await Promise.resolve();
    });
    expect(fake.course).toHaveBeenLastCalledWith('maths');
    expect(one(node, 'h2').textContent).toBe('Mathematics');
  });

  it('says how a course gets here when there is none', async () => {
    const { node } = await loaded(null, []);
    expect(one(node, '[role=status]').textContent).toContain('jupyter tutor publish');
  });

  it('keeps what it shows when the tutor is away, and tries again when told to', async () => {
    const { node, fake, overview } = await loaded();
    fake.courses.mockRejectedValueOnce(refused('internal', 'Something is wrong.'));
    await act(() => overview.refresh());
    expect(one(node, '[role=alert]').textContent).toContain('Something is wrong.');
    expect(node.textContent).toContain('1 of 4 exercises passed');
    await click(button(node, 'Try again'));
    expect(node.querySelector('[role=alert]')).toBeNull();
  });
});

describe('the data of a learner', () => {
  const stored = (change: Partial<MyData> = {}): MyData => ({
    display_name: 'Ada',
    confirm: 'Ada',
    accounts: ['ada'],
    courses: [],
    kinds: [
      { kind: 'submissions', count: 7 },
      { kind: 'messages', count: 0 }
    ],
    released_grades: 0,
    ...change
  });

  async function opened(change: Partial<MyData> = {}) {
    const all = await loaded();
    all.fake.myData.mockResolvedValue(stored(change));
    expect(all.fake.myData).not.toHaveBeenCalled();
    const details = one(all.node, 'details.jp-tutor-data') as HTMLDetailsElement;
    await act(async () => {
      details.open = true;
      details.dispatchEvent(new Event('toggle'));
      await Promise.resolve();
    });
    return { ...all, details };
  }

  it('are counted when somebody looks', async () => {
    const { details } = await opened();
    expect(details.textContent).toContain('stored of Ada');
    const rows = [...details.querySelectorAll('tr')].map(row => row.textContent);
    expect(rows).toEqual(['Answers you handed in7']);
  });

  it('are given as an archive', async () => {
    const { fake, data, details } = await opened();
    const archive = new Blob(['PK']);
    fake.myExport.mockResolvedValueOnce({ name: 'mine.zip', archive });
    await click(button(details, 'Download everything'));
    expect(data.save.mock.calls).toEqual([['mine.zip', archive]]);
    expect(one(details, '[role=status]').textContent).toBe('“mine.zip” is in your downloads.');
    fake.myExport.mockRejectedValueOnce(refused('limit_reached', 'One is being made.'));
    await click(button(details, 'Download everything'));
    expect(one(details, '[role=status]').textContent).toBe('One is being made.');
    expect(data.save).toHaveBeenCalledTimes(1);
  });

  it('are deleted once the name is typed, and no sooner', async () => {
    const { fake, forget, details, node } = await opened({ released_grades: 2 });
    await click(button(details, 'Delete everything…'));
    const form = one(details, 'form');
    expect(document.activeElement).toBe(field(form));
    expect(form.textContent).toContain('2 grades that an instructor released');
    expect(form.textContent).toContain('the notebooks in your files');
    const last = button(form, 'Delete for good');
    await type(field(form), 'ada');
    expect(last.getAttribute('aria-disabled')).toBe('true');
    await click(last);
    expect(fake.eraseMe).not.toHaveBeenCalled();
    await type(field(form), ' Ada ');
    expect(last.getAttribute('aria-disabled')).toBe('false');
    await click(last);
    expect(fake.eraseMe.mock.calls).toEqual([[' Ada ']]);
    expect(forget).toHaveBeenCalledTimes(1);
    expect(node.textContent).toContain('Everything that the tutor had stored of you is deleted.');
    expect(node.querySelector('.jp-tutor-chat, .jp-tutor-data')).toBeNull();
  });

  it('stay when that is refused, or taken back', async () => {
    const { fake, forget, details } = await opened();
    await click(button(details, 'Delete everything…'));
    await type(field(details), 'Ada');
    fake.eraseMe.mockRejectedValueOnce(refused('not_confirmed', 'Type your name.'));
    await click(button(details, 'Delete for good'));
    expect(one(details, '[role=status]').textContent).toBe('Type your name.');
    expect(forget).not.toHaveBeenCalled();
    await click(button(details, 'Cancel'));
    expect(details.querySelector('form')).toBeNull();
    expect(document.activeElement).toBe(button(details, 'Delete everything…'));
  });

  it('can be loaded anew when they are gone', async () => {
    const { data, details, node } = await opened();
    await click(button(details, 'Delete everything…'));
    await type(field(details), 'Ada');
    await click(button(details, 'Delete for good'));
    await click(button(node, 'Load the page again'));
    expect(data.reload).toHaveBeenCalledTimes(1);
  });
});
