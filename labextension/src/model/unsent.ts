import type { IKept } from './kept';
import { keepJson, keptJson } from './kept';

/** A question that was sent, as long as its answer is not known. */
export interface ISent {
  text: string;
  /** With the same key it is asked once, however often it is sent. */
  key: string;
  /** The message it came after, by its id, or "". */
  after: string;
  /** When it was asked, in milliseconds since the epoch. */
  at: number;
}

/** What a learner typed into a conversation and nobody answered yet: it outlives the page. */
export class Unsent {
  constructor(private readonly kept: IKept) {
    const { draft, sent } = keptJson(kept);
    this._draft = typeof draft === 'string' ? draft : '';
    this._sent = isSent(sent) ? sent : null;
  }

  get draft(): string {
    return this._draft;
  }

  set draft(draft: string) {
    this._draft = draft;
    this._keep();
  }

  /** The question that is under way, or null. */
  get sent(): ISent | null {
    return this._sent;
  }

  set sent(sent: ISent | null) {
    this._sent = sent;
    this._keep();
  }

  private _keep(): void {
    const [draft, sent] = [this._draft, this._sent];
    keepJson(this.kept, draft === '' && sent === null ? null : { draft, sent });
  }

  private _draft: string;
  private _sent: ISent | null;
}

function isSent(value: unknown): value is ISent {
  const { text, key, after, at } = (value ?? {}) as Partial<Record<keyof ISent, unknown>>;
  const isText = [text, key, after].every(each => typeof each === 'string');
  return isText && typeof at === 'number';
}
