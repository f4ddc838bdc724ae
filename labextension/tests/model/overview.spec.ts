import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { Course } from '../../src/api/types';
import { Overview } from '../../src/model/overview';
import type { Channel } from '../../src/model/sessions';
import { TutorSessions } from '../../src/model/sessions';
import { away, fakeClient, refused } from '../fakes';
import { attempt, course, exercise } from '../samples';

function begin() {
  const { fake, client } = fakeClient();
  const sessions = new TutorSessions(client);
  return { fake, client, sessions, overview: new Overview(client, sessions) };
}

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('the overview', () => {
  it('reads the courses and shows the first', async () => {
    const { overview } = begin();
    await overview.refresh();
    expect(overview.state).toMatchObject({
      loading: false,
      problem: '',
      course: { slug: 'python' }
    });
  });

  it('shows the course that was chosen', async () => {
    const { fake, overview } = begin();
    const listed = { title: '', languages: [], role: null, exercises: 0, passed: 0 };
    fake.courses.mockResolvedValue({
      courses: [
        { slug: 'python', ...listed },
        { slug: 'maths', ...listed }
      ]
    });
    fake.course.mockImplementation(slug => Promise.resolve(course({ slug })));
    await overview.choose('maths');
    expect(overview.state.course?.slug).toBe('maths');
    await overview.refresh();
    expect(overview.state.course?.slug).toBe('maths');
  });

  it('follows the notebook in front, and keeps to the course it shows when others come', async () => {
    const { fake, client, sessions } = begin();
    const kept = { slug: '' };
    const last = {
      get: () => kept.slug,
      set: (slug: string) => {
        kept.slug = slug;
      }
    };
    const overview = new Overview(client, sessions, last);
    const listed = (...slugs: string[]) => ({
      courses: slugs.map(slug => ({
        slug,
        title: '',
        languages: [],
        role: null,
        exercises: 0,
        passed: 0
      }))
    });
    fake.courses.mockResolvedValue(listed('python'));
    fake.course.mockImplementation(slug => Promise.resolve(course({ slug })));
    const shown = async (of: Overview): Promise<string | undefined> => {
      await vi.advanceTimersByTimeAsync(0);
      return of.state.course?.slug;
    };
    await overview.refresh();
    fake.courses.mockResolvedValue(listed('algebra', 'python'));
    await overview.refresh();
    expect(await shown(overview)).toBe('python');
    overview.follow('algebra');
    expect(await shown(overview)).toBe('algebra');
    // What is no lesson changes nothing, and what was chosen by hand stays.
    overview.follow(null);
    expect(await shown(overview)).toBe('algebra');
    await overview.choose('python');
    overview.follow('algebra');
    expect(await shown(overview)).toBe('python');
    // The page is loaded again.
    const reloaded = new Overview(client, sessions, last);
    fake.courses.mockResolvedValue(listed('algebra', 'python'));
    await reloaded.refresh();
    expect(await shown(reloaded)).toBe('python');
  });

  it('has no course where none is published', async () => {
    const { fake, overview } = begin();
    fake.courses.mockResolvedValue({ courses: [] });
    await overview.refresh();
    expect(overview.state).toMatchObject({ course: null, loading: false });
    expect(fake.course).not.toHaveBeenCalled();
  });

  it('moves when a run settles or the language changes, once it has been looked at', async () => {
    const { fake, client, sessions, overview } = begin();
    fake.check.mockResolvedValue(attempt());
    const session = sessions.get('python', 'sum-up');
    await vi.advanceTimersByTimeAsync(0);
    await session.check({ revision: null, cells: [], responses: {} });
    expect(fake.courses).not.toHaveBeenCalled();
    await overview.refresh();
    await session.check({ revision: null, cells: [], responses: {} });
    expect(fake.courses).toHaveBeenCalledTimes(2);
    client.languageChanged.emit();
    expect(fake.courses).toHaveBeenCalledTimes(3);
  });

  it('takes the answer to the latest question, however late an earlier one comes', async () => {
    const { fake, overview } = begin();
    let late: (course: Course) => void = () => undefined;
    fake.course.mockReturnValueOnce(new Promise(done => (late = done)));
    const first = overview.refresh();
    await vi.advanceTimersByTimeAsync(0);
    fake.course.mockResolvedValueOnce(course({ passed: 1 }));
    await overview.refresh();
    late(course({ passed: 0 }));
    await first;
    expect(overview.state.course?.passed).toBe(1);
  });

  it('tries again by itself, ever more slowly, while the tutor is away', async () => {
    const { fake, overview } = begin();
    fake.courses.mockRejectedValue(away());
    await overview.refresh();
    expect(overview.state.problem).not.toBe('');
    await vi.advanceTimersByTimeAsync(60_000);
    // After 1, 2, 4 and then 5 seconds.
    expect(fake.courses).toHaveBeenCalledTimes(14);
    fake.courses.mockResolvedValue({ courses: [] });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(overview.state.problem).toBe('');
  });

  it('asks at once when somebody looks, and only where it waits', async () => {
    const { fake, overview } = begin();
    overview.hurry();
    expect(fake.courses).not.toHaveBeenCalled();
    fake.courses.mockRejectedValue(away());
    await overview.refresh();
    fake.courses.mockResolvedValue({ courses: [] });
    overview.hurry();
    await vi.advanceTimersByTimeAsync(0);
    expect(overview.state.problem).toBe('');
    overview.hurry();
    expect(fake.courses).toHaveBeenCalledTimes(2);
  });

  it('keeps what it shows, and does not insist when it was refused', async () => {
    const { fake, overview } = begin();
    await overview.refresh();
    fake.courses.mockRejectedValue(refused());
    await overview.refresh();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(overview.state).toMatchObject({ course: { slug: 'python' }, problem: 'It is closed.' });
    expect(fake.courses).toHaveBeenCalledTimes(2);
  });

  it('is quiet once disposed', async () => {
    const { fake, client, overview } = begin();
    fake.courses.mockRejectedValue(away());
    await overview.refresh();
    overview.dispose();
    client.languageChanged.emit();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(fake.courses).toHaveBeenCalledTimes(1);
  });
});

