import type { ReleaseBody, Review } from '../api/types';

/** What an instructor has decided so far of one review. */
export interface IDecisions {
  levels: Readonly<Record<string, number>>;
  reasons: Readonly<Record<string, string>>;
  comments: Readonly<Record<string, string>>;
  comment: string;
}

/** The levels that stand already: of the last release, else of the draft, where it may be shown. */
export function standing(review: Review): Readonly<Record<string, number>> {
  const last = review.releases.at(-1);
  const levels = last
    ? last.criteria.map(({ slug, level }) => [slug, level] as const)
    : (review.draft?.criteria ?? []).flatMap(({ slug, level }) =>
        level === null ? [] : [[slug, level] as const]
      );
  return Object.fromEntries(levels);
}

/** What a review begins with: what was released last, or what was drafted; comments are kept. */
export function beginning(review: Review): IDecisions {
  const last = review.releases.at(-1);
  const said = (last?.criteria ?? []).filter(({ comment }) => comment !== '');
  return {
    levels: standing(review),
    reasons: {},
    comments: Object.fromEntries(said.map(({ slug, comment }) => [slug, comment])),
    comment: last?.comment ?? ''
  };
}

/** Whether a criterion is decided otherwise than it stands, for which a reason is due. */
export function differs(review: Review, decisions: IDecisions, slug: string): boolean {
  const before = standing(review)[slug];
  const now = decisions.levels[slug];
  return before !== undefined && now !== undefined && before !== now;
}

/** The criteria that are not decided yet, or lack a reason; release waits for them. */
export function undecided(review: Review, decisions: IDecisions): readonly string[] {
  return review.rubric
    .map(({ slug }) => slug)
    .filter(
      slug =>
        decisions.levels[slug] === undefined ||
        (differs(review, decisions, slug) && (decisions.reasons[slug] ?? '').trim() === '')
    );
}

/** The points that the decisions give. */
export function points(review: Review, decisions: IDecisions): number {
  return review.rubric.reduce((sum, { slug, levels }) => {
    const level = decisions.levels[slug];
    return sum + (level === undefined ? 0 : (levels[level]?.points ?? 0));
  }, 0);
}

/** What is sent, with what was seen; reasons only where they are due. */
export function toRelease(review: Review, decisions: IDecisions): ReleaseBody {
  const { levels, reasons, comments, comment } = decisions;
  const kept = Object.entries(reasons).filter(([slug]) => differs(review, decisions, slug));
  const said = Object.entries(comments).filter(([, text]) => text.trim() !== '');
  return {
    levels: { ...levels },
    reasons: Object.fromEntries(kept),
    comments: Object.fromEntries(said),
    comment,
    releases: review.releases.length,
    draft: review.draft?.reading ?? null
  };
}
