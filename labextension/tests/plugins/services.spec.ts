import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { Dialog } from '@jupyterlab/apputils';
import { showDialog, showErrorMessage } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { ITranslator } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';

import type { TutorClient } from '../../src/api/client';
import type { NotebookFile } from '../../src/model/notebookfile';
import { cards } from '../../src/plugins/cards';
import { client } from '../../src/plugins/client';
import { sessions } from '../../src/plugins/sessions';
import { widgets } from '../../src/plugins/widgets';
import type { ITutorCards } from '../../src/tokens';
import { MODULE, VERSION } from '../../src/version';
import type { ICardServices } from '../../src/widgets/cardwidget';
import { TrackedCards } from '../../src/widgets/tracked';
import { away, fakeClient } from '../fakes';
import { exercise } from '../samples';

vi.mock('@jupyterlab/apputils', async original => ({
  ...(await original<object>()),
  showDialog: vi.fn(),
  showErrorMessage: vi.fn().mockResolvedValue(undefined)
}));

vi.mock('../../src/widgets/tracked', () => ({
  TrackedCards: vi.fn(function (this: { look: () => void }) {
    this.look = vi.fn();
  })
}));
vi.mock('../../src/widgets/place', () => ({ Place: vi.fn(), isReloaded: () => false }));

const fetched: Request[] = [];

const runningChanged = new Signal<object, void>({});

const app = {
  serviceManager: {
    sessions: { runningChanged },
    serverSettings: {
      baseUrl: 'http://localhost/user/ada/',
      init: {},
      token: '',
      appendToken: false,
      Request,
      Headers,
      fetch: (request: Request) => {
        fetched.push(request);
        return Promise.resolve(new Response('{"courses": []}'));
      }
    }
  }
} as unknown as JupyterFrontEnd;

beforeEach(() => {
  fetched.length = 0;
  vi.mocked(showErrorMessage).mockClear();
  vi.mocked(TrackedCards).mockClear();
});

describe('the plugin of the client', () => {
  function settings(language: string) {
    const loaded = {
      composite: language,
      changed: new Signal<object, void>({}),
      get: () => ({ composite: loaded.composite })
    };
    const registry = { load: () => Promise.resolve(loaded) };
    return { loaded, registry: registry as unknown as ISettingRegistry };
  }

  const speaking = (languageCode: string): ITranslator =>
    ({ languageCode }) as unknown as ITranslator;

  const language = async (tutor: TutorClient): Promise<string | null> => {
    await tutor.courses();
    return new URL(fetched.at(-1)?.url ?? '').searchParams.get('language');
  };

  it.each([
    ['bn_BD', 'bn'],
    ['fr-FR', 'fr'],
    // English is what an interface is in that nobody has chosen a language for.
    ['en', null]
  ])('follows the interface where nothing is set: %s', async (code, expected) => {
    const tutor = await client.activate(app, null, speaking(code));
    expect(await language(tutor)).toBe(expected);
  });

  it('asks the server of this page', async () => {
    const tutor = await client.activate(app, null, null);
    await tutor.courses();
    expect(fetched[0]?.url).toBe('http://localhost/user/ada/jupyter-tutor/api/courses');
  });

  it('follows the setting, and tells when it changes to another one', async () => {
    const { loaded, registry } = settings('bn');
    const tutor = client.activate(app, registry, speaking('fr')) as TutorClient;
    const told = vi.fn();
    tutor.languageChanged.connect(told);
    await vi.waitFor(() => {
      expect(told).toHaveBeenCalledTimes(1);
    });
    expect(await language(tutor)).toBe('bn');
    loaded.changed.emit();
    expect(told).toHaveBeenCalledTimes(1);
    loaded.composite = 'auto';
    loaded.changed.emit();
    expect(told).toHaveBeenCalledTimes(2);
    expect(await language(tutor)).toBe('fr');
  });
});

describe('the plugin of the sessions', () => {
  it('shares what is done among the tabs of one server, and of no other', async () => {
    const { fake, client: tutor } = fakeClient();
    const all = await sessions.activate(app, tutor);
    const heard = vi.fn();
    all.elsewhere.connect(heard);
    const [same, other] = ['ada', 'bob'].map(
      name => new BroadcastChannel(`jupyter-tutor:http://localhost/user/${name}/`)
    ) as [BroadcastChannel, BroadcastChannel];
    onTestFinished(() => {
      same.close();
      other.close();
    });
    const posted: unknown[] = [];
    same.addEventListener('message', event => posted.push(event.data));
    const news = { course: 'python', exercise: 'sum-up' };
    other.postMessage(news);
    same.postMessage(news);
    await vi.waitFor(() => {
      expect(heard).toHaveBeenCalledTimes(1);
    });
    await all.get('python', 'sum-up').load();
    await all.get('python', 'sum-up').check({ revision: null, cells: [], responses: {} });
    expect(fake.check).toHaveBeenCalledTimes(1);
    await vi.waitFor(() => {
      expect(posted).toEqual([news]);
    });
  });

  it('looks for what was done elsewhere when the page comes back into sight', async () => {
    const { fake, client: tutor } = fakeClient();
    const all = await sessions.activate(app, tutor);
    const session = all.get('python', 'sum-up');
    await vi.waitFor(() => {
      expect(session.state).toMatchObject({ facts: { submissions: 0 }, activity: null });
    });
    fake.exercise.mockResolvedValue(exercise({ submissions: 1 }));
    document.dispatchEvent(new Event('visibilitychange'));
    await vi.waitFor(() => {
      expect(session.state.facts?.submissions).toBe(1);
    });
  });
});

