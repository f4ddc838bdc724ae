import type { TranslationBundle } from '@jupyterlab/translation';

import type { DataKind } from '../api/types';

/** What is stored of a kind, in a learner's words. */
export function kindWords(kind: DataKind, trans: TranslationBundle): string {
  switch (kind) {
    case 'profile':
      return trans.__('Your name, accounts and profile');
    case 'courses':
      return trans.__('Courses you are in');
    case 'checks':
      return trans.__('Runs of tests');
    case 'submissions':
      return trans.__('Answers you handed in');
    case 'evaluations':
      return trans.__('Grades and evaluations');
    case 'hints':
      return trans.__('Hints you got');
    case 'opinions':
      return trans.__('What you thought of hints');
    case 'explanations':
      return trans.__('Your explanations');
    case 'messages':
      return trans.__('Messages in the chat');
    case 'consents':
      return trans.__('What you said about AI help');
    case 'memory':
      return trans.__('Courses in which the tutor remembers what you can do');
    case 'calls':
      return trans.__('Requests to a language model for you');
    case 'settings':
      return trans.__('Settings of help for you');
    case 'records':
      return trans.__('Technical records');
  }
}
