import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';
import { useId } from 'react';

import type { Usage } from '../api/types';
import { moment } from '../widgets/words';
import { budget as amount, dollars } from './figures';

type Budget = Usage['budget'];

const SOFT_SHARE = 0.8;

/** What of the month's budget of a course is spent, whatever period is looked at. */
export function BudgetBar(props: { budget: Budget; trans: TranslationBundle }): ReactElement {
  const { budget, trans } = props;
  const id = useId();
  const { course_month: most } = budget;
  return (
    <section className="jp-tutor-budget" aria-labelledby={id}>
      <h3 id={id}>{trans.__('Budget of this month')}</h3>
      {most === null ? (
        <p>
          {trans.__('%1 spent. The course as a whole has no limit.', dollars(budget.spent))}{' '}
          {learners(budget, trans)}
        </p>
      ) : (
        <>
          <Bar spent={Number(budget.spent)} most={Number(most)} label={trans.__('Budget spent')} />
          <p>
            {trans.__(
              '%1 of %2 spent, %3 left.',
              dollars(budget.spent),
              amount(most),
              dollars(budget.left ?? '0')
            )}{' '}
            {standing(budget, Number(most), trans)} {learners(budget, trans)}
          </p>
        </>
      )}
    </section>
  );
}

function Bar(props: { spent: number; most: number; label: string }): ReactElement {
  const { spent, most, label } = props;
  const filled = most > 0 ? Math.min(1, spent / most) : 1;
  return (
    <div
      className={`jp-tutor-meter ${filled >= SOFT_SHARE ? 'jp-tutor-mod-soft' : ''}`}
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(filled * 100)}
    >
      <span style={{ width: `${filled * 100}%` }} />
      <i style={{ left: `${SOFT_SHARE * 100}%` }} />
    </div>
  );
}

function standing(budget: Budget, most: number, trans: TranslationBundle): string {
  const renews = budget.renews_at ? moment(budget.renews_at) : '';
  if (budget.used_up) {
    return trans.__('It is used up: help comes from rules until %1.', renews);
  }
  return budget.soft
    ? trans.__('More than 80% is gone: learners are told. It begins anew on %1.', renews)
    : trans.__('Learners are told from %1 on (80%).', dollars(most * SOFT_SHARE));
}

function learners(budget: Budget, trans: TranslationBundle): string {
  const { learner_day: day, learner_month: month } = budget;
  if (day !== null && month !== null) {
    return trans.__('Each learner: at most %1 a day and %2 a month.', amount(day), amount(month));
  }
  if (month !== null) {
    return trans.__('Each learner: at most %1 a month.', amount(month));
  }
  return day === null
    ? trans.__('Single learners have no limit either.')
    : trans.__('Each learner: at most %1 a day.', amount(day));
}