describe('the plugin of the sessions, while the tutor is away', () => {
  it.each([
    ['the page gets the focus', () => window.dispatchEvent(new Event('focus'))],
    ['the network is back', () => window.dispatchEvent(new Event('online'))],
    [
      'JupyterLab hears of its server again',
      () => {
        runningChanged.emit();
      }
    ]
  ])('asks again at once when %s', async (_what, happens) => {
    const { fake, client: tutor } = fakeClient();
    fake.exercise.mockRejectedValueOnce(away());
    const all = await sessions.activate(app, tutor);
    const session = all.get('python', 'sum-up');
    await vi.waitFor(() => {
      expect(session.state.problem?.waiting).toBe(true);
    });
    happens();
    await vi.waitFor(
      () => {
        expect(session.state).toMatchObject({ problem: null, activity: null });
      },
      { timeout: 500 }
    );
  });
});

describe('the plugin of the cards', () => {
  async function services(): Promise<ICardServices & { opener: ITutorCards['opener'] }> {
    const { client: tutor } = fakeClient();
    await cards.activate(app, tutor, {}, {}, { services: { contents: {} } }, null);
    const [[, , opener, given]] = vi.mocked(TrackedCards).mock.calls as [
      [unknown, unknown, ITutorCards['opener'], ICardServices]
    ];
    return { ...given, opener };
  }

  it.each([true, false])('asks about a doubt, and does as it is told: %s', async accept => {
    vi.mocked(showDialog).mockResolvedValue({ button: { accept } } as Dialog.IResult<unknown>);
    const { confirm } = await services();
    expect(await confirm('You have not changed the answer.')).toBe(accept);
    const asked = vi.mocked(showDialog).mock.lastCall?.[0];
    expect(asked?.body).toBe('You have not changed the answer.');
    // Enter, pressed by mistake, hands nothing in.
    expect(asked?.buttons?.[asked.defaultButton ?? -1]?.accept).toBe(false);
  });

  const panel = (metadata: object): NotebookPanel =>
    ({ content: { model: { metadata } } }) as unknown as NotebookPanel;

  it('updates the lesson that a notebook is a copy of, and says why it cannot', async () => {
    const { update, opener } = await services();
    const updated = vi.spyOn(opener, 'update').mockResolvedValue(undefined);
    const lesson = panel({ jupyter_tutor: { course: 'python', lesson: 'loops' } });
    await update(lesson);
    expect(updated.mock.calls).toEqual([[lesson, 'python', 'loops']]);
    const failure = new Error('The notebook could not be saved.');
    updated.mockRejectedValue(failure);
    await update(lesson);
    expect(vi.mocked(showErrorMessage).mock.calls).toEqual([
      ['The lesson could not be updated', failure]
    ]);
  });

  it('says why a notebook could not be reloaded', async () => {
    const { reread } = await services();
    const failure = new Error('There is no network.');
    const reload = vi.fn().mockRejectedValueOnce(failure).mockResolvedValue(undefined);
    const file = { reload } as unknown as NotebookFile;
    await reread(file, 'sum-up');
    await reread(file, 'sum-up');
    expect(reload.mock.calls).toEqual([['sum-up'], ['sum-up']]);
    expect(vi.mocked(showErrorMessage).mock.calls).toEqual([
      ['The notebook could not be reloaded', failure]
    ]);
  });

  it('looks after files while the page is in sight', async () => {
    await services();
    const [tracked] = vi.mocked(TrackedCards).mock.instances;
    window.dispatchEvent(new Event('focus'));
    document.dispatchEvent(new Event('visibilitychange'));
    expect(tracked?.look).toHaveBeenCalledTimes(2);
  });

  it('leaves any other notebook alone', async () => {
    const { update, opener } = await services();
    const updated = vi.spyOn(opener, 'update').mockResolvedValue(undefined);
    await update(panel({}));
    expect(updated).not.toHaveBeenCalled();
  });
});

describe('the plugin of the widgets', () => {
  it('registers what the kernel names, and does without ipywidgets', async () => {
    const registry = { registerWidget: vi.fn() };
    await widgets.activate(app, {}, registry, null);
    expect(registry.registerWidget.mock.calls[0]?.[0]).toMatchObject({
      name: MODULE,
      version: VERSION
    });
    expect(() => void widgets.activate(app, {}, null, null)).not.toThrow();
  });
});
