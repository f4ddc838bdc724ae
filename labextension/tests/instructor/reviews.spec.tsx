import { Dialog, showDialog } from '@jupyterlab/apputils';
import { act } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { TutorError } from '../../src/api/client';
import type { TeachingClient } from '../../src/api/teaching';
import { beginning, differs, points, toRelease, undecided } from '../../src/instructor/decisions';
import { ReviewDesk } from '../../src/instructor/reviewdesk';
import { ReviewsView } from '../../src/instructor/reviews';
import { button, click, one, rendermime, show, trans, write } from '../render';
import { release, review, reviews, reviewSummary } from './samples';

vi.mock('@jupyterlab/apputils', async original => ({
  ...(await original<object>()),
  showDialog: vi.fn()
}));

afterEach(() => {
  vi.mocked(showDialog).mockReset();
  vi.useRealTimers();
});

/** Has the next dialog answered. */
function answer(accept: boolean): void {
  const button = accept ? Dialog.okButton() : Dialog.cancelButton();
  vi.mocked(showDialog).mockResolvedValueOnce({ button, isChecked: null, value: null });
}

/** Something that is answered later. */
function later<T>() {
  let resolve: (value: T) => void = () => undefined;
  let reject: (reason: Error) => void = () => undefined;
  const promise = new Promise<T>((done, failed) => {
    resolve = done;
    reject = failed;
  });
  return { promise, resolve, reject };
}

const settled = (change: () => void): Promise<void> =>
  act(async () => {
    change();
    await Promise.resolve();
  });

async function shown(first = review(), queue = reviews()) {
  const client = {
    reviews: vi.fn<TeachingClient['reviews']>().mockResolvedValue(queue),
    review: vi.fn<TeachingClient['review']>().mockResolvedValue(first),
    release: vi.fn<TeachingClient['release']>(),
    read: vi.fn<TeachingClient['read']>(),
    releaseUndoubted: vi.fn<TeachingClient['releaseUndoubted']>(),
    collect: vi.fn<TeachingClient['collect']>()
  };
  const desk = new ReviewDesk(client as unknown as TeachingClient);
  const { host } = await show(<ReviewsView desk={desk} rendermime={rendermime} trans={trans} />);
  return { client, desk, host };
}

async function opened(...given: Parameters<typeof shown>) {
  const all = await shown(...given);
  await click(button(all.host, 'Ada'));
  return all;
}

const levels = (host: ParentNode): (number | null)[] =>
  [...host.querySelectorAll('.jp-tutor-criterion')].map(criterion => {
    const chosen = [...criterion.querySelectorAll('input')].findIndex(({ checked }) => checked);
    return chosen < 0 ? null : chosen;
  });

const pick = (host: ParentNode, criterion: number, level: number): Promise<void> => {
  const fields = [...host.querySelectorAll('.jp-tutor-criterion')][criterion];
  return click(fields?.querySelectorAll('input')[level] as HTMLElement);
};

describe('decisions', () => {
  it('begin with the draft, and with the last release once there is one', () => {
    expect(beginning(review()).levels).toEqual({ names: 1 });
    const anew = review({ releases: [release([0, 1]), release([2, 2], 'Well done.')] });
    expect(beginning(anew)).toEqual({
      levels: { names: 2, shape: 2 },
      reasons: {},
      comments: { names: 'Say more.' },
      comment: 'Well done.'
    });
  });

  it('need a level for each criterion, and a reason where the draft said another', () => {
    const given = review();
    const decided = { ...beginning(given), levels: { names: 2, shape: 0 } };
    expect(undecided(given, beginning(given))).toEqual(['shape']);
    expect(undecided(given, decided)).toEqual(['names']);
    expect([differs(given, decided, 'names'), differs(given, decided, 'shape')]).toEqual([
      true,
      false
    ]);
    const reasoned = { ...decided, reasons: { names: 'It does.', shape: 'needless' } };
    expect(undecided(given, reasoned)).toEqual([]);
    expect(points(given, reasoned)).toBe(2);
    expect(toRelease(given, reasoned)).toEqual({
      levels: { names: 2, shape: 0 },
      reasons: { names: 'It does.' },
      comments: {},
      comment: '',
      releases: 0,
      draft: 'reading-1'
    });
  });
});

