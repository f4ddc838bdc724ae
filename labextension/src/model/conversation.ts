import type { TutorClient } from '../api/client';
import { newKey, TutorError } from '../api/client';
import type { Chat, Conversations, Message } from '../api/types';
import type { IKept } from './kept';
import { FORGETFUL } from './kept';
import { Stateful } from './observed';
import type { Sleep } from './patience';
import { Patience, sleep } from './patience';
import type { ISent } from './unsent';
import { Unsent } from './unsent';

/** Something went wrong; `waiting` says that it is tried again by itself. */
export interface IChatProblem {
  code: string;
  message: string;
  waiting: boolean;
}

/** The server's code where somebody may not ask: the chat itself says why. */
const NOT_ALLOWED = 'not_allowed';

/** Milliseconds after which nobody waits any more for the answer to what was asked before a reload. */
const STALE = 300_000;

/** Everything a view of a conversation shows. */
export interface IChatState {
  /** What was said, oldest first. */
  messages: readonly Message[];
  /** Who can read it, in words; empty until the server was asked. */
  told: string;
  /** Whether somebody answers here now, or null as long as that is not known. */
  chat: Chat | null;
  activity: 'loading' | 'asking' | 'deleting' | null;
  /** When the activity began, in milliseconds since the epoch. */
  since: number;
  /** The question that is under way, or "". */
  pending: string;
  /** What is typed and not sent. */
  draft: string;
  /** What else is told beside the latest reply, or "". */
  note: string;
  /** The reply that came last while this page was open. */
  reply: Message | null;
  problem: IChatProblem | null;
}

/** What is known before anything was read. */
const BEGINNING: IChatState = {
  messages: [],
  told: '',
  chat: null,
  activity: null,
  since: 0,
  pending: '',
  draft: '',
  note: '',
  reply: null,
  problem: null
};

/**
 * What the learner and the tutor say about one exercise. What was typed is never lost: a question that
 * could not be asked, or was taken back, is a draft again. After a reload of the page a draft is there
 * as it was, and a question that was under way is asked on, with the same key: it is asked once.
 */
export class Conversation extends Stateful<IChatState> {
  constructor(
    readonly course: string,
    readonly exercise: string,
    private readonly client: TutorClient,
    pause: Sleep = sleep,
    kept: IKept = FORGETFUL
  ) {
    const unsent = new Unsent(kept);
    super({ ...BEGINNING, draft: unsent.draft });
    this._unsent = unsent;
    this._patience = new Patience(pause);
  }

  override dispose(): void {
    super.dispose();
    this._asking.abort();
  }

  /** Asks again now what waits for the tutor to come back. */
  hurry(): void {
    this._patience.hurry();
  }

  /** Reads it, with a sign of that when nothing is shown yet. */
  async load(): Promise<void> {
    if (this.state.activity !== null) {
      this._behind = true;
      return;
    }
    if (this.state.chat !== null) {
      await this._refresh();
      return;
    }
    this.set({ activity: 'loading', since: Date.now(), problem: null });
    try {
      this._take(await this.client.conversation(this.course, this.exercise));
      this.set({ activity: null });
    } catch (error) {
      this.set({ activity: null, problem: problemOf(error, false) });
      return;
    }
    await this._resume();
  }

  /** Keeps what is typed. */
  write(draft: string): void {
    this.set({ draft });
  }

  /** Asks what is typed; while the tutor is away again and again, until it answers or is told to stop. */
  async ask(): Promise<void> {
    const text = this.state.draft.trim();
    if (text !== '' && this.state.activity === null) {
      this.set({ draft: '' });
      await this._send(this._begun(text));
    }
  }

  /** Asks a question that was begun. */
  private async _send(sent: ISent): Promise<void> {
    const { text } = sent;
    const asking = new AbortController();
    this._asking = asking;
    this._turn++;
    this._unsent.sent = sent;
    this.set({ activity: 'asking', since: sent.at, pending: text, note: '', problem: null });
    try {
      const { question, reply, note } = await this._persist(sent, asking.signal);
      const messages = joined(this.state.messages, [question, reply]);
      this._settle({ messages, reply, note });
      if (reply.source === 'model' && !this._behind) {
        return;
      }
    } catch (error) {
      const problem = asking.signal.aborted ? null : problemOf(error, false);
      this._settle({ draft: this._givenBack(text), problem });
    }
    // Why no model answered may be told now; and the server may have been quicker than who cancelled.
    await this._refresh();
    if (this.state.draft === text && this._isAsked(sent)) {
      this.set({ draft: '' });
    }
    if (this.state.chat?.closed && this.state.problem?.code === NOT_ALLOWED) {
      // It is told where the question would be typed.
      this.set({ problem: null });
    }
  }

