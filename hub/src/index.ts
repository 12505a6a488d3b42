/** A JupyterHub on one machine, for those who drive it: the tour and the browser tests. */
export { Session, RequestFailed } from './session.js';
export { inTerminal, type CommandResult } from './terminal.js';
export { people, organizations, type Person, type Organization } from './people.js';
export { readPenguins, type Penguin } from './datasets.js';