describe('the review queue', () => {
  it('tells who waits, where each stands, and filters', async () => {
    const { host, client } = await shown();
    const cells = [...host.querySelectorAll('tbody tr > *')].map(each => each.textContent);
    expect(cells[0]).toBe('Ada');
    expect(cells.slice(3)).toEqual(['100%', 'Drafted 1 criterion in doubt']);
    const [exercise] = host.querySelectorAll('select');
    await act(async () => {
      if (exercise) {
        exercise.value = 'sum-up';
        exercise.dispatchEvent(new Event('change', { bubbles: true }));
      }
      await Promise.resolve();
    });
    expect(client.reviews).toHaveBeenLastCalledWith({ exercise: 'sum-up', status: '' });
  });

  it('has answers read, and tells the price and what was left out', async () => {
    const { host, client } = await shown();
    client.read.mockResolvedValue({
      mode: 'batch',
      begun: 2,
      already: 1,
      not_begun: [{ why: 'no_consent', told: 'They did not agree.', answers: 3 }],
      most_cost: '0.0123'
    });
    await click(button(host, 'As a batch, at half the price'));
    expect(client.read).toHaveBeenCalledWith('sum-up', 'batch');
    const told = one(host, '.jp-tutor-work [role=status]').textContent;
    expect(told).toContain('2 answers go into a batch, for $0.0123 at most');
    expect(told).toContain('3 answers: They did not agree.');
  });

  it('asks first, and releases just the drafts it counted', async () => {
    const [exercise] = reviews().exercises;
    const undoubted = ['review-1', 'review-3'];
    const queue = reviews({ exercises: exercise ? [{ ...exercise, undoubted }] : [] });
    const { host, client } = await shown(review(), queue);
    client.releaseUndoubted.mockResolvedValue({ released: 1, left: 2 });
    answer(false);
    await click(button(host, 'Release all 2 drafts without doubts'));
    expect(vi.mocked(showDialog).mock.calls[0]?.[0]?.body).toContain('2 drafts of “Sum up”');
    expect(client.releaseUndoubted).not.toHaveBeenCalled();
    answer(true);
    await click(button(host, 'Release all 2 drafts without doubts'));
    expect(client.releaseUndoubted).toHaveBeenCalledExactlyOnceWith('sum-up', undoubted);
    expect(one(host, '.jp-tutor-work [role=status]').textContent).toBe(
      '1 draft released. 2 answers are left to you.'
    );
  });

  it('offers no reading without a model, and no batch where there are none', async () => {
    const none = await shown(review(), reviews({ model: '', batches: false }));
    expect(none.host.textContent).toContain('every answer is for you to decide');
    expect(none.host.textContent).not.toContain('Draft by the model');
    const single = await shown(review(), reviews({ batches: false }));
    expect(single.host.textContent).toContain('Draft by the model now');
    expect(single.host.textContent).not.toContain('As a batch');
  });

  it('looks again by itself while something is being read', async () => {
    vi.useFakeTimers();
    const reading = reviews({ reviews: [reviewSummary({ status: 'reading', doubts: null })] });
    const { client } = await shown(review(), reading);
    client.reviews.mockResolvedValue(reviews());
    await act(() => vi.advanceTimersByTimeAsync(3000));
    expect(client.reviews).toHaveBeenCalledTimes(2);
    await act(() => vi.advanceTimersByTimeAsync(9000));
    expect(client.reviews).toHaveBeenCalledTimes(2);
  });

  it('looks ever more seldom while nothing comes, and no more once it is closed', async () => {
    vi.useFakeTimers();
    const reading = reviews({ reviews: [reviewSummary({ status: 'reading', doubts: null })] });
    const { client, desk } = await shown(review(), reading);
    await act(() => vi.advanceTimersByTimeAsync(600_000));
    const looks = client.reviews.mock.calls.length;
    expect(looks).toBeGreaterThan(20);
    expect(looks).toBeLessThan(28);
    // Something new gives hope.
    const other = reviewSummary({ id: 'review-2', status: 'reading', doubts: null });
    client.reviews.mockResolvedValue(reviews({ reviews: [other] }));
    await act(() => vi.advanceTimersByTimeAsync(30_000));
    expect(client.reviews.mock.calls.length).toBeGreaterThan(looks + 3);
    desk.dispose();
    const last = client.reviews.mock.calls.length;
    await act(() => vi.advanceTimersByTimeAsync(600_000));
    expect(client.reviews).toHaveBeenCalledTimes(last);
  });

  it('does not look again when it is closed while it looks', async () => {
    vi.useFakeTimers();
    const { client, desk } = await shown(review(), reviews({ reviews: [] }));
    const look = later<ReturnType<typeof reviews>>();
    client.reviews.mockReturnValue(look.promise);
    const done = desk.queue.refresh();
    desk.dispose();
    look.resolve(reviews({ reviews: [reviewSummary({ status: 'reading', doubts: null })] }));
    await act(() => done);
    const last = client.reviews.mock.calls.length;
    await act(() => vi.advanceTimersByTimeAsync(60_000));
    expect(client.reviews).toHaveBeenCalledTimes(last);
  });

  it('offers to ask for batches while one is under way, not for those that ended', async () => {
    const batch = (state: string): ReturnType<typeof reviews>['open_batches'][number] => ({
      id: `batch-${state}`,
      exercise: 'sum-up',
      state,
      answers: 2,
      most_cost: '0.01',
      begun_at: '2026-01-02T10:00:00Z',
      told: `It is ${state}.`
    });
    const ended = [batch('collected'), batch('lost'), batch('refused')];
    const none = await shown(review(), reviews({ open_batches: ended }));
    expect(none.host.textContent).toContain('It is lost.');
    expect(none.host.textContent).not.toContain('Ask for the batches now');
    for (const state of ['planned', 'handing_in', 'running']) {
      const open = await shown(review(), reviews({ open_batches: [...ended, batch(state)] }));
      expect(button(open.host, 'Ask for the batches now')).toBeTruthy();
    }
  });

  it('says so where no exercise has a rubric', async () => {
    const { host } = await shown(review(), reviews({ reviews: [], exercises: [] }));
    expect(host.textContent).toContain('No exercise of this course has a rubric.');
  });
});

