import { describe, expect, it, vi } from 'vitest';

import { TutorError } from '../../src/api/client';
import type { TeachingClient } from '../../src/api/teaching';
import { NOTHING, same, toDraft, toSettings } from '../../src/instructor/drafts';
import { budget, csv, dollars, share } from '../../src/instructor/figures';
import { inherited, summary } from '../../src/instructor/inherited';
import { Loaded } from '../../src/instructor/loaded';
import { markedLines } from '../../src/instructor/marks';
import { Names } from '../../src/instructor/names';
import { marked, total } from '../../src/instructor/opinions';
import { begins } from '../../src/instructor/periods';
import { fieldOf, SettingsDesk } from '../../src/instructor/settingsdesk';
import type { IColumn } from '../../src/instructor/table';
import { sorted } from '../../src/instructor/table';
import { away } from '../fakes';
import { trans } from '../render';
import { course } from '../samples';
import { said } from './samples';

describe('what is read', () => {
  it('stays until the next answer is there, and the last question wins', async () => {
    const answers: ((value: string) => void)[] = [];
    const loaded = new Loaded<string, number>(() => new Promise(answer => answers.push(answer)), 1);
    loaded.begin();
    loaded.begin();
    expect(answers).toHaveLength(1);
    const second = loaded.ask(2);
    answers[1]?.('second');
    await second;
    answers[0]?.('first');
    await Promise.resolve();
    expect([loaded.value, loaded.query, loaded.loading]).toEqual(['second', 2, false]);
  });

  it('says why there is nothing new, and what was there stays', async () => {
    const read = vi.fn().mockResolvedValueOnce('there').mockRejectedValueOnce(away());
    const loaded = new Loaded<string>(read, null);
    await loaded.refresh();
    await loaded.refresh();
    expect([loaded.value, loaded.problem]).toEqual(['there', 'The tutor cannot be reached.']);
    loaded.take('taken');
    expect([loaded.value, loaded.problem]).toEqual(['taken', '']);
  });
});

describe('figures', () => {
  it('are never said to be nothing when they are something', () => {
    expect(dollars('0.00002')).toBe('< $0.0001');
    expect(dollars('0')).toBe('$0.0000');
    expect(dollars('1234.5')).toBe('$1,234.5000');
    expect(budget('0.1')).toBe('$0.10');
    expect(budget('0.0005')).toBe('$0.0005');
    expect(share(0.286)).toBe('29%');
  });

  it('become lines that a spreadsheet reads as they are', () => {
    expect(
      csv([
        ['a,"b"', 1.5],
        ['=HYPERLINK(1)', 'plain\nline']
      ])
    ).toBe('"a,""b""",1.5\r\n\'=HYPERLINK(1),"plain\nline"\r\n');
  });

  it('are of days in UTC', () => {
    const now = new Date('2026-03-01T00:30:00Z');
    expect(begins('today', now)).toBe('2026-03-01T00:00:00.000Z');
    expect(begins('week', now)).toBe('2026-02-23T00:00:00.000Z');
    expect(begins('all', now)).toBeNull();
  });

  it('sort by what they are, and keep the order of what is equal', () => {
    const columns: IColumn<[string, number]>[] = [
      { name: 'name', label: '', text: ([name]) => name },
      { name: 'sum', label: '', text: row => `$${row[1]}`, figure: row => row[1] }
    ];
    const rows: [string, number][] = [
      ['b', 2],
      ['a', 10],
      ['c', 2]
    ];
    const names = (column: string, falling: boolean): string =>
      sorted(rows, columns, { column, falling })
        .map(([name]) => name)
        .join('');
    expect(names('sum', true)).toBe('abc');
    expect(names('sum', false)).toBe('bca');
    expect(names('name', false)).toBe('abc');
    expect(sorted(rows, columns, null)).toEqual(rows);
  });

  it('of opinions add up', () => {
    const one = { exercise: 'a', hints: 4, helpful: 1, not_helpful: 1, wrong: 1 };
    expect(total([one, one])).toEqual({
      exercise: '',
      hints: 8,
      helpful: 2,
      not_helpful: 2,
      wrong: 2
    });
    expect(marked(one)).toBe(3);
  });
});

describe('names', () => {
  it('tell those apart who bear the same', () => {
    const person = (id: string, name: string, account: string) => ({
      id,
      name,
      accounts: [account],
      role: 'learner' as const
    });
    const names = new Names(course(), [
      person('1', 'Ada', 'ada'),
      person('2', 'Ada', 'lovelace'),
      person('3', 'Bob', 'bob')
    ]);
    expect(names.people.map(({ name }) => name)).toEqual(['Ada (ada)', 'Ada (lovelace)', 'Bob']);
    expect(names.person('3')).toBe('Bob');
    expect(names.person('gone')).toBe('gone');
    expect(names.exercise('unknown')).toBe('unknown');
  });
});

