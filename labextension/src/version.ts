import about from '../package.json';

/** The name under which the widgets are registered. */
export const MODULE = about.name;

/** The version of the front end; the kernel's side asks for one that is compatible. */
export const VERSION = about.version;
