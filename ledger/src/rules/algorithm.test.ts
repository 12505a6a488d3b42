import { accepts, refuses } from '../testing/cases.js';
import { NOW, World } from '../testing/world.js';

const digest = 'ab'.repeat(32);
const approve = { type: 'algorithm.approve', algorithm: digest } as const;
const withdraw = { type: 'algorithm.withdraw', algorithm: digest } as const;
const approved = (): World => new World().must('ola@uis', { ...approve, reason: 'read it' });

accepts([
  {
    what: 'an organization approves an algorithm',
    world: () => new World(),
    who: 'ola@uis',
    command: { ...approve, reason: 'read it' },
    events: [
      {
        type: 'algorithm.approved',
        algorithm: { digest, approvals: [{ organization: 'uis', user: 'ola', at: NOW, reason: 'read it' }] }
      }
    ]
  },
  {
    what: 'a second one approves it as well',
    world: () => approved().later(5),
    who: 'eva@ntnu',
    command: approve,
    events: [
      {
        type: 'algorithm.approved',
        algorithm: { approvals: [{ organization: 'uis' }, { organization: 'ntnu', user: 'eva', at: NOW + 5 }] }
      }
    ]
  },
  {
    what: 'whoever of it withdraws its approval; that of others stays',
    world: () => approved().must('eva@ntnu', approve),
    who: 'per@uis',
    command: withdraw,
    events: [{ type: 'algorithm.withdrawn', algorithm: { digest, approvals: [{ organization: 'ntnu' }] } }]
  }
]);

refuses([
  {
    what: 'a second approval by one organization',
    world: approved,
    who: 'per@uis',
    command: approve,
    code: 'EXISTS',
    message: `uis approves algorithm ${digest} already. Nothing is left to do.`
  },
  {
    what: 'the withdrawal of what another approved',
    world: approved,
    who: 'eva@ntnu',
    command: withdraw,
    code: 'UNKNOWN_ALGORITHM',
    message: `ntnu does not approve algorithm ${digest}. Nothing is left to do.`
  },
  {
    what: 'the withdrawal of what nobody knows',
    world: () => new World(),
    who: 'ola@uis',
    command: withdraw,
    code: 'UNKNOWN_ALGORITHM',
    message: `uis does not approve algorithm ${digest}. Nothing is left to do.`
  }
]);