/** The tabs of one browser, as far as a channel between them goes. */
function twoTabs() {
  const ears: ((event: MessageEvent) => void)[] = [];
  return [0, 1].map(own => {
    const channel = {
      addEventListener: (_type: string, hear: (event: MessageEvent) => void) => {
        ears[own] = hear;
      },
      postMessage: (data: unknown) => {
        ears.forEach((hear, other) => {
          if (other !== own) {
            hear(new MessageEvent('message', { data }));
          }
        });
      }
    } as Channel;
    const { fake, client } = fakeClient();
    const sessions = new TutorSessions(client, channel);
    return { fake, sessions, channel, overview: new Overview(client, sessions) };
  }) as [Tab, Tab];
}

interface Tab {
  fake: ReturnType<typeof fakeClient>['fake'];
  sessions: TutorSessions;
  channel: Channel;
  overview: Overview;
}

describe('two tabs', () => {
  it('see what is done in the other one, once', async () => {
    const [here, there] = twoTabs();
    const session = here.sessions.get('python', 'sum-up');
    const other = there.sessions.get('python', 'sum-up');
    await there.overview.refresh();
    await vi.advanceTimersByTimeAsync(0);
    const [asked, listed] = [there.fake.exercise, there.fake.courses].map(
      ({ mock }) => mock.calls.length
    ) as [number, number];
    there.fake.exercise.mockResolvedValue(exercise({ submissions: 1 }));
    await session.submit({ revision: null, cells: [], responses: {} });
    await vi.advanceTimersByTimeAsync(0);
    expect(other.state.facts?.submissions).toBe(1);
    expect(there.fake.exercise).toHaveBeenCalledTimes(asked + 1);
    expect(there.fake.courses).toHaveBeenCalledTimes(listed + 1);
    // Whoever was told does not tell again.
    expect(here.fake.exercise).toHaveBeenCalledTimes(2);
  });

  it('ask for no exercise that they do not show, and make nothing of other words', async () => {
    const [here, there] = twoTabs();
    await here.sessions.get('python', 'sum-up').load();
    here.channel.postMessage('reload');
    here.channel.postMessage(null);
    await here.sessions.get('python', 'sum-up').check({ revision: null, cells: [], responses: {} });
    await vi.advanceTimersByTimeAsync(0);
    expect(there.fake.exercise).not.toHaveBeenCalled();
    expect(there.fake.courses).not.toHaveBeenCalled();
  });
});

describe('the sessions of a page', () => {
  it('are one for each exercise of a course', () => {
    const { sessions } = begin();
    const session = sessions.get('python', 'sum-up');
    expect(sessions.get('python', 'sum-up')).toBe(session);
    expect(sessions.get('maths', 'sum-up')).not.toBe(session);
  });

  it('read anew when the language changes', async () => {
    const { fake, client, sessions } = begin();
    sessions.get('python', 'sum-up');
    await vi.advanceTimersByTimeAsync(0);
    client.languageChanged.emit();
    await vi.advanceTimersByTimeAsync(0);
    expect(fake.exercise).toHaveBeenCalledTimes(2);
  });
});
