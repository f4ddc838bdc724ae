import { cards } from './plugins/cards';
import { client } from './plugins/client';
import { panel } from './plugins/panel';
import { sessions } from './plugins/sessions';
import { widgets } from './plugins/widgets';

export default [client, sessions, cards, panel, widgets];