describe('settings', () => {
  it('come back from a form as they went into it', () => {
    const settings = {
      ...NOTHING,
      deepest: 0,
      exam: false,
      costs: { nudge: 0.5, concept: null, pointer: null, steps: 0, bottom_out: null },
      cloud: true
    };
    expect(toSettings(toDraft(settings))).toEqual(settings);
    expect(toSettings(toDraft(NOTHING))).toEqual(NOTHING);
    expect(same(toDraft(NOTHING), toDraft({ ...NOTHING, chat: false }))).toBe(false);
  });

  it('say what holds where nothing is said', () => {
    const all = [
      said({ most_hints: 3, model: false }),
      said({ most_hints: 1 }, { exercise: 'sum-up' })
    ];
    expect(inherited('model', {}, all, trans)).toBe('yes');
    expect(inherited('model', { exercise: 'x' }, all, trans)).toBe('as the course says: no');
    expect(inherited('most_hints', { exercise: 'sum-up' }, all, trans)).toBe(
      'as the course says: 3'
    );
    expect(inherited('most_hints', { learner: 'p' }, all, trans)).toBe(
      'as the course says: 3; 1 exercise says otherwise'
    );
    expect(inherited('deepest', { learner: 'p' }, all, trans)).toBe(
      'as the author of each exercise says'
    );
    expect(summary(all[0]?.settings ?? NOTHING, trans)).toBe(
      'Most hints for an exercise: 3; Hints by a language model: no'
    );
  });
});

describe('the desk of settings', () => {
  function desk() {
    const stored = { settings: [said({ most_hints: 3 })] };
    const client = {
      settings: vi.fn().mockResolvedValue(stored),
      saveSettings: vi.fn().mockResolvedValue(stored)
    };
    return { client, desk: new SettingsDesk(client as unknown as TeachingClient) };
  }

  it('keeps what is typed for each whom it is for, until it is saved', async () => {
    const { client, desk: settings } = desk();
    await settings.stored.refresh();
    expect(settings.draft.most_hints).toBe('3');
    settings.change({ most_hints: '4' });
    settings.choose({ exercise: 'sum-up' });
    expect([settings.draft.most_hints, settings.dirty]).toEqual(['', false]);
    settings.choose({});
    expect([settings.draft.most_hints, settings.dirty]).toEqual(['4', true]);
    client.saveSettings.mockResolvedValueOnce({ settings: [said({ most_hints: 4 })] });
    await settings.save();
    expect(client.saveSettings).toHaveBeenCalledWith({}, { ...NOTHING, most_hints: 4 });
    expect([settings.outcome.state, settings.dirty]).toEqual(['saved', false]);
  });

  it('loses nothing when saving fails, and names the field', async () => {
    const { client, desk: settings } = desk();
    await settings.stored.refresh();
    settings.change({ most_hints: '99' });
    const refusal = new TutorError('invalid_input', 'most_hints: at most 20.', 422, {
      field: 'most_hints'
    });
    client.saveSettings.mockRejectedValueOnce(refusal);
    await settings.save();
    expect(settings.outcome).toEqual({
      state: 'failed',
      problem: 'at most 20.',
      field: 'most_hints'
    });
    expect(settings.draft.most_hints).toBe('99');
    settings.change({ most_hints: '9' });
    expect(settings.outcome.state).toBe('');
    settings.revert();
    expect([settings.draft.most_hints, settings.dirty]).toEqual(['3', false]);
    settings.clear();
    expect(toSettings(settings.draft)).toEqual(NOTHING);
  });

  it('does not take for saved what was typed while it was being saved', async () => {
    const { client, desk: settings } = desk();
    await settings.stored.refresh();
    settings.change({ most_hints: '4' });
    let answer: (value: object) => void = () => undefined;
    client.saveSettings.mockReturnValueOnce(new Promise(done => (answer = done)));
    const saving = settings.save();
    settings.change({ most_hints: '5' });
    answer({ settings: [said({ most_hints: 4 })] });
    await saving;
    expect([settings.draft.most_hints, settings.dirty]).toEqual(['5', true]);
  });

  it('finds the field in the words of the domain, too', () => {
    expect(fieldOf(new TutorError('invalid_input', 'costs: give points.', 422))).toBe('costs');
    expect(fieldOf(away())).toBe('');
  });
});

describe('evidence', () => {
  const source = 'def total(prices):\n    x = sum(prices)\n    return x';
  const draft = (slug: string, line: number, text: string) => ({
    slug,
    level: 1,
    doubts: [],
    evidence: [{ line, text }]
  });

  it('is marked where it stands, over several lines and for several criteria', () => {
    const lines = markedLines(source, [
      draft('names', 2, 'x = sum(prices)\n    return'),
      draft('shape', 2, 'sum(prices)')
    ]);
    expect(lines.map(line => line.map(({ text }) => text).join(''))).toEqual(source.split('\n'));
    expect(lines[0]).toEqual([{ text: 'def total(prices):', criteria: [] }]);
    expect(lines[1]).toEqual([
      { text: '    ', criteria: [] },
      { text: 'x = ', criteria: ['names'] },
      { text: 'sum(prices)', criteria: ['names', 'shape'] }
    ]);
    expect(lines[2]).toEqual([
      { text: '    return', criteria: ['names'] },
      { text: ' x', criteria: [] }
    ]);
  });

  it('that is not there marks nothing', () => {
    for (const each of [draft('names', 9, 'x'), draft('names', 1, 'gone'), draft('names', 1, '')]) {
      expect(
        markedLines(source, [each])
          .flat()
          .every(({ criteria }) => criteria.length === 0)
      ).toBe(true);
    }
  });
});
