import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';
import { useId } from 'react';

import type { TopicStanding } from '../api/types';

/** The topics as a path, each with its mastery: a word, a bar, and the band of uncertainty. */
export function Path(props: {
  topics: readonly TopicStanding[];
  trans: TranslationBundle;
}): ReactElement {
  const { topics, trans } = props;
  const heading = useId();
  return (
    <section className="jp-tutor-path" aria-labelledby={heading}>
      <h3 id={heading}>{trans.__('Your path')}</h3>
      <ol>
        {topics.map(topic => (
          <Topic key={topic.slug} topic={topic} trans={trans} />
        ))}
      </ol>
    </section>
  );
}

function Topic({ topic, trans }: { topic: TopicStanding; trans: TranslationBundle }): ReactElement {
  const [low, middle, high] = [topic.low, topic.estimate, topic.high].map(percent) as [
    number,
    number,
    number
  ];
  const untouched = topic.label === 'new';
  const later = untouched && !topic.unlocked;
  return (
    <li
      className={`jp-tutor-topic jp-tutor-mod-${topic.label} ${later ? 'jp-tutor-mod-later' : ''}`}
    >
      <details>
        <summary>
          <span className="jp-tutor-topic-title">{topic.title}</span>
          <span className="jp-tutor-topic-word">
            {later ? trans.__('later') : labelWord(topic.label, trans)}
          </span>
          <span className="jp-tutor-count">
            {trans.__('%1 of %2', topic.passed, topic.exercises)}
          </span>
          {untouched ? null : (
            <span
              className="jp-tutor-mastery"
              role="img"
              aria-label={trans.__('Mastery %1%, between %2% and %3%', middle, low, high)}
            >
              <span
                className="jp-tutor-band"
                style={{ left: `${low}%`, width: `${high - low}%` }}
              />
              <span className="jp-tutor-estimate" style={{ left: `${middle}%` }} />
            </span>
          )}
        </summary>
        <p>{topic.description}</p>
        <p className="jp-tutor-note">{topic.reason}</p>
      </details>
    </li>
  );
}

function percent(share: number): number {
  return Math.round(share * 100);
}

function labelWord(label: TopicStanding['label'], trans: TranslationBundle): string {
  switch (label) {
    case 'new':
      return trans.__('new');
    case 'learning':
      return trans.__('learning');
    case 'shaky':
      return trans.__('unsure');
    case 'mastered':
      return trans.__('mastered');
  }
}
