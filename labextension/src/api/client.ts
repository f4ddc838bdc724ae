import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';
import { UUID } from '@lumino/coreutils';
import { Signal } from '@lumino/signaling';

import type {
  AnswerBody,
  Attempt,
  Consent,
  Conversations,
  Course,
  CourseList,
  ErrorBody,
  Exercise,
  Explanation,
  Feedback,
  FeedbackMark,
  Health,
  HelpGiven,
  MyData,
  OpenedLesson,
  Said,
  Submission,
  SubmissionList
} from './types';

/** Seconds a request for a result waits on the server before it answers "not yet". */
const WAIT = 25;

/** The same for one that stands in a queue: where it stands is to be told anew before long. */
const WAIT_IN_QUEUE = 3;

/** Where a run stands: how many go before it, or null when it does not wait for its turn. */
type Position = number | null;

function waitFor(position: Position): string {
  return String(position ? WAIT_IN_QUEUE : WAIT);
}

/**
 * What the tutor answered instead of what was asked for. `retriable` says that the same request may
 * succeed later: the server was away, restarting or overloaded.
 */
export class TutorError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status: number,
    readonly details: Record<string, unknown> = {}
  ) {
    super(message);
    this.name = 'TutorError';
  }

  get retriable(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504;
  }
}

/** A fresh idempotency key: one for each thing a person does, the same for every repeat of it. */
export function newKey(): string {
  return UUID.uuid4();
}

/**
 * The only place that talks to the tutor's routes. Base URL, XSRF token and Hub tokens come from
 * JupyterLab's `ServerConnection`.
 */
export class TutorClient {
  constructor(
    private readonly settings: ServerConnection.ISettings = ServerConnection.makeSettings(),
    private readonly language: () => string = () => ''
  ) {}

  /** Emits when texts are to be read anew, in another language. */
  readonly languageChanged = new Signal<this, void>(this);

  /** The isolation that answers run with; "none" or null as long as none is known. */
  async isolation(): Promise<Health['isolation']> {
    const health: Health = await this.get('health');
    return health.isolation;
  }

  courses(): Promise<CourseList> {
    return this.get('courses');
  }

  course(course: string): Promise<Course> {
    return this.get(this.path('courses', course));
  }

  exercise(course: string, exercise: string): Promise<Exercise> {
    return this.get(this.path('courses', course, 'exercises', exercise));
  }

  openLesson(
    course: string,
    lesson: string,
    exercise: string | null,
    update: 'keep' | 'merge',
    key: string
  ): Promise<OpenedLesson> {
    return this.post(this.path('courses', course, 'lessons', lesson, 'open'), key, {
      exercise,
      update
    });
  }

  check(course: string, exercise: string, answer: AnswerBody, key: string): Promise<Attempt> {
    return this.post(this.path('courses', course, 'exercises', exercise, 'checks'), key, answer);
  }

  /** Waits on the server until the run settles or the wait is over; call again until it settled. */
  awaitCheck(id: string, position: Position, signal?: AbortSignal): Promise<Attempt> {
    return this.get(this.path('checks', id), { wait: waitFor(position) }, signal);
  }

  submit(course: string, exercise: string, answer: AnswerBody, key: string): Promise<Submission> {
    return this.post(
      this.path('courses', course, 'exercises', exercise, 'submissions'),
      key,
      answer
    );
  }

  /** Waits on the server until it is graded or the wait is over; call again until it settled. */
  awaitSubmission(id: string, position: Position, signal?: AbortSignal): Promise<Submission> {
    return this.get(this.path('submissions', id), { wait: waitFor(position) }, signal);
  }

  submissions(course: string, exercise: string): Promise<SubmissionList> {
    return this.get(this.path('courses', course, 'exercises', exercise, 'submissions'));
  }

  /**
   * Asks for the next hint.
   *
   * @param accepted - The price in points that the learner was told and agreed to.
   * @param signal - Aborting it closes the connection, by which the server knows to stop as well.
   */
  hint(
    course: string,
    exercise: string,
    accepted: number,
    key: string,
    signal?: AbortSignal
  ): Promise<HelpGiven> {
    const body = { language: this.language() || null, accept_cost: accepted };
    const path = this.path('courses', course, 'exercises', exercise, 'hints');
    return this.post(path, key, body, signal);
  }

  rate(hint: string, mark: FeedbackMark, text: string, key: string): Promise<Feedback> {
    return this.put(this.path('hints', hint, 'feedback'), key, { mark, text });
  }

  /** Takes back what was said of a hint. */
  async unrate(hint: string): Promise<void> {
    await this.request(this.path('hints', hint, 'feedback'), { method: 'DELETE' });
  }

  explain(hint: string, text: string, key: string): Promise<Explanation> {
    return this.put(this.path('hints', hint, 'explanation'), key, { text });
  }

  consent(course: string): Promise<Consent> {
    return this.get(this.path('courses', course, 'consent'));
  }

