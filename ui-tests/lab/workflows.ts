/** Five jobs: one before three, one of which goes on until it is stopped, and one after them. */
export const GOES_ON = `name: lorem-count
jobs:
- {name: list, command: 'true'}
- {name: uis, command: 'true'}
- name: uib
  cmd_mode: shell
  command: printf 'counting\\n\\033[32mlorem\\033[0m 42\\n' && exec sleep 600
- {name: uio, command: 'true'}
- {name: total, command: 'true'}
dags: ['1 >> [2, 3, 4] >> 5']
`;

/** A job that is done, and one that fails. */
export const FAILS = `name: linear
jobs: ['true', 'false']
dags: ['1 >> 2']
`;