describe('a review', () => {
  it('shows the draft with its evidence in the source and its doubts in words', async () => {
    const { host } = await opened();
    expect(levels(host)).toEqual([1, null]);
    const mark = one(host, 'mark');
    expect([mark.title, mark.firstChild?.textContent]).toEqual(['Evidence for: Names', 'def f(a)']);
    expect(one(mark, 'sup').textContent).toBe('1');
    const [names, shape] = host.querySelectorAll('.jp-tutor-aside');
    expect(names?.textContent).toContain('Draft: 1 point.');
    expect(names?.textContent).toContain('Line 1 def f(a)');
    expect(shape?.textContent).toBe('The draft leaves this to you.The readings disagree.');
    expect(one(host, '.jp-tutor-release').textContent).toContain('Still to decide: Shape.');
  });

  it('asks for a reason where it differs, and releases', async () => {
    const { host, client, desk } = await opened();
    await pick(host, 1, 2);
    expect(host.querySelector('textarea[required]')).toBeNull();
    await pick(host, 0, 0);
    const release_ = button(host, 'Release to the learner');
    expect(release_.getAttribute('aria-disabled')).toBe('true');
    await write(one(host, 'textarea[required]'), 'It is a single letter.');
    expect(release_.getAttribute('aria-disabled')).toBe('false');
    client.release.mockResolvedValue(review({ releases: [release([0, 2])] }));
    await click(release_);
    expect(client.release.mock.calls[0]?.slice(0, 2)).toEqual([
      'review-1',
      {
        levels: { names: 0, shape: 2 },
        reasons: { names: 'It is a single letter.' },
        comments: {},
        comment: '',
        releases: 0,
        draft: 'reading-1'
      }
    ]);
    expect(host.textContent).toContain('Released: the learner sees it now.');
    expect(host.textContent).toContain('2 points by Grace');
    expect(desk.queue.loading || client.reviews.mock.calls.length > 1).toBe(true);
  });

  it('keeps what was decided when that is refused, and says where', async () => {
    const { host, client } = await opened();
    await pick(host, 1, 2);
    client.release.mockRejectedValueOnce(
      new TutorError('invalid_input', 'Say why.', 422, { criterion: 'shape' })
    );
    await click(button(host, 'Release to the learner'));
    const [, shape] = host.querySelectorAll('.jp-tutor-criterion');
    expect(one(shape as HTMLElement, '[role=alert]').textContent).toBe('Say why.');
    expect(levels(host)).toEqual([1, 2]);
    client.release.mockRejectedValueOnce(new TutorError('conflict', 'Somebody else did.', 409));
    await click(button(host, 'Release to the learner'));
    expect(host.textContent).toContain('Not released: Somebody else did.');
    client.review.mockResolvedValue(review({ releases: [release([1, 1])] }));
    await click(button(host, 'Load it anew'));
    expect(levels(host)).toEqual([1, 2]);
    expect(one(host, 'textarea[required]')).toBeTruthy();
    expect(button(host, 'Release anew')).toBeTruthy();
  });

  it('keeps what was decided when a draft came meanwhile, and asks why it differs', async () => {
    const { host, client } = await opened(review({ draft: null }));
    await pick(host, 0, 0);
    await pick(host, 1, 2);
    const remarks = host.querySelectorAll('textarea');
    await write(remarks[0] as HTMLElement, 'Call it what it is.');
    client.release.mockRejectedValueOnce(new TutorError('conflict', 'A draft has come.', 409));
    await click(button(host, 'Release to the learner'));
    expect(client.release.mock.calls[0]?.[1].draft).toBeNull();
    client.review.mockResolvedValue(review());
    await click(button(host, 'Load it anew'));
    expect(levels(host)).toEqual([0, 2]);
    await write(one(host, 'textarea[required]'), 'It is a single letter.');
    client.release.mockResolvedValue(review({ releases: [release([0, 2])] }));
    await click(button(host, 'Release to the learner'));
    expect(client.release.mock.calls[1]?.[1]).toEqual({
      levels: { names: 0, shape: 2 },
      reasons: { names: 'It is a single letter.' },
      comments: { names: 'Call it what it is.' },
      comment: '',
      releases: 0,
      draft: 'reading-1'
    });
  });

  it('leaves the next page alone when the release of the last one is done', async () => {
    const { host, client, desk } = await opened();
    await pick(host, 1, 2);
    const releasing = later<ReturnType<typeof review>>();
    client.release.mockReturnValueOnce(releasing.promise);
    await click(button(host, 'Release to the learner'));
    const bob = reviewSummary({ id: 'review-2', learner_name: 'Bob' });
    client.review.mockResolvedValue(review({ review: bob }));
    await settled(() => void desk.open('review-2'));
    const looks = client.reviews.mock.calls.length;
    await settled(() => {
      releasing.resolve(review({ releases: [release([1, 2])] }));
    });
    expect(one(host, 'h3').textContent).toBe('Bob: Sum up');
    expect(host.textContent).not.toContain('the learner sees it now');
    expect(client.reviews.mock.calls.length).toBe(looks + 1);
  });

  it('tells in the queue what was refused after its page was left, and releases once', async () => {
    const { host, client, desk } = await opened();
    await pick(host, 1, 2);
    const releasing = later<ReturnType<typeof review>>();
    client.release.mockReturnValueOnce(releasing.promise);
    await click(button(host, 'Release to the learner'));
    await click(button(host, 'Back to the queue'));
    await click(button(host, 'Ada'));
    expect(host.textContent).toContain('Releasing…');
    await settled(() => void desk.release(review()));
    expect(client.release).toHaveBeenCalledOnce();
    await click(button(host, 'Back to the queue'));
    await settled(() => {
      releasing.reject(new TutorError('conflict', 'Somebody else did.', 409));
    });
    expect(one(host, '.jp-tutor-work [role=status]').textContent).toBe(
      'What you decided for Ada was not released: Somebody else did.'
    );
    await click(button(host, 'Ada'));
    expect(levels(host)).toEqual([1, 2]);
  });

  it('hides the draft of one that is checked blind, and compares afterwards', async () => {
    const blind = reviewSummary({ audited: true, no_draft: 'audited', doubts: null });
    const { host, client } = await opened(review({ review: blind, draft: null }));
    expect(levels(host)).toEqual([null, null]);
    expect(host.textContent).toContain('it is hidden until you have decided');
    expect(host.querySelector('mark')).toBeNull();
    await pick(host, 0, 1);
    await pick(host, 1, 1);
    client.release.mockResolvedValue(
      review({
        review: reviewSummary({ audited: true, status: 'released' }),
        releases: [release([1, 1])],
        agreement: { agreed: 1, of: 2, share: 0.5 }
      })
    );
    await click(button(host, 'Release to the learner'));
    expect(host.textContent).toContain('You decided 1 of 2 criteria as the draft did');
    await click(button(host, 'Back to the queue'));
    expect(one(host, 'table')).toBeTruthy();
  });

  it('can be left when it cannot be loaded', async () => {
    const { host, client } = await shown();
    client.review.mockRejectedValueOnce(new TutorError('not_found', 'It is gone.', 404));
    await click(button(host, 'Ada'));
    expect(one(host, '[role=alert]').textContent).toContain('It is gone.');
    await click(button(host, 'Back to the queue'));
    expect(one(host, 'table')).toBeTruthy();
  });
});
