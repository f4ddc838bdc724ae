import type { JupyterFrontEnd } from '@jupyterlab/application';
import { beforeEach, expect, it } from 'vitest';

import { forgetKept, keeping } from '../../src/plugins/keeping';

const of = (name: string): JupyterFrontEnd => {
  const baseUrl = `http://hub.example/user/${name}/`;
  return { serviceManager: { serverSettings: { baseUrl } } } as unknown as JupyterFrontEnd;
};

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});

it('keeps apart what belongs to several servers, and forgets that of one', () => {
  const [ann, bob] = [of('ann'), of('bob')];
  keeping(ann, () => localStorage)('course').set('python');
  keeping(ann, () => sessionStorage)('chat:python/sum-up').set('Why?');
  keeping(bob, () => sessionStorage)('chat:python/sum-up').set('And why?');
  sessionStorage.setItem('something else', 'stays');
  forgetKept(ann);
  expect(keeping(ann, () => localStorage)('course').get()).toBe('');
  expect(keeping(ann, () => sessionStorage)('chat:python/sum-up').get()).toBe('');
  expect(keeping(bob, () => sessionStorage)('chat:python/sum-up').get()).toBe('And why?');
  expect(sessionStorage.getItem('something else')).toBe('stays');
});
