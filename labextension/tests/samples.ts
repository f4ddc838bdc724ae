/** Replies as the server gives them, to be changed where a test needs it. */

import type {
  Attempt,
  Consent,
  Conversations,
  Course,
  Exercise,
  HelpGiven,
  Hint,
  Ladder,
  Message,
  Question,
  Submission,
  TestResult,
  Verdict
} from '../src/api/types';

export const REVISION = 'a'.repeat(64);

export function result(change: Partial<TestResult> = {}): TestResult {
  return {
    name: 'adds',
    visibility: 'public',
    outcome: 'passed',
    points: 1,
    earned: 1,
    called: '',
    expected: '',
    got: '',
    difference: '',
    message: '',
    error: null,
    stdout: '',
    seconds: 0.01,
    memory_mb: null,
    weaker: false,
    ...change
  };
}

export function verdict(...results: TestResult[]): Verdict {
  const passed = results.filter(({ outcome }) => outcome === 'passed').length;
  return {
    score: results.length ? passed / results.length : 0,
    passed: passed === results.length,
    passed_tests: passed,
    total_tests: results.length,
    summary: `${passed} of ${results.length} tests pass.`,
    cells: [],
    results
  };
}

export function attempt(change: Partial<Attempt> = {}): Attempt {
  return {
    id: 'attempt-1',
    exercise: 'sum-up',
    status: 'graded',
    position: null,
    estimate_seconds: null,
    reused: false,
    verdict: verdict(result()),
    message: '',
    created_at: '2026-01-02T10:00:00Z',
    finished_at: '2026-01-02T10:00:01Z',
    ...change
  };
}

export function submission(change: Partial<Submission> = {}): Submission {
  return {
    id: 'submission-1',
    exercise: 'sum-up',
    number: 1,
    status: 'graded',
    position: null,
    estimate_seconds: null,
    score: 1,
    points_earned: 3,
    points_lost: 0,
    points_possible: 3,
    cells: [],
    responses: {},
    evaluations: [
      {
        id: 'evaluation-1',
        evaluator: 'tests',
        score: 1,
        verdict: verdict(result()),
        criteria: [],
        reused: false,
        feedback: '',
        created_at: '2026-01-02T11:00:01Z'
      }
    ],
    review: null,
    message: '',
    submitted_at: '2026-01-02T11:00:00Z',
    ...change
  };
}

export function hint(change: Partial<Hint> = {}): Hint {
  return {
    id: 'hint-1',
    level: 1,
    level_name: 'nudge',
    source: 'author',
    text: 'What is added first?',
    language: 'en',
    created_at: '2026-01-02T10:30:00Z',
    cost: 0,
    feedback: null,
    explanation: null,
    ...change
  };
}

export function question(change: Partial<Question> = {}): Question {
  return {
    id: 'q1',
    type: 'single',
    text: 'Which is a list?',
    points: 1,
    choices: [
      { id: 'a', text: '[1]' },
      { id: 'b', text: '(1,)' }
    ],
    ...change
  };
}

export function exercise(change: Partial<Exercise> = {}): Exercise {
  return {
    slug: 'sum-up',
    course: 'python',
    lesson: 'loops',
    title: 'Sum up',
    prompt: 'Add them.',
    language: 'en',
    kind: 'coding',
    topic: 'loops',
    difficulty: 2,
    points: 3,
    public_tests: 2,
    secret_tests: 1,
    revision: REVISION,
    revision_number: 1,
    answer_cells: ['answer'],
    starters: [{ id: 'answer', source: 'pass' }],
    questions: [],
    due_at: null,
    closed: '',
    attempts: 0,
    submissions: 0,
    max_submissions: null,
    best_score: null,
    passed: false,
    last_attempt: null,
    last_submission: null,
    hints: [],
    ladder: ladder(),
    ...change
  };
}

export function ladder(change: Partial<Ladder> = {}): Ladder {
  return {
    next_level: 1,
    reason: '',
    opens_at: null,
    deepest: 4,
    waits_for: null,
    cost: 0,
    hints_left: null,
    exam: false,
    to_explain: null,
    explain: '',
    twin: null,
    lesson: null,
    ...change
  };
}

export function help(change: Partial<HelpGiven> = {}): HelpGiven {
  return { hint: null, hints: [], ladder: ladder(), note: '', ...change };
}

export function consent(change: Partial<Consent> = {}): Consent {
  return {
    given: null,
    version: null,
    at: null,
    must_ask: true,
    text: {
      version: 3,
      question: 'May a model read your work?',
      sent: 'Sent: your code.',
      recipient: 'To whom: api.example.com.',
      never: 'Never: your name.',
      revoke: 'You can say no at any time.',
      conversations: 'Instructors do not read it.'
    },
    model: true,
    chat: false,
    cloud: true,
    conversations_visible: false,
    quota_message: '',
    quota_used_up: false,
    quota_renews_at: null,
    ...change
  };
}

export function message(change: Partial<Message> = {}): Message {
  return {
    id: 'message-1',
    speaker: 'tutor',
    source: 'model',
    text: 'What is added **first**?',
    language: 'en',
    hint_level: 1,
    created_at: '2026-01-02T10:30:00Z',
    ...change
  };
}

export function conversations(
  messages: Message[] = [],
  chat: Partial<NonNullable<Conversations['chat']>> = {}
): Conversations {
  return {
    conversations: messages.length > 0 ? [{ exercise: 'sum-up', messages }] : [],
    told: 'It is yours alone.',
    chat: { closed: null, message: '', ...chat }
  };
}

export function course(change: Partial<Course> = {}): Course {
  return {
    slug: 'python',
    title: 'Python',
    language: 'en',
    languages: ['en'],
    role: 'learner',
    topics: [],
    lessons: [],
    next: null,
    points_earned: 0,
    points_possible: 3,
    exercises: 1,
    passed: 0,
    ...change
  };
}
