import type { TranslationBundle } from '@jupyterlab/translation';
import { UseSignal } from '@jupyterlab/ui-components';
import type { ReactElement } from 'react';

import type { Usage, UsageSum } from '../api/types';
import { Action } from '../widgets/action';
import { BudgetBar } from './budget';
import { Choice } from './choice';
import { count, csv, dollars, download, share } from './figures';
import type { Loaded } from './loaded';
import { Loading } from './loading';
import type { Names } from './names';
import type { Period } from './periods';
import { periods } from './periods';
import type { IColumn } from './table';
import { Table } from './table';
import { kindLabel, kinds, sumName } from './usagewords';

/** What usage is asked for by. */
export interface IUsageQuery {
  by: Usage['by'];
  period: Period;
}

interface IProps {
  usage: Loaded<Usage, IUsageQuery>;
  names: Names;
  course: string;
  trans: TranslationBundle;
}

/** What a language model cost in a course. */
export function UsageView({ usage, names, course, trans }: IProps): ReactElement {
  return (
    <>
      <UseSignal signal={usage.changed}>
        {() => (
          <div className="jp-tutor-choosers">
            <Choice
              label={trans.__('Period')}
              value={usage.query.period}
              options={periods(trans)}
              choose={period => void usage.ask({ ...usage.query, period: period as Period })}
            />
            <Choice
              label={trans.__('Added up by')}
              value={usage.query.by}
              options={kinds(trans)}
              choose={by => void usage.ask({ ...usage.query, by: by as Usage['by'] })}
            />
          </div>
        )}
      </UseSignal>
      <Loading of={usage} trans={trans}>
        {value => (
          <>
            <Totals usage={value} trans={trans} />
            <BudgetBar budget={value.budget} trans={trans} />
            <Sums usage={value} names={names} course={course} trans={trans} />
          </>
        )}
      </Loading>
    </>
  );
}

function Totals({ usage, trans }: { usage: Usage; trans: TranslationBundle }): ReactElement {
  const { total } = usage;
  const tiles: [string, string, string][] = [
    [trans.__('Cost'), dollars(total.cost), trans.__('US dollars')],
    [trans.__('Calls'), count(total.calls), trans.__('%1 failed', count(total.unsuccessful))],
    [
      trans.__('Tokens in'),
      count(total.input + total.cache_write + total.cache_read),
      trans.__(
        '%1 fresh, %2 stored, %3 found stored',
        count(total.input),
        count(total.cache_write),
        count(total.cache_read)
      )
    ],
    [trans.__('From cache'), share(total.cache_share), trans.__('of the tokens in')],
    [trans.__('Tokens out'), count(total.output), trans.__('written by the model')]
  ];
  return (
    <dl className="jp-tutor-tiles">
      {tiles.map(([name, figure, more]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <strong>{figure}</strong>
            <span className="jp-tutor-quiet">{more}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Sums(props: {
  usage: Usage;
  names: Names;
  course: string;
  trans: TranslationBundle;
}): ReactElement {
  const { usage, names, course, trans } = props;
  if (usage.sums.length === 0) {
    return (
      <p className="jp-tutor-empty">
        {trans.__(
          'No language model was called in this period. Hints that rules and authors give cost nothing and are not counted here.'
        )}
      </p>
    );
  }
  const name = (sum: UsageSum): string =>
    sum === usage.total ? trans.__('Total') : sumName(usage.by, sum, names, trans);
  return (
    <>
      <Table
        key={usage.by}
        label={trans.__('What a language model cost, by %1', kindLabel(usage.by, trans))}
        columns={columns(usage.by, name, trans)}
        rows={usage.sums}
        rowKey={({ key }) => key}
        foot={usage.total}
      />
      <Action
        onClick={() => {
          download(`usage-${course}-by-${usage.by}.csv`, csv(lines(usage, name)));
        }}
      >
        {trans.__('Download as CSV')}
      </Action>
    </>
  );
}

function columns(
  by: Usage['by'],
  name: (sum: UsageSum) => string,
  trans: TranslationBundle
): IColumn<UsageSum>[] {
  const figure = (
    key: 'calls' | 'unsuccessful' | 'input' | 'cache_write' | 'cache_read' | 'output',
    label: string,
    title: string
  ): IColumn<UsageSum> => ({
    name: key,
    label,
    title,
    text: sum => count(sum[key]),
    figure: sum => sum[key]
  });
  return [
    { name: 'key', label: kindLabel(by, trans), text: name },
    {
      name: 'cost',
      label: trans.__('Cost ($)'),
      title: trans.__('In US dollars'),
      text: ({ cost }) => dollars(cost),
      figure: ({ cost }) => Number(cost)
    },
    figure('calls', trans.__('Calls'), trans.__('How many calls there were')),
    figure(
      'unsuccessful',
      trans.__('Failed'),
      trans.__('Calls that ended otherwise than complete')
    ),
    figure('input', trans.__('In, fresh'), trans.__('Tokens that went in at the full price')),
    figure('cache_write', trans.__('In, stored'), trans.__('Tokens that were stored in the cache')),
    figure('cache_read', trans.__('In, found'), trans.__('Tokens that were found in the cache')),
    figure('output', trans.__('Tokens out'), trans.__('Tokens that came out')),
    {
      name: 'cache_share',
      label: trans.__('From cache'),
      title: trans.__('Share of what went in that was found in the cache'),
      text: sum => share(sum.cache_share),
      figure: sum => sum.cache_share
    }
  ];
}

/** The table as lines of a file, amounts exact. */
export function lines(
  usage: Usage,
  name: (sum: UsageSum) => string
): readonly (readonly (string | number)[])[] {
  const head = [usage.by, 'key', 'calls', 'failed', 'input', 'cache_write', 'cache_read', 'output'];
  return [
    [...head, 'cost_usd'],
    ...usage.sums.map(sum => [
      name(sum),
      sum.key,
      sum.calls,
      sum.unsuccessful,
      sum.input,
      sum.cache_write,
      sum.cache_read,
      sum.output,
      sum.cost
    ])
  ];
}
