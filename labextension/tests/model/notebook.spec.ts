import { NotebookModel } from '@jupyterlab/notebook';
import { describe, expect, it } from 'vitest';

import { cellsOf, keepResponses, RESPONSES_KEY, responsesOf } from '../../src/model/notebook';
import { readNumber, sendable } from '../../src/model/responses';
import { question } from '../samples';

describe('the cells of a notebook', () => {
  it('are read as they stand, unsaved edits included', () => {
    const model = new NotebookModel();
    model.sharedModel.deleteCellRange(0, model.sharedModel.cells.length);
    model.sharedModel.addCell({ cell_type: 'code', source: 'x = 1', id: 'a1' });
    model.sharedModel.addCell({ cell_type: 'markdown', source: 'text', id: 'a2' });
    model.sharedModel.getCell(0).setSource('x = 2');
    expect(cellsOf(model).map(({ cell, type, source }) => [cell, type, source])).toEqual([
      ['a1', 'code', 'x = 2'],
      ['a2', 'markdown', 'text']
    ]);
  });
});

describe('the responses of a notebook', () => {
  it('are kept by exercise, apart from what the release says', () => {
    const model = new NotebookModel();
    model.setMetadata('jupyter_tutor', { version: 1, course: 'python' });
    keepResponses(model, 'one', { q1: 'a' });
    keepResponses(model, 'two', { q1: ['a', 'b'] });
    keepResponses(model, 'one', { q1: 'b', q2: '3' });
    expect(responsesOf(model, 'one')).toEqual({ q1: 'b', q2: '3' });
    expect(responsesOf(model, 'two')).toEqual({ q1: ['a', 'b'] });
    expect(model.getMetadata('jupyter_tutor')).toEqual({ version: 1, course: 'python' });
    expect(model.dirty).toBe(true);
  });

  it.each([null, 'text', [], { one: null }, { one: [1] }, { one: { q1: null, q2: { a: 1 } } }])(
    'are none when someone broke them: %j',
    value => {
      const model = new NotebookModel();
      model.setMetadata(RESPONSES_KEY, value);
      expect(responsesOf(model, 'one')).toEqual({});
    }
  );
});

describe('a typed number', () => {
  it.each([
    ['3', 3],
    [' -3.5 ', -3.5],
    ['2,5', 2.5],
    ['.5', 0.5],
    ['1e3', 1000],
    ['−4', -4],
    ['৩.১৪', 3.14],
    ['0', 0]
  ])('%j is %d', (typed, number) => {
    expect(readNumber(typed)).toBe(number);
  });

  it.each(['', ' ', 'three', '1 000', '1.000,5', '0x10', 'Infinity', 'NaN', '1e999', '--1'])(
    '%j is none',
    typed => {
      expect(readNumber(typed)).toBeNull();
    }
  );
});

describe('what is sent', () => {
  const number = question({ id: 'n', type: 'number', choices: [] });
  const multiple = question({ id: 'm', type: 'multiple' });
  const text = question({ id: 't', type: 'text', choices: [] });

  it('has the form that each question asks for', () => {
    expect(
      sendable([question(), number, multiple, text], { q1: 'a', n: '2.5', m: ['b'], t: '7' })
    ).toEqual({ q1: 'a', n: 2.5, m: ['b'], t: '7' });
  });

  it('is no number where none was typed: the server says so', () => {
    expect(sendable([number], { n: 'three' })).toEqual({ n: 'three' });
  });

  it('leaves out questions and choices that are no longer there, and what was not answered', () => {
    expect(sendable([question(), multiple], { q1: 'gone', m: ['a', 'gone'], old: 'x' })).toEqual({
      m: ['a']
    });
    expect(sendable([question(), number, multiple, text], {})).toEqual({});
    expect(sendable([multiple], { m: ['gone'] })).toEqual({});
  });
});
