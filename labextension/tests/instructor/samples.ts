/** Replies to instructors as the server gives them, to be changed where a test needs it. */

import type { Review, Reviews, ReviewSummary, Settings, StoredSettings } from '../../src/api/types';
import { NOTHING } from '../../src/instructor/drafts';

export function said(
  settings: Partial<Settings>,
  scope: { exercise?: string; learner?: string } = {}
): StoredSettings {
  return {
    settings: { ...NOTHING, ...settings },
    exercise: scope.exercise ?? null,
    learner: scope.learner ?? null,
    learner_name: '',
    updated_at: '2026-01-02T10:00:00Z'
  };
}

export function reviewSummary(change: Partial<ReviewSummary> = {}): ReviewSummary {
  return {
    id: 'review-1',
    learner: 'person-1',
    learner_name: 'Ada',
    exercise: 'sum-up',
    exercise_title: 'Sum up',
    number: 2,
    submitted_at: '2026-01-02T10:00:00Z',
    grading: 'graded',
    score: 1,
    status: 'drafted',
    no_draft: null,
    no_draft_told: '',
    doubts: 1,
    audited: false,
    undoubted: false,
    batch: false,
    releases: 0,
    released_at: null,
    ...change
  };
}

const criterion = (slug: string, title: string): Review['rubric'][number] => ({
  slug,
  title,
  question: `${title}?`,
  levels: [0, 1, 2].map(points => ({ points, description: `${title}, level ${points}` })),
  anchor: { level: 0, example: 'a = 1', reason: 'It says nothing.' }
});

export function review(change: Partial<Review> = {}): Review {
  return {
    review: reviewSummary(),
    kind: 'project',
    prompt: 'Add them.',
    cells: [{ id: 'answer', source: 'def f(a):\n    return a' }],
    responses: {},
    verdict: null,
    rubric: [criterion('names', 'Names'), criterion('shape', 'Shape')],
    rubric_points: 4,
    draft: {
      reading: 'reading-1',
      criteria: [
        { slug: 'names', level: 1, doubts: [], evidence: [{ line: 1, text: 'def f(a)' }] },
        { slug: 'shape', level: null, doubts: ['disagreement'], evidence: [] }
      ],
      read_source: 'def f(a):\n    return a',
      by: { endpoint: 'direct', model: 'a-model', prompt_hash: '', rubric_version: '' }
    },
    releases: [],
    agreement: null,
    newer: false,
    ...change
  };
}

export function release(levels: [number, number], comment = ''): Review['releases'][number] {
  const [names, shape] = levels;
  return {
    criteria: [
      { slug: 'names', level: names, points: names, comment: 'Say more.', reason: '' },
      { slug: 'shape', level: shape, points: shape, comment: '', reason: '' }
    ],
    comment,
    points: names + shape,
    by: 'Grace',
    at: '2026-01-03T10:00:00Z'
  };
}

export function reviews(change: Partial<Reviews> = {}): Reviews {
  return {
    reviews: [reviewSummary()],
    exercises: [
      {
        slug: 'sum-up',
        title: 'Sum up',
        waiting: 2,
        reading: 0,
        drafted: 1,
        undoubted: ['review-1'],
        released: 0
      }
    ],
    open_batches: [],
    agreement: { agreed: 0, of: 0, share: null },
    model: 'a-model',
    batches: true,
    ...change
  };
}
