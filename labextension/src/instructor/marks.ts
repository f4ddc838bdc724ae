import type { CriterionDraft } from '../api/types';

/** A piece of a line, and the criteria that it is evidence for. */
export interface IPiece {
  text: string;
  criteria: readonly string[];
}

/** The lines of a source, cut where evidence begins and ends. */
export function markedLines(source: string, drafts: readonly CriterionDraft[]): IPiece[][] {
  const starts = lineStarts(source);
  const spans = drafts.flatMap(({ slug, evidence }) =>
    evidence.flatMap(({ line, text }) => {
      const from = starts[line - 1];
      const begin = from === undefined || text === '' ? -1 : source.indexOf(text, from);
      return begin < 0 ? [] : [{ slug, begin, end: begin + text.length }];
    })
  );
  return starts.map((start, index) => {
    const next = starts[index + 1];
    const end = next === undefined ? source.length : next - 1;
    const cuts = spans.flatMap(({ begin, end: last }) => [begin, last]);
    const inside = cuts.filter(cut => cut > start && cut < end);
    const places = [...new Set([start, ...inside, end])].sort((one, other) => one - other);
    return places.slice(0, -1).map((place, at) => ({
      text: source.slice(place, places[at + 1]),
      criteria: [
        ...new Set(
          spans.filter(span => span.begin <= place && place < span.end).map(({ slug }) => slug)
        )
      ]
    }));
  });
}

function lineStarts(source: string): number[] {
  const starts = [0];
  for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) {
    starts.push(at + 1);
  }
  return starts;
}
