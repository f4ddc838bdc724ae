import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { TutorClient } from '../api/client';
import type { ITutorSessions } from '../tokens';
import { ExerciseSession } from './session';

/** What one tab tells the others: in which exercise something was done. */
interface INews {
  course: string;
  exercise: string;
}

/** Where the tabs of one server tell each other what was done; a test passes its own. */
export type Channel = Pick<BroadcastChannel, 'postMessage' | 'addEventListener'>;

/** One session per exercise, for as long as the page lives. */
export class TutorSessions implements ITutorSessions {
  constructor(
    private readonly client: TutorClient,
    private readonly channel: Channel | null = null
  ) {
    client.languageChanged.connect(this.synchronise, this);
    channel?.addEventListener('message', event => {
      this._hear(event.data);
    });
  }

  get elsewhere(): ISignal<ITutorSessions, void> {
    return this._elsewhere;
  }

  get settled(): ISignal<ITutorSessions, ExerciseSession> {
    return this._settled;
  }

  get(course: string, exercise: string): ExerciseSession {
    const key = keyOf(course, exercise);
    let session = this._sessions.get(key);
    if (session === undefined) {
      session = new ExerciseSession(course, exercise, this.client);
      session.settled.connect(this._forward, this);
      this._sessions.set(key, session);
      void session.load();
    }
    return session;
  }

  synchronise(): void {
    for (const session of this._sessions.values()) {
      void session.synchronise();
    }
  }

  hurry(): void {
    for (const session of this._sessions.values()) {
      session.hurry();
    }
  }

  private _forward(session: ExerciseSession): void {
    const news: INews = { course: session.course, exercise: session.exercise };
    this.channel?.postMessage(news);
    this._settled.emit(session);
  }

  /** Takes over what another tab tells of, should it be shown here too. */
  private _hear(message: unknown): void {
    if (isNews(message)) {
      void this._sessions.get(keyOf(message.course, message.exercise))?.synchronise();
      this._elsewhere.emit();
    }
  }

  private readonly _sessions = new Map<string, ExerciseSession>();
  private readonly _settled = new Signal<ITutorSessions, ExerciseSession>(this);
  private readonly _elsewhere = new Signal<ITutorSessions, void>(this);
}

function keyOf(course: string, exercise: string): string {
  return `${course}/${exercise}`;
}

/** Another version of this page, in a tab that was never reloaded, may say anything. */
function isNews(message: unknown): message is INews {
  const { course, exercise } = (message ?? {}) as Partial<Record<keyof INews, unknown>>;
  return typeof course === 'string' && typeof exercise === 'string';
}
