import { accepts, refuses } from '../testing/cases.js';
import { NOW, publish, start, World } from '../testing/world.js';

const ended = (): World => {
  const world = new World()
    .dataset('d', { resultRelease: 'owner' })
    .must('eva@ntnu', publish('e', { resultRelease: 'owner' }))
    .lease('l', 'd')
    .lease('m', 'e');
  return world
    .must('kari@uio', start('r', ['l', 'm']))
    .must('kari@uio', { type: 'run.end', run: 'r', state: 'Succeeded' })
    .later(9);
};
const release = { type: 'result.release', run: 'r' } as const;
const refusal = { type: 'result.refuse', run: 'r', reason: 'names people' } as const;
const held = { owner: 'ntnu', datasets: ['e'], state: 'held' };

describe('results', () => {
  accepts([
    {
      what: 'are released by an owner for its own datasets alone',
      world: ended,
      who: 'ola@uis',
      command: { ...release, reason: 'checked' },
      events: [
        {
          type: 'result.released',
          run: {
            state: 'Succeeded',
            results: [
              { owner: 'uis', datasets: ['d'], state: 'released', decidedAt: NOW + 9, user: 'ola', reason: 'checked' },
              held
            ]
          }
        }
      ]
    },
    {
      what: 'are refused by an owner',
      world: ended,
      who: 'ola@uis',
      command: refusal,
      events: [
        { type: 'result.refused', run: { results: [{ state: 'refused', user: 'ola', reason: 'names people' }, held] } }
      ]
    },
    {
      what: 'may be released after they were refused',
      world: () => ended().must('ola@uis', refusal),
      who: 'ola@uis',
      command: release,
      events: [{ type: 'result.released', run: { results: [{ state: 'released' }, held] } }]
    }
  ]);

  const mine = (who: 'kari@uio' | 'ola@uis') => ({
    who,
    code: 'NOT_OWNER',
    message:
      'No results of run r wait for uio: it used none of its datasets that ask for that. Leave it to their owners.'
  });
  refuses([
    ...[release, refusal].flatMap(command => [
      { what: `a ${command.type} by the holder`, world: ended, command, ...mine('kari@uio') },
      {
        what: `a ${command.type} of what does not wait`,
        world: () =>
          new World()
            .dataset('d')
            .lease('l', 'd')
            .must('kari@uio', start('r', ['l'])),
        command,
        ...mine('kari@uio'),
        who: 'ola@uis' as const,
        message: mine('kari@uio').message.replace('uio', 'uis')
      },
      {
        what: `a ${command.type} while the run goes`,
        world: () =>
          new World()
            .dataset('d', { resultRelease: 'owner' })
            .lease('l', 'd')
            .must('kari@uio', start('r', ['l'])),
        who: 'ola@uis' as const,
        command,
        code: 'WRONG_STATE',
        message: 'Run r has not ended, so its results are not whole. Decide when it has.'
      },
      {
        what: `a ${command.type} of what was released`,
        world: () => ended().must('ola@uis', release),
        who: 'ola@uis' as const,
        command,
        code: 'WRONG_STATE',
        message: 'The results of run r are released by uis already. Nothing is left to do.'
      },
      {
        what: `a ${command.type} of a run that is not there`,
        world: () => new World(),
        who: 'ola@uis' as const,
        command,
        code: 'UNKNOWN_RUN',
        message: 'There is no run r. Look its id up in the list of runs.'
      }
    ]),
    {
      what: 'a second result.refuse',
      world: () => ended().must('ola@uis', refusal),
      who: 'ola@uis',
      command: refusal,
      code: 'WRONG_STATE',
      message: 'The results of run r are refused by uis already. Nothing is left to do.'
    }
  ]);
});
