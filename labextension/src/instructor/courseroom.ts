import type { TeachingClient } from '../api/teaching';
import type { Conversations, Opinions, Usage } from '../api/types';
import { Loaded } from './loaded';
import { Names } from './names';
import { begins } from './periods';
import { ReviewDesk } from './reviewdesk';
import { SettingsDesk } from './settingsdesk';
import type { IUsageQuery } from './usage';

/** All that an instructor looks at in one course; it stays as they left it while the page lives. */
export class CourseRoom {
  constructor(readonly client: TeachingClient) {
    this.names = new Loaded(async () => {
      const [course, { people }] = await Promise.all([client.course(), client.people()]);
      return new Names(course, people);
    }, null);
    this.usage = new Loaded<Usage, IUsageQuery>(
      ({ by, period }) => client.usage(by, begins(period)),
      { by: 'learner', period: 'month' }
    );
    this.opinions = new Loaded(() => client.opinions(), null);
    this.talks = new Loaded(
      learner => (learner === '' ? Promise.resolve(null) : client.conversations(learner)),
      ''
    );
    this.settings = new SettingsDesk(client);
    this.reviews = new ReviewDesk(client);
  }

  readonly names: Loaded<Names>;
  readonly usage: Loaded<Usage, IUsageQuery>;
  readonly opinions: Loaded<Opinions>;
  readonly talks: Loaded<Conversations | null, string>;
  readonly settings: SettingsDesk;
  readonly reviews: ReviewDesk;

  /** Ends what goes on by itself. */
  dispose(): void {
    this.reviews.dispose();
  }

  /**
   * Reads anew what was looked at before; conversations only where they are being looked at, since
   * each look is noted.
   */
  refresh(part: string): void {
    if (part === 'conversations' && this.talks.query !== '') {
      void this.talks.refresh();
    }
    for (const each of [
      this.names,
      this.usage,
      this.opinions,
      this.settings.stored,
      this.reviews.queue
    ]) {
      if (each.value !== null) {
        void each.refresh();
      }
    }
  }
}
