import { describe, expect, it, vi } from 'vitest';

import { Chats } from '../../src/model/chats';
import { Consents } from '../../src/model/consents';
import { TutorSessions } from '../../src/model/sessions';
import { fakeClient, fakeKeep } from '../fakes';
import { consent, conversations, message } from '../samples';

function begin({ keep } = fakeKeep()) {
  const { fake, client } = fakeClient();
  const sessions = new TutorSessions(client);
  const consents = new Consents(client);
  const chats = new Chats(client, sessions, consents, keep);
  const [first, second] = [sessions.get('python', 'sum-up'), sessions.get('python', 'slices')];
  const asked = () => fake.conversation.mock.calls.map(([, exercise]) => exercise);
  return { fake, chats, sessions, consents, first, second, asked };
}

/** Lets what was begun come to its end. */
const settle = (): Promise<void> => new Promise(done => setTimeout(done, 0));

describe('the chats of a page', () => {
  it('ask the server for nothing before they are opened', async () => {
    const { chats, first, second, asked } = begin();
    chats.follow(first);
    chats.follow(second);
    chats.hurry();
    expect(asked()).toEqual([]);
    chats.show(true);
    expect(asked()).toEqual(['slices']);
    chats.show(true);
    await settle();
    expect(asked()).toEqual(['slices']);
  });

  it('follow the exercise at hand, and keep what is typed at each', async () => {
    const { chats, first, second, asked } = begin();
    chats.show(true);
    expect(chats.conversation).toBeNull();
    chats.follow(first);
    chats.conversation?.write('Why?');
    await settle();
    chats.follow(second);
    expect(chats.conversation?.state.draft).toBe('');
    await settle();
    chats.follow(first);
    expect(chats.conversation?.state.draft).toBe('Why?');
    expect(asked()).toEqual(['sum-up', 'slices', 'sum-up']);
    chats.follow(null);
    expect([chats.conversation, chats.consent]).toEqual([null, null]);
  });

  it('are open in the next page if they were, and have what was typed at each', async () => {
    const kept = fakeKeep();
    const before = begin(kept);
    before.chats.show(true);
    before.chats.follow(before.first);
    before.chats.conversation?.write('Why?');
    await settle();

    const { chats, first, second, asked } = begin(kept);
    expect(chats.isOpen).toBe(true);
    chats.follow(second);
    expect(chats.conversation?.state.draft).toBe('');
    chats.follow(first);
    expect(chats.conversation?.state.draft).toBe('Why?');
    expect(asked()).toEqual(['slices', 'sum-up']);
    chats.show(false);
    expect(begin(kept).chats.isOpen).toBe(false);
  });

  it('read anew what a hint, a consent or another language may have changed', async () => {
    const { chats, fake, first, second, consents, asked } = begin();
    chats.follow(first);
    chats.show(true);
    await settle();
    await second.hint();
    expect(asked()).toHaveLength(1);
    await first.hint();
    expect(asked()).toHaveLength(2);
    await settle();
    fake.saveConsent.mockResolvedValue(consent({ given: true }));
    await consents.get('python').load();
    await settle();
    await consents.get('python').answer(true);
    await settle();
    expect(asked()).toHaveLength(4);
    fake.languageChanged.emit();
    await settle();
    // The consent is read in that language too.
    expect(asked().length).toBeGreaterThan(4);
    const count = asked().length;
    chats.follow(null);
    await consents.get('python').read();
    chats.dispose();
    fake.languageChanged.emit();
    await settle();
    expect(asked()).toHaveLength(count);
  });

  it('delete all of a course, and show the others without what is gone', async () => {
    const { chats, fake, first, second } = begin();
    fake.conversation.mockResolvedValue(conversations([message()]));
    chats.show(true);
    chats.follow(first);
    await settle();
    const other = chats.conversation;
    chats.follow(second);
    await settle();
    fake.conversation.mockResolvedValue(conversations());
    await chats.deleteAll();
    expect(fake.deleteConversations.mock.calls).toEqual([['python']]);
    expect(chats.conversation?.state.messages).toEqual([]);
    expect(other?.state.messages).toEqual([]);
  });

  it('say once that somebody wants to type, and not at another exercise', () => {
    const { chats, first, second } = begin();
    const changed = vi.fn();
    chats.changed.connect(changed);
    chats.follow(first);
    chats.begin();
    expect(chats.isOpen).toBe(true);
    expect([chats.takeBeginning(), chats.takeBeginning()]).toEqual([true, false]);
    chats.begin();
    chats.follow(second);
    expect(chats.takeBeginning()).toBe(false);
    expect(changed).toHaveBeenCalled();
  });
});