  /** Agrees to what the text of that version says, or takes it back. */
  saveConsent(course: string, given: boolean, version: number, key: string): Promise<Consent> {
    return this.put(this.path('courses', course, 'consent'), key, { given, version });
  }

  /** The caller's conversation about an exercise, and whether somebody answers there now. */
  conversation(course: string, exercise: string): Promise<Conversations> {
    return this.get(this.path('courses', course, 'exercises', exercise, 'conversation'));
  }

  /**
   * Asks the tutor something about an exercise.
   *
   * @param signal - Aborting it closes the connection, by which the server knows to stop as well.
   */
  say(
    course: string,
    exercise: string,
    text: string,
    key: string,
    signal?: AbortSignal
  ): Promise<Said> {
    const path = this.path('courses', course, 'exercises', exercise, 'conversation');
    return this.post(path, key, { text, language: this.language() || null }, signal);
  }

  /** Deletes the conversation about an exercise for good. */
  async deleteConversation(course: string, exercise: string): Promise<void> {
    await this.delete(this.path('courses', course, 'exercises', exercise, 'conversation'));
  }

  /** Deletes all conversations of a course for good. */
  async deleteConversations(course: string): Promise<void> {
    await this.delete(this.path('courses', course, 'conversations'));
  }

  /** How much is stored of the caller. */
  myData(): Promise<MyData> {
    return this.get('me/data');
  }

  /** All that is stored of the caller, as an archive with a name. */
  async myExport(): Promise<{ name: string; archive: Blob }> {
    const language = this.language();
    const response = await this.fetched(
      'me/export',
      { method: 'GET' },
      language ? { language } : {}
    );
    if (!response.ok) {
      throw refusal(response.status, await response.json().catch(() => null));
    }
    const disposition = response.headers.get('Content-Disposition') ?? '';
    const name = /filename="([^"]+)"/.exec(disposition)?.[1] ?? 'jupyter-tutor-export.zip';
    return { name, archive: await response.blob() };
  }

  /**
   * Erases the caller. Whoever asks for anything later is somebody new: this page is not to do that
   * by itself, so from then on it is refused.
   *
   * @param confirm - What they have to type, as `myData` tells it.
   */
  async eraseMe(confirm: string): Promise<void> {
    await this.request('me', {
      method: 'DELETE',
      body: JSON.stringify({ confirm }),
      headers: { 'Content-Type': 'application/json' }
    });
    this._isErased = true;
  }

  /** Joins what names something below the routes' address. */
  path(...parts: string[]): string {
    return parts.map(encodeURIComponent).join('/');
  }

  /** Reads; texts come in the language of the settings. Raises TutorError, as all of these. */
  get<T>(path: string, query: Record<string, string> = {}, signal?: AbortSignal): Promise<T> {
    const language = this.language();
    return this.request(
      path,
      { method: 'GET', ...(signal ? { signal } : {}) },
      language ? { ...query, language } : query
    );
  }

  post<T>(path: string, key: string, body: unknown, signal?: AbortSignal): Promise<T> {
    return this.request(path, { ...written('POST', key, body), ...(signal ? { signal } : {}) });
  }

  put<T>(path: string, key: string, body: unknown): Promise<T> {
    return this.request(path, written('PUT', key, body));
  }

  private delete<T>(path: string): Promise<T> {
    return this.request(path, { method: 'DELETE' });
  }

  private async request<T>(
    path: string,
    init: RequestInit,
    query: Record<string, string> = {}
  ): Promise<T> {
    const response = await this.fetched(path, init, query);
    const body: unknown = await response.json().catch(() => null);
    if (!response.ok) {
      throw refusal(response.status, body);
    }
    if (typeof body !== 'object' || body === null) {
      // A page to sign in at, or a proxy that answers for a server that is not there.
      throw new TutorError(
        'not_the_tutor',
        'Something other than the tutor answered. Reload the page; you may have to sign in again.',
        response.status
      );
    }
    return body as T;
  }

  private async fetched(
    path: string,
    init: RequestInit,
    query: Record<string, string>
  ): Promise<Response> {
    if (this._isErased) {
      throw new TutorError('erased', 'You were deleted here. Reload the page to begin anew.', 410);
    }
    const url =
      URLExt.join(this.settings.baseUrl, 'jupyter-tutor', 'api', path) +
      URLExt.objectToQueryString(query);
    try {
      return await ServerConnection.makeRequest(url, init, this.settings);
    } catch (error) {
      if (error instanceof ServerConnection.NetworkError) {
        throw new TutorError('network', 'The tutor cannot be reached.', 0);
      }
      throw error;
    }
  }

  private _isErased = false;
}

function written(method: 'POST' | 'PUT', key: string, body: unknown): RequestInit {
  return {
    method,
    body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key }
  };
}

function refusal(status: number, body: unknown): TutorError {
  const known = typeof body === 'object' && body !== null ? (body as Partial<ErrorBody>) : {};
  return new TutorError(
    known.code ?? `http_${status}`,
    known.message ?? `The server answered with status ${status}.`,
    status,
    known.details ?? {}
  );
}
