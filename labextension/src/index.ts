import { cards } from './plugins/cards';
import { client } from './plugins/client';
import { panel } from './plugins/panel';
import { sessions } from './plugins/sessions';
import { teaching } from './plugins/teaching';
import { widgets } from './plugins/widgets';

export default [client, sessions, cards, panel, teaching, widgets];
