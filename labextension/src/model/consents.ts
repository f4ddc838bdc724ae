import type { TutorClient } from '../api/client';
import { newKey, TutorError } from '../api/client';
import type { Consent } from '../api/types';
import { Observed } from './observed';

/** What the learner said about the language model in one course; all cards of it share this. */
export class CourseConsent extends Observed {
  constructor(
    readonly course: string,
    private readonly client: TutorClient
  ) {
    super();
  }

  /** What they said and what they are told, or null as long as that is not known. */
  get state(): Consent | null {
    return this._state;
  }

  /** Reads it, once, however many ask; silently, since help works without it. */
  async load(): Promise<void> {
    this._loading ??= this.read();
    await this._loading;
  }

  /** Reads it anew: another tab may have answered, or the text be wanted in another language. */
  async read(): Promise<void> {
    try {
      this._take(await this.client.consent(this.course));
    } catch (error) {
      this._loading = null;
      if (!(error instanceof TutorError)) {
        throw error;
      }
    }
  }

  /** Stores what they say to the text they were shown. Raises TutorError. */
  async answer(given: boolean): Promise<void> {
    if (this._state === null) {
      return;
    }
    const { version } = this._state.text;
    this._take(await this.client.saveConsent(this.course, given, version, newKey()));
  }

  private _take(state: Consent): void {
    this._state = state;
    this.emit();
  }

  private _state: Consent | null = null;
  private _loading: Promise<void> | null = null;
}

/** One for each course, for as long as the page lives. */
export class Consents {
  constructor(private readonly client: TutorClient) {
    client.languageChanged.connect(() => {
      for (const consent of this._courses.values()) {
        void consent.read();
      }
    });
  }

  get(course: string): CourseConsent {
    let consent = this._courses.get(course);
    if (consent === undefined) {
      consent = new CourseConsent(course, this.client);
      this._courses.set(course, consent);
    }
    return consent;
  }

  private readonly _courses = new Map<string, CourseConsent>();
}
