import { Signal } from '@lumino/signaling';
import { vi } from 'vitest';

import type { TutorClient } from '../src/api/client';
import { TutorError } from '../src/api/client';
import type { Keep } from '../src/model/kept';
import { attempt, consent, conversations, course, exercise, help, submission } from './samples';

/** Keeps texts for as long as the test wants. */
export function fakeKeep() {
  const texts = new Map<string, string>();
  const keep: Keep = name => ({
    get: () => texts.get(name) ?? '',
    set: text => {
      texts.set(name, text);
    }
  });
  return { texts, keep };
}

/** A client whose methods a test answers itself; what it does not answer settles well at once. */
export function fakeClient() {
  const fake = {
    languageChanged: new Signal<object, void>({}),
    isolation: vi.fn<TutorClient['isolation']>().mockResolvedValue('namespaces'),
    courses: vi.fn<TutorClient['courses']>().mockResolvedValue({
      courses: [
        {
          slug: 'python',
          title: 'Python',
          languages: ['en'],
          role: 'learner',
          exercises: 1,
          passed: 0
        }
      ]
    }),
    course: vi.fn<TutorClient['course']>().mockResolvedValue(course()),
    exercise: vi.fn<TutorClient['exercise']>().mockResolvedValue(exercise()),
    check: vi.fn<TutorClient['check']>().mockResolvedValue(attempt()),
    awaitCheck: vi.fn<TutorClient['awaitCheck']>().mockResolvedValue(attempt()),
    submit: vi.fn<TutorClient['submit']>().mockResolvedValue(submission()),
    awaitSubmission: vi.fn<TutorClient['awaitSubmission']>().mockResolvedValue(submission()),
    hint: vi.fn<TutorClient['hint']>().mockResolvedValue(help()),
    rate: vi.fn<TutorClient['rate']>(),
    unrate: vi.fn<TutorClient['unrate']>().mockResolvedValue(undefined),
    explain: vi.fn<TutorClient['explain']>(),
    consent: vi.fn<TutorClient['consent']>().mockResolvedValue(consent()),
    saveConsent: vi.fn<TutorClient['saveConsent']>(),
    conversation: vi.fn<TutorClient['conversation']>().mockResolvedValue(conversations()),
    say: vi.fn<TutorClient['say']>(),
    deleteConversation: vi.fn<TutorClient['deleteConversation']>().mockResolvedValue(undefined),
    deleteConversations: vi.fn<TutorClient['deleteConversations']>().mockResolvedValue(undefined),
    myData: vi.fn<TutorClient['myData']>(),
    myExport: vi.fn<TutorClient['myExport']>(),
    eraseMe: vi.fn<TutorClient['eraseMe']>().mockResolvedValue(undefined),
    openLesson: vi.fn<TutorClient['openLesson']>()
  };
  return { fake, client: fake as unknown as TutorClient };
}

export const away = (): TutorError => new TutorError('network', 'The tutor cannot be reached.', 0);

export const refused = (code = 'submission_closed', message = 'It is closed.'): TutorError =>
  new TutorError(code, message, 409);