  /** Takes the question back that is under way; the server stops working on it. */
  cancel(): void {
    this._asking.abort();
  }

  /** Asks the latest question anew, where there was no good answer to it. */
  async askAgain(): Promise<void> {
    const last = this.state.messages.filter(({ speaker }) => speaker === 'learner').at(-1);
    if (last && this.state.activity === null) {
      await this._send(this._begun(last.text));
    }
  }

  /** Deletes it for good. */
  async delete(): Promise<void> {
    await this.forget(() => this.client.deleteConversation(this.course, this.exercise));
  }

  /** Shows nothing any more once the server has forgotten it. */
  async forget(deleting: () => Promise<void>): Promise<void> {
    if (this.state.activity !== null) {
      return;
    }
    this._turn++;
    this.set({ activity: 'deleting', since: Date.now(), problem: null });
    try {
      await deleting();
      this.set({ messages: [], reply: null, note: '', activity: null });
    } catch (error) {
      this.set({ activity: null, problem: problemOf(error, false) });
    }
    if (this._behind) {
      await this._refresh();
    }
  }

  /** Goes on with a question that was under way when the page was left. */
  private async _resume(): Promise<void> {
    const { sent } = this._unsent;
    if (sent === null || this.state.activity !== null) {
      return;
    }
    const { chat } = this.state;
    if (this._isAsked(sent)) {
      this._unsent.sent = null;
    } else if (chat?.closed || Date.now() - sent.at > STALE) {
      this._settle({ draft: this._givenBack(sent.text) });
    } else {
      await this._send(sent);
    }
  }

  private _begun(text: string): ISent {
    return { text, key: newKey(), after: this.state.messages.at(-1)?.id ?? '', at: Date.now() };
  }

  /** Whether a question is among what was said since it was sent. */
  private _isAsked({ text, after }: ISent): boolean {
    const { messages } = this.state;
    const place = messages.findIndex(({ id }) => id === after);
    return messages
      .slice(place + 1)
      .some(({ speaker, text: said }) => speaker === 'learner' && said === text);
  }

  /** The draft with a question before it that was not answered. */
  private _givenBack(text: string): string {
    const { draft } = this.state;
    return draft.trim() === '' ? text : `${text}\n\n${draft}`;
  }

  /** Ends what a question was waited for with. */
  private _settle(change: Partial<IChatState>): void {
    if (!this.isDisposed) {
      this._unsent.sent = null;
    }
    this.set({ activity: null, pending: '', problem: null, ...change });
  }

  /** Reads it anew without a sign of that: nobody asked for it. */
  private async _refresh(): Promise<void> {
    const turn = ++this._turn;
    this._behind = false;
    try {
      const found = await this.client.conversation(this.course, this.exercise);
      // What was asked for later is newer, whichever comes first.
      if (turn === this._turn && this.state.activity === null) {
        this._take(found);
      }
    } catch (error) {
      if (!(error instanceof TutorError)) {
        throw error;
      }
    }
  }

  private _take({ conversations, told, chat }: Conversations): void {
    const messages = conversations.flatMap(({ messages }) => messages);
    const problem = this.state.chat === null ? null : this.state.problem;
    this.set({ messages, told, chat, problem });
  }

  /** Repeats a question with the same key while the server is away: it is asked once. */
  private async _persist(
    { text, key }: ISent,
    signal: AbortSignal
  ): Promise<Awaited<ReturnType<TutorClient['say']>>> {
    const isOver = (): boolean => signal.aborted;
    for (let tries = 0; ; tries++) {
      try {
        return await this.client.say(this.course, this.exercise, text, key, signal);
      } catch (error) {
        if (!(error instanceof TutorError) || !error.retriable || isOver()) {
          throw error;
        }
        this.set({ problem: problemOf(error, true) });
        await this._patience.wait(tries, signal);
        if (isOver()) {
          throw error;
        }
      }
    }
  }

  protected override set(change: Partial<IChatState>): void {
    super.set(change);
    if (this._unsent.draft !== this.state.draft) {
      this._unsent.draft = this.state.draft;
    }
  }

  private readonly _patience: Patience;
  private readonly _unsent: Unsent;
  private _asking = new AbortController();
  /** Counts what makes an answer that is still on its way too old to be taken over. */
  private _turn = 0;
  /** Something changed elsewhere in the middle of what is done here. */
  private _behind = false;
}

/** Adds what is not there yet. */
function joined(known: readonly Message[], more: readonly Message[]): readonly Message[] {
  const ids = new Set(known.map(({ id }) => id));
  return [...known, ...more.filter(({ id }) => !ids.has(id))];
}

function problemOf(error: unknown, waiting: boolean): IChatProblem {
  if (!(error instanceof TutorError)) {
    throw error;
  }
  return { code: error.code, message: error.message, waiting };
}
