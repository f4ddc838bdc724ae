import type { TutorClient } from '../api/client';
import type { ITutorSessions } from '../tokens';
import type { CourseConsent, Consents } from './consents';
import { Conversation } from './conversation';
import type { IKept, Keep } from './kept';
import { FORGETFUL } from './kept';
import { Observed } from './observed';
import { sleep } from './patience';
import type { ExerciseSession } from './session';

/**
 * The conversation about the exercise at hand: it follows the notebook. It changes when another one
 * is shown, and when it is opened or folded away.
 */
export class Chats extends Observed {
  constructor(
    private readonly client: TutorClient,
    private readonly sessions: ITutorSessions,
    private readonly consents: Consents,
    private readonly keep: Keep = () => FORGETFUL
  ) {
    super();
    this._open = keep('chat');
    this._isOpen = this._open.get() !== '';
    sessions.settled.connect(this._onSettled, this);
    client.languageChanged.connect(this._read, this);
  }

  /** The exercise at hand, or null where there is none. */
  get session(): ExerciseSession | null {
    return this._session;
  }

  /** What is said about it. */
  get conversation(): Conversation | null {
    return this._session && this._of(this._session);
  }

  /** What the learner said about the language model in its course. */
  get consent(): CourseConsent | null {
    return this._session && this.consents.get(this._session.course);
  }

  /** Whether it is open; before that the server is not asked for it. */
  get isOpen(): boolean {
    return this._isOpen;
  }

  override dispose(): void {
    super.dispose();
    this.sessions.settled.disconnect(this._onSettled, this);
    this.client.languageChanged.disconnect(this._read, this);
    this._listen(null);
    for (const conversation of this._conversations.values()) {
      conversation.dispose();
    }
  }

  /** Shows the conversation about another exercise; null where there is none at hand. */
  follow(session: ExerciseSession | null): void {
    if (session !== this._session) {
      this._listen(session);
      this._session = session;
      this._begins = false;
      this.emit();
      this._read();
    }
  }

  /** Opens it or folds it away. */
  show(isOpen: boolean): void {
    if (isOpen !== this._isOpen) {
      this._isOpen = isOpen;
      this._open.set(isOpen ? 'open' : '');
      this.emit();
      this._read();
    }
  }

  /** Opens it for somebody who wants to type at once. */
  begin(): void {
    this._begins = true;
    this.show(true);
    this.emit();
  }

  /** Returns, once, whether somebody wants to type. */
  takeBeginning(): boolean {
    const begins = this._begins;
    this._begins = false;
    return begins;
  }

  /** Asks again now what the tutor did not answer, and takes over what was said in another tab. */
  hurry(): void {
    this.conversation?.hurry();
    this._read();
  }

  /** Deletes every conversation of the course of the exercise at hand for good. */
  async deleteAll(): Promise<void> {
    const { conversation } = this;
    if (conversation === null) {
      return;
    }
    const { course } = conversation;
    await conversation.forget(() => this.client.deleteConversations(course));
    for (const other of this._conversations.values()) {
      if (other !== conversation && other.course === course) {
        await other.load();
      }
    }
  }

  private _of(session: ExerciseSession): Conversation {
    const { course, exercise } = session;
    const key = `${course}/${exercise}`;
    let conversation = this._conversations.get(key);
    if (conversation === undefined) {
      const kept = this.keep(`chat:${key}`);
      conversation = new Conversation(course, exercise, this.client, sleep, kept);
      this._conversations.set(key, conversation);
    }
    return conversation;
  }

  private _onSettled(_sessions: ITutorSessions, session: ExerciseSession): void {
    if (session === this._session) {
      // A hint may have used up what there was to be spent.
      this._read();
    }
  }

  private _listen(session: ExerciseSession | null): void {
    this.consent?.changed.disconnect(this._read, this);
    if (session !== null) {
      this.consents.get(session.course).changed.connect(this._read, this);
    }
  }

  private _read(): void {
    if (this._isOpen) {
      void this.conversation?.load();
    }
  }

  private readonly _conversations = new Map<string, Conversation>();
  private _session: ExerciseSession | null = null;
  /** Whether it is open outlives the page. */
  private readonly _open: IKept;
  private _isOpen: boolean;
  private _begins = false;
}
