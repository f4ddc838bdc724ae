import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { TutorClient } from '../api/client';
import type { ITutorSessions } from '../tokens';
import { ExerciseSession } from './session';

/** One session per exercise, for as long as the page lives. */
export class TutorSessions implements ITutorSessions {
  constructor(private readonly client: TutorClient) {
    client.languageChanged.connect(this.synchronise, this);
  }

  get settled(): ISignal<ITutorSessions, ExerciseSession> {
    return this._settled;
  }

  get(course: string, exercise: string): ExerciseSession {
    const key = `${course}/${exercise}`;
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

  private _forward(session: ExerciseSession): void {
    this._settled.emit(session);
  }

  private readonly _sessions = new Map<string, ExerciseSession>();
  private readonly _settled = new Signal<ITutorSessions, ExerciseSession>(this);
}
